import semver from 'semver'
import type { FreezePolicy } from '../config/freeze-policy.ts'
import { fits, readGlob } from '../text/glob.ts'

/** `none`: everything enters; `feature`: only fixes; `code`: only approved exceptions. */
export type Stage = { stage: 'none' | 'feature' | 'code'; version: string | null; why: string }

/** When a release freezes, as ISO instants; null where nobody has said. */
export type FreezeDates = { feature: string | null; code: string | null; source: string }

/** Whether a branch is one that freezes hold. */
export const holds = (policy: FreezePolicy, branch: string): boolean =>
  policy.branches.flatMap(readGlob).some((glob) => fits(glob, branch.split('/')))

/** The version in the last part of a branch's name (`release/1.4.0`, `release/v1.4.0`, `release/1.4`); null without one. */
export const versionOf = (branch: string): string | null => {
  const last = branch.split('/').at(-1) ?? ''
  const whole = semver.valid(last.replace(/^v/, ''))
  if (whole) return whole
  const line = /^v?(\d{1,9})\.(\d{1,9})(?:\.x)?$/.exec(last)
  return line ? `${Number(line[1])}.${Number(line[2])}.0` : null
}

/**
 * Which freeze a branch is under (P4). A branch that is named after a version was cut for it, so that feature freeze holds
 * from its first day (P9: branch and feature freeze are one milestone), unless `dates` set it later. `now` is ISO 8601.
 */
export const freezeStage = (policy: FreezePolicy, branch: string, dates: FreezeDates, now: string): Stage => {
  const version = versionOf(branch)
  if (!holds(policy, branch))
    return { stage: 'none', version, why: `${branch} is no branch that freezes hold` }
  const past = (at: string | null): boolean => at !== null && Date.parse(at) <= Date.parse(now)
  const since = (at: string | null) => `since ${at?.slice(0, 16).replace('T', ' ')} UTC (${dates.source})`
  if (past(dates.code)) return { stage: 'code', version, why: `code freeze ${since(dates.code)}` }
  if (past(dates.feature)) return { stage: 'feature', version, why: `feature freeze ${since(dates.feature)}` }
  if (dates.feature === null && version !== null)
    return { stage: 'feature', version, why: `feature freeze: ${branch} was cut for ${version}` }
  const next = dates.feature ?? dates.code
  return {
    stage: 'none',
    version,
    why: next
      ? `not frozen before ${next.slice(0, 16).replace('T', ' ')} UTC (${dates.source})`
      : `nobody has said when ${branch} freezes`,
  }
}
