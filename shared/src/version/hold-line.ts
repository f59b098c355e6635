import semver from 'semver'
import type { Bump } from '../plan/plan.ts'
import type { Decision } from './decide-version.ts'
import type { LastRelease } from './last-release.ts'
import type { ReleaseLine } from './release-line.ts'

/** Why a version cannot be released on a line; one sentence with the ways out. */
export type Beyond = { beyond: string }

/**
 * Keeps a version on the line of its branch: raised to the line's first version where that follows, and never past its
 * end: a change that asks for more than the line may have is refused, not counted as less.
 */
export const holdLine = (decision: Decision, line: ReleaseLine, last: LastRelease): Decision | Beyond => {
  const { version } = decision
  if (version === null) return decision
  const behind = last.final
  if (behind && semver.gte(behind.version, line.end))
    return {
      beyond: `${behind.name} is behind the branch ${line.branch}, which is the line of ${line.words}: a line cannot go on below it; release from another branch, or rename this one`,
    }
  if (semver.gte(version, line.end)) {
    const asks = decision.why.find(({ decides }) => decides)
    const who = asks ? `"${asks.subject}" (${asks.sha.slice(0, 7)}, ${asks.rule})` : 'what was asked for'
    const allowed = line.words.split('.').length === 2 ? 'minor or patch' : 'patch'
    return {
      beyond: `${who} makes this ${version}, and the branch ${line.branch} is the line of ${line.words}: release it from another branch, take it out, or set type to ${allowed} to release it on this line all the same`,
    }
  }
  if (semver.gte(version, line.floor))
    return {
      ...decision,
      notes: [...decision.notes, `the branch ${line.branch} is the line of ${line.words}`],
    }
  return {
    ...decision,
    version: line.floor,
    bump: stepBetween(behind?.version, line.floor) ?? decision.bump,
    notes: [
      ...decision.notes,
      `the branch ${line.branch} is the line of ${line.words}, which begins with ${line.floor}`,
    ],
  }
}

/** The step from one final version to another; null where it is none. */
export const stepBetween = (before: string | undefined, version: string): Bump | null => {
  const step =
    before === undefined ? null : semver.diff(before.replace(/[-+].*$/, ''), version.replace(/[-+].*$/, ''))
  return step === 'major' || step === 'minor' || step === 'patch' ? step : null
}
