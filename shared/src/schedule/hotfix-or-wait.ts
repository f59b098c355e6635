import { showMoment } from './moment.ts'
import type { Severity } from './severity.ts'

export type Fault = {
  severity: Severity
  /** Percent of users affected, 0…100; null: not known. */
  affected: number | null
  workaround: boolean
  /** It can be exploited. */
  security?: boolean
}

export type FixDecision = {
  decision: 'hotfix' | 'wait'
  type: 'hotfix' | 'security' | 'patch'
  why: string
  /** What a hotfix keeps of the path: never none of it. */
  path: string[]
  /** When the fix reaches users otherwise; null: nothing is scheduled. */
  next: { name: string; at: string } | null
}

/** From this share of users on, they are many. */
export const manyPercent = 5

const kept = [
  'staging smoke test',
  'the sign-offs of its risk',
  'canary with its verdict at each step',
  'rollback plan',
  'fix on the main line, reported until it is there',
]

/**
 * Hotfix or wait (P12): critical goes at once unless few are affected and a workaround exists; high goes when many are
 * affected and no workaround exists; all else waits. A share that is not known counts as many; a fault that can be
 * exploited counts no workaround.
 */
export const hotfixOrWait = (
  { severity, affected, workaround, security = false }: Fault,
  next: FixDecision['next'],
  zone: string,
): FixDecision => {
  const many = affected === null || !Number.isFinite(affected) || affected >= manyPercent
  const helped = workaround && !security
  const now = severity === 'critical' ? many || !helped : severity === 'high' && many && !helped
  const share =
    affected === null || !Number.isFinite(affected)
      ? 'an unknown share of users (counted as many)'
      : `${affected} % of users (${many ? 'many' : 'few'})`
  const words = `${severity}, ${share}, ${workaround ? (helped ? 'a workaround' : 'a workaround that does not count: it can be exploited') : 'no workaround'}`
  if (now) {
    const type = security ? ('security' as const) : ('hotfix' as const)
    return {
      decision: 'hotfix',
      type,
      why: `${words}: waiting does more harm than an abbreviated release`,
      path: kept,
      next,
    }
  }
  const when = next
    ? `it rides ${next.name}, ${showMoment(next.at, zone)}`
    : 'nothing is scheduled: plan a patch release'
  return { decision: 'wait', type: 'patch', why: `${words}: ${when}`, path: [], next }
}

export type HotfixPresence = { version: string; missing: string[]; text: string }

/**
 * Hotfixes whose commits are not on the main line yet. `onMain` says it of one commit; the caller compares by patch, since a
 * cherry-picked commit has another SHA.
 */
export const missingFromMain = (
  hotfixes: ReadonlyArray<{ version: string; commits: readonly string[] }>,
  onMain: (commit: string) => boolean,
): HotfixPresence[] =>
  hotfixes
    .map(({ version, commits }) => ({ version, missing: commits.filter((commit) => !onMain(commit)) }))
    .filter(({ missing }) => missing.length > 0)
    .map(({ version, missing }) => ({
      version,
      missing,
      text: `hotfix ${version}: ${missing.length} ${missing.length === 1 ? 'commit is' : 'commits are'} not on the main line yet (${missing.map((commit) => commit.slice(0, 10)).join(', ')}); the next release would undo the fix`,
    }))
