import type { Config } from '../config/config.ts'
import type { Plan } from '../plan/plan.ts'
import type { Change } from '../scope/change.ts'
import { readMessage } from '../scope/read-message.ts'
import { bumpOf } from './bump-of.ts'

/** What each named commit inside a merge would ask for by itself, the strongest first; empty where none is named. */
export const bumpInside = (
  change: Change,
  policy: Config['version'],
  prefixes: readonly string[],
): Pick<Plan['why'][number], 'inside'> => {
  const named = change.inside?.named ?? []
  if (named.length === 0) return {}
  const inside = named.map(({ sha, subject, breaking }) => {
    const { kind, area, title, readable } = readMessage(subject)
    const alone = { ...change, kind, area, title, readable, breaking, labels: [], reverted: false }
    return { sha, subject, ...bumpOf(alone, policy, prefixes) }
  })
  return { inside }
}
