import type { Bump, Plan } from '../plan/plan.ts'
import type { Change } from '../scope/change.ts'
import { clarity, stronger, unreadRule } from './bump-of.ts'

/** A change with what it asks for. */
export type Read = { change: Change; level: Bump; rule: string }

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
    }))
    .sort((a, b) => Number(b.decides) - Number(a.decides))
}

/** What a reader of a patch must know: free text may hide a feature that no rule can see. */
export const unread = (read: readonly Read[], level: Bump): string[] => {
  const count = read.filter(({ change, rule }) => !change.readable && rule.startsWith(unreadRule)).length
  if (level !== 'patch' || count === 0) return []
  return [
    `${count} of ${read.length} changes say in no form that a rule reads what they are; if one of them adds a feature, set type to minor`,
  ]
}
