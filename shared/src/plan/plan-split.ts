import type { Config } from '../config/config.ts'
import type { ScopeItem } from '../risk/split-groups.ts'
import { splitScope } from '../risk/split-scope.ts'
import { exceptionFor } from './exception.ts'
import type { PlannedSplit } from './planned-split.ts'

/** The split to propose; null where the changes belong together, as `risk.tolerance` has it. */
export const planSplit = (
  items: readonly ScopeItem[],
  risk: Config['risk'],
  version: string,
): PlannedSplit | null => {
  const { changes, majors, 'high-groups': highGroups } = risk.tolerance
  const split = splitScope(items, { changes, majors, highGroups })
  return (
    split && {
      reasons: split.reasons,
      releases: split.releases.map((release) => ({
        ...release,
        changes: release.changes.map((sha) => sha.slice(0, 12)),
      })),
      exception: exceptionFor(risk, 'split', version),
    }
  )
}
