import type { Bump, Plan } from '../plan/plan.ts'
import type { Change } from '../scope/change.ts'
import { clarity, stronger, unreadRule } from './bump-of.ts'

/** A change with what it asks for. */
export type Read = {
  change: Change
  level: Bump
  rule: string
  /** What the commits inside a merge ask for. */
  inside?: Plan['why'][number]['inside']
}

/** The strongest level that a change asks for. */
export const strongest = (read: readonly Read[]): Bump =>
  read.reduce<Bump>((level, { level: own }) => stronger(level, own), 'none')

/**
 * Every change with its rule, the one that decides first: of those in `among` that ask for the level, the oldest that
 * asks most plainly.
 */
export const reasons = (
  read: readonly Read[],
  level: Bump | null,
  among: readonly Read[] = read,
): Plan['why'] => {
  const asking = level === null || level === 'none' ? [] : among.filter((row) => row.level === level)
  const plainest = Math.max(...asking.map(({ change }) => clarity(change)))
  const deciding = asking.findLast(({ change }) => clarity(change) === plainest)
  return read
    .map((row) => ({
      sha: row.change.sha,
      subject: row.change.subject,
      rule: row.rule,
      level: row.level,
      decides: row === deciding,
      ...(row.inside && { inside: row.inside }),
    }))
    .sort((a, b) => Number(b.decides) - Number(a.decides))
}

/** Words with which free text takes something away; a hint for people, never a rule. */
const taking = /^(?:remove|drop|require|rename|delete|disallow)s?\b/i
const nobodys = /\b(?:unused|unneeded|unnecessary|dead|redundant|tests?|ci|lint\w*)\b/i
const most = 4

/** What a reader of a patch must know: free text may hide a feature or a break that no rule can see. */
export const unread = (read: readonly Read[], level: Bump): string[] => {
  const found = read.filter(({ change, rule }) => !change.readable && rule.startsWith(unreadRule))
  if (level !== 'patch' || found.length === 0) return []
  const taken = found.filter(({ change: { subject } }) => taking.test(subject) && !nobodys.test(subject))
  const named = taken.slice(0, most).map(({ change }) => `“${change.subject.slice(0, 60)}”`)
  const more = taken.length > most ? ` and ${taken.length - most} more` : ''
  return [
    `${found.length} of ${read.length} changes say in no form that a rule reads what they are; if one of them adds a feature, set type to minor, if one breaks something, to major`,
    ...(taken.length > 0 ? [`these may break something: ${named.join(', ')}${more}`] : []),
  ]
}
