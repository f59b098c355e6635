import type { MetricsPolicy } from '../config/metrics-policy.ts'
import type { RolloutPolicy } from '../config/rollout-policy.ts'
import { pairObservations } from '../history/times.ts'
import { judgeSettings } from '../rollout/criteria.ts'
import { probedChecks } from '../rollout/from-probes.ts'
import { ladder, type Rung } from '../rollout/ladder.ts'
import type { Observation } from '../verdict/observation.ts'
import type { JudgeSettings } from '../verdict/settings.ts'
import { quietTimes, splitInstances } from './between-releases.ts'
import { upperBound } from './binomial-bound.ts'
import { judgeRange, rungOf, type Said } from './judge-range.ts'
import type { PastRelease } from './past-releases.ts'
import { type Comparison, comparisons, type ReplayReport } from './replay-report.ts'

/** The past as it is read; times are Unix seconds. Every question fails with one sentence. */
export type Past = {
  /** The oldest moment with data of the checks; null when there is none. */
  knownFrom(since: number, until: number): Promise<number | null>
  /** The second in which a version was first seen; null when it never was. */
  firstSeen(version: string, from: number, to: number): Promise<number | null>
  /** Looks with the version as canary and everything else as stable. */
  beside(version: string, from: number, to: number, seconds: number): Promise<Observation[]>
  /** Looks with everything as stable, whatever its version. */
  whole(from: number, to: number, seconds: number): Promise<Observation[]>
}

type Policy = { rollout: RolloutPolicy; metrics: MetricsPolicy }
type Span = { since: number; until: number; between: number }
type Told = { comparison: Comparison } & Said
type Plan = { rungs: Rung[]; look: number; history: number; seconds: number; policy: Policy }

const hour = 3600
const day = 24 * hour
/** No rollout is followed for longer; the default ladder has 75 minutes of patience. */
const longest = 2 * hour
/** Noise is learnt from at most so many looks. */
const mostHistory = 240
const partSeconds = 300
/** Fewer looks with both versions are a change of version, not a comparison. */
const fewestCompared = 8

/**
 * What the criteria would have said of each release in a time, and between the releases, where nothing happened that
 * they could have found. `say` is told of the progress.
 *
 * A release whose version the provider tells apart is judged as its rollout would have been, at the shares of traffic that
 * it had. Another is compared with the time before its first sight, or before its tag: the weaker comparison. Between
 * releases, some instances stand for a new version that changes nothing, and one time for a new one after another.
 */
export const replayPast = async (
  policy: Policy,
  releases: readonly PastRelease[],
  past: Past,
  { since, until, between }: Span,
  say: (line: string) => void,
): Promise<ReplayReport> => {
  const plan = planOf(policy)
  const report: ReplayReport = {
    schema: 1,
    since,
    until,
    knownFrom: await past.knownFrom(since, until),
    releases: [],
    between: [],
    wolf: [],
    notes: notesOf(policy),
  }
  if (report.knownFrom === null) return report
  const from = report.knownFrom
  const asked = releases.filter(({ at }) => at >= since && at <= until)
  const known = asked.filter(({ at }) => at >= from)
  if (known.length < asked.length)
    report.notes.push(`${asked.length - known.length} of ${asked.length} releases are older than the data`)
  const moments: number[] = releases.map(({ at }) => at)
  for (const [index, release] of known.entries()) {
    say(`${release.tag} (${index + 1} of ${known.length})`)
    const next = releases.find(({ at }) => at > release.at)?.at ?? until
    const search = {
      from: Math.max(from, release.at - hour),
      to: Math.min(release.at + 3 * day, next, until),
    }
    const seen =
      search.to > search.from ? await past.firstSeen(release.version, search.from, search.to) : null
    if (seen !== null) moments.push(seen)
    const told = await judgeRelease(plan, release.version, seen, seen ?? release.at, past, until)
    report.releases.push({
      tag: release.tag,
      version: release.version,
      at: seen ?? release.at,
      ...shown(told),
    })
  }
  const { seconds, history } = plan
  const before = Math.max(history, seconds)
  const spread = { seconds, before, settled: seconds, most: between }
  const times = quietTimes(moments, { from, to: until }, spread)
  const judged: Told[] = []
  for (const [turn, time] of times.entries()) {
    if (turn % 10 === 0) say(`times without a release: ${turn} of ${times.length}`)
    const told = await judgeQuiet(plan, time.from, turn, past)
    judged.push(...told)
    report.between.push(...told.map((one) => ({ at: time.from, ...shown(one) })))
  }
  report.wolf = comparisons.map((comparison) => {
    const own = judged.filter((one) => one.comparison === comparison && wasCompared(one))
    const cried = own.filter(({ verdict }) => verdict === 'unhealthy').length
    return { comparison, cried, among: own.length, atMost: upperBound(cried, own.length) }
  })
  return report
}

const planOf = (policy: Policy): Plan => {
  const rungs = ladder(policy.rollout)
  const look = Math.max(1, policy.rollout.look)
  const whole = (seconds: number) => Math.max(1, Math.floor(seconds / look)) * look
  const patience = rungs.reduce((sum, { last, max }) => sum + (last ? 0 : max), 0)
  return {
    policy,
    rungs,
    look,
    history: whole(Math.min(policy.rollout.history, mostHistory * look)),
    seconds: whole(Math.min(patience, longest)),
  }
}

const notesOf = ({ metrics }: Policy): string[] => {
  const left = metrics.checks.filter(({ baseline }) => (baseline ?? metrics.baseline) === 'staging')
  const probed = probedChecks(metrics)
  return [
    ...(left.length > 0
      ? [`measured in staging and left out: ${left.map(({ name }) => name).join(', ')}`]
      : []),
    ...(probed.length > 0
      ? [`read from probes, which have no past, and left out: ${probed.join(', ')}`]
      : []),
  ]
}

const settingsOf = (
  { policy, rungs }: Plan,
  history: readonly Observation[],
  comparison: Comparison,
): JudgeSettings => {
  const { metrics, rollout } = policy
  const usual = metrics.baseline
  const probed = probedChecks(metrics)
  const checks = metrics.checks.filter(
    ({ name, baseline }) => (baseline ?? usual) !== 'staging' && !probed.includes(name),
  )
  const settings = judgeSettings({ metrics: { ...metrics, checks, health: [] }, rollout }, rungs, history)
  const criteria = settings.criteria
    .filter(({ baseline }) => comparison === 'before and after' || baseline !== 'previous-release')
    .map((one) =>
      comparison === 'before and after' && one.baseline !== 'objective'
        ? { ...one, baseline: 'previous-release' as const }
        : one,
    )
  return { ...settings, criteria }
}

const judgeRelease = async (
  plan: Plan,
  version: string,
  seen: number | null,
  at: number,
  past: Past,
  until: number,
): Promise<Told> => {
  const { look, history, seconds, rungs } = plan
  if (seen !== null) {
    const looks = await past.beside(version, seen - history, Math.min(until, seen + seconds), look)
    const settings = settingsOf(
      plan,
      looks.filter(({ to }) => to <= seen + 0.001),
      'side by side',
    )
    if (settings.criteria.length > 0) {
      const said = judgeRange(
        looks.filter(({ to }) => to > seen + 0.001),
        settings,
        rungs,
      )
      if (wasCompared(said)) return { comparison: 'side by side', ...said }
    }
  }
  const looks = await past.whole(at - Math.max(seconds, history), Math.min(until, at + seconds), look)
  return beforeAndAfter(plan, looks, at)
}

const judgeQuiet = async (plan: Plan, at: number, turn: number, past: Past): Promise<Told[]> => {
  const { look, history, seconds, rungs } = plan
  const looks = await past.whole(at - Math.max(seconds, history), at + seconds, look)
  const split = splitInstances(
    looks.filter(({ to }) => to > at + 0.001),
    turn,
  )
  const settings = settingsOf(
    plan,
    looks.filter(({ to }) => to <= at + 0.001),
    'side by side',
  )
  const beside: Told[] =
    split && settings.criteria.length > 0
      ? [{ comparison: 'side by side', ...judgeRange(split, settings, rungs, rungOf(rungs, 99)) }]
      : []
  return [...beside, beforeAndAfter(plan, looks, at)]
}

/** The time after a moment as a canary beside the time before it, which also teaches the noise. */
const beforeAndAfter = (plan: Plan, looks: readonly Observation[], at: number): Told => {
  const { seconds, rungs } = plan
  const before = looks.filter(({ to }) => to <= at + 0.001)
  const early = before.filter(({ from }) => from >= at - seconds - 0.001)
  const late = looks.filter(({ to }) => to > at + 0.001)
  const pair = { early: [at - seconds, at] as [number, number], late: [at, at + seconds] as [number, number] }
  const settings = settingsOf(plan, before, 'before and after')
  const looked = pairObservations(pair, nearestFirst(early, { at, seconds, look: plan.look }), late)
  const said = judgeRange(looked, settings, rungs, rungOf(rungs, 99))
  return { comparison: 'before and after', ...said }
}

/**
 * The time before `at`, its nearest part first: a release is compared first with the one before it, which may have lived
 * for minutes only, and what that one left to be counted late is compared with its own. Parts are long enough for the
 * rhythm of scrapes, slower than looks, to be the same in both.
 */
const nearestFirst = (
  early: readonly Observation[],
  { at, seconds, look }: { at: number; seconds: number; look: number },
): Observation[] => {
  const part = Math.min(seconds, Math.max(1, Math.round(partSeconds / look)) * look)
  return early.map((one) => {
    const before = Math.floor((at - one.to + 0.001) / part) * part
    const moved = 2 * before + Math.min(part, seconds - before) - seconds
    return { ...one, from: one.from + moved, to: one.to + moved }
  })
}

/** Harm that shows at once ends the comparison early, though one look may hold both versions by chance. */
const wasCompared = ({ compared, verdict }: Said): boolean =>
  compared >= fewestCompared || (verdict === 'unhealthy' && compared > 1)

const shown = ({ compared: _, ...told }: Told): Omit<Told, 'compared'> => told
