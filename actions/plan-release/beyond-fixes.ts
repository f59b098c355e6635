import type { ReleaseType } from '@relman/core/plan/plan'
import type { Change } from '@relman/core/scope/change'
import { itemName } from '@relman/core/scope/item-name'
import { bumpByKind } from '@relman/core/scope/kinds'

/** The changes that a hotfix may not bring: features, and what breaks something. */
export const beyondFixes = (changes: readonly Change[]): Change[] =>
  changes.filter(
    ({ reverted, breaking, readable, kind }) =>
      !reverted && (breaking || (readable && bumpByKind[kind] === 'minor')),
  )

type Brought = { type: ReleaseType; changes: readonly Change[]; hidden: number }

/**
 * The type whose notice, freezes and milestones hold a release: its own, but for what calls itself a hotfix or a security release and
 * brings more than fixes, or commits that nobody judged. That takes the time of what it brings (rows P12, L4, G6), and `why` says so;
 * its sign-offs and its embargo stay those of its own type.
 */
export const paceOf = ({ type, changes, hidden }: Brought): { pace: ReleaseType; why: string[] } => {
  if (type !== 'hotfix' && type !== 'security') return { pace: type, why: [] }
  const [first, ...others] = beyondFixes(changes)
  if (!first && hidden === 0) return { pace: type, why: [] }
  const pace = changes.some(({ reverted, breaking }) => breaking && !reverted) ? 'major' : 'minor'
  const what = first
    ? `${itemName(first).slice(0, 120)}${others.length > 0 ? ` and ${others.length} more` : ''}`
    : `${hidden} ${hidden === 1 ? 'commit' : 'commits'} that nobody judged`
  const why = `this ${type} release brings more than fixes (${what}): notice, freezes, holidays and feature freeze hold it like a ${pace} one; for the shorter way begin its branch at the tag of what is live, and pick the fix onto it`
  return { pace, why: [why] }
}
