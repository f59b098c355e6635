import type { Config } from '../config/config.ts'
import type { Bump } from '../plan/plan.ts'
import type { Change } from '../scope/change.ts'
import { bumpByKind } from '../scope/kinds.ts'
import { isReleaseCommit } from './release-commit.ts'

const order = ['none', 'patch', 'minor', 'major'] as const

/** The rule of a change whose title says in no known form what it is. */
export const unreadRule = 'no rule reads its title'

export const stronger = (a: Bump, b: Bump): Bump => (order.indexOf(a) >= order.indexOf(b) ? a : b)

/**
 * What one change asks for, and the rule that says so. Labels are asked before the commit. `prefixes`: what release
 * tags of the repository begin with.
 */
export const bumpOf = (
  change: Change,
  policy: Config['version'],
  prefixes: readonly string[] = [],
): { level: Bump; rule: string } => {
  if (change.reverted) return { level: 'none', rule: 'undone within this release' }
  const labels = change.labels.filter((label) => Object.hasOwn(policy.labels, label))
  if (labels.length > 0) {
    const levels = labels.map((label) => policy.labels[label] as Bump)
    // "skip-release" next to "semver:minor" is a contradiction; the one that ships more is the careful reading.
    const level = levels.reduce(stronger)
    return { level, rule: `label ${labels[levels.indexOf(level)]}` }
  }
  if (change.breaking) return { level: 'major', rule: 'breaking change' }
  if (isReleaseCommit(change, prefixes)) return { level: 'none', rule: 'the commit of a release' }
  if (!change.readable) return { level: 'patch', rule: unreadRule }
  const own = Object.hasOwn(policy.kinds, change.kind) ? policy.kinds[change.kind] : undefined
  const level = own ?? bumpByKind[change.kind] ?? 'none'
  return { level, rule: `type ${change.kind}` }
}

/** How plainly a change asks for its level: a stated type above free text, free text above documentation. */
export const clarity = ({ kind, readable }: Pick<Change, 'kind' | 'readable'>): number =>
  kind === 'docs' ? 0 : readable ? 2 : 1
