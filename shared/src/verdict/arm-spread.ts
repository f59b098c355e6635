import { effectiveInstances } from './instance-counts.ts'
import type { JudgeState } from './judge.ts'

/** How the arms of a release that was fine differed: natural logarithm of the ratio of their rates, and its variance. */
export type ArmRatio = { logRatio: number; variance: number }

/** Fewer releases say nothing about a spread. */
const FEWEST = 5
/** Where in the distribution of the weighted squares the spread is read off: one quarter, so that it is rather too large. */
const CAUTION = -0.6744897501960817

/**
 * Standard deviation of the log rate ratio of whole arms in releases that were fine, beyond what their counts and
 * instances explain: `armSpread` of the judge. Nothing in the stable arm shows it, so only past releases can tell. Give
 * one entry per step of each release: a step is as long as a verdict looks back, a whole rollout averages drift away.
 *
 * Solves sum of logRatio^2 / (variance + spread^2) = the lower quartile of chi-square with as many degrees of freedom as
 * entries (mean known to be 0). Null when fewer than five entries are finite. Releases that were rolled back wrongly are
 * not among those that were fine, so the spread is learnt a little too small; the quartile leans the other way.
 * Source: Paule and Mandel 1982; quantile by Wilson and Hilferty 1931.
 */
export function learnArmSpread(history: readonly ArmRatio[]): number | null {
  const known = history.filter(
    ({ logRatio, variance }) => Number.isFinite(logRatio) && Number.isFinite(variance) && variance >= 0,
  )
  const count = known.length
  if (count < FEWEST) return null
  const part = 2 / (9 * count)
  const wanted = count * (1 - part + CAUTION * Math.sqrt(part)) ** 3
  const squares = (spread: number) =>
    known.reduce((sum, { logRatio, variance }) => {
      const all = variance + spread * spread
      return sum + (logRatio === 0 ? 0 : logRatio ** 2 / all)
    }, 0)
  if (squares(0) <= wanted) return 0
  let low = 0
  let high = 1
  while (squares(high) > wanted) high *= 2
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (squares(middle) > wanted) low = middle
    else high = middle
  }
  return high
}

/** No step counts for more than one that lies two standard deviations off, and what such squares are on average. */
const MOST_SQUARE = 4
const MEAN_SQUARE = 0.9205

/** What the arms of past releases show of each other. */
export type LearntArms = { spread: number; releases: number; steps: number }

/**
 * The same from the record, one list of steps for each release that went to all traffic.
 *
 * Releases that were returned are left out: most of them were bad, and a few of those would blind the judge to the next.
 * A harmless one that was returned is missed with them, which makes the spread too small; but only those that looked worse
 * are ever returned, while those that drifted as far the other way stay. Of those that stay, none counts for more than two
 * standard deviations (a repaired fault makes a canary far better, and is no drift): Huber's Proposal 2, read off at the
 * quartile of chi-square that leans towards too large. What this costs and what it mends is measured in docs/measurements/baselines.md.
 *
 * Null with fewer than five releases: then nothing changes in what the judge assumes. With fewer than twelve the judge goes
 * on to blame no less carefully than without a past. Source: Huber 1981, Robust Statistics, section 5.2; as
 * `learnArmSpread` otherwise.
 */
export function learnFromReleases(releases: readonly (readonly ArmRatio[])[]): LearntArms | null {
  const known = releases
    .map((steps) =>
      steps.filter(
        ({ logRatio, variance }) => Number.isFinite(logRatio) && Number.isFinite(variance) && variance >= 0,
      ),
    )
    .filter((steps) => steps.length > 0)
  const count = known.length
  if (count < FEWEST) return null
  const all = known.flat()
  const part = 2 / (9 * all.length)
  const wanted = MEAN_SQUARE * (1 - part + CAUTION * Math.sqrt(part)) ** 3
  const square = ({ logRatio, variance }: ArmRatio, spread: number) =>
    logRatio === 0 ? 0 : Math.min(MOST_SQUARE, logRatio ** 2 / (variance + spread ** 2))
  const mean = (spread: number) => all.reduce((sum, one) => sum + square(one, spread), 0) / all.length
  const steps = all.length
  if (mean(0) <= wanted) return { spread: 0, releases: count, steps }
  let low = 0
  let high = 1
  while (mean(high) > wanted) high *= 2
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2
    if (mean(middle) > wanted) low = middle
    else high = middle
  }
  return { spread: high, releases: count, steps }
}

/**
 * What a judge has seen of the ratio of the arms, per metric that is counted: an entry of the history that teaches how
 * arms differ. With `since`, only what was seen after that state of the same judge: one step. Of a latency, at the edge
 * that is to be proven. Metrics without events on an arm say nothing. `paired`: both arms are the same instances at two
 * times, so that what lastingly sets instances apart cancels.
 */
export function armRatios(
  { metrics }: JudgeState,
  since?: JudgeState,
  { paired = false } = {},
): (ArmRatio & { metric: string })[] {
  return metrics.flatMap(({ criterion, streams }) => {
    // A limit beside a comparison of the same counts adds nothing to it.
    if (criterion.observes) return []
    const judged = streams.find(({ edge }) => edge?.proves ?? true)
    if (!judged) return []
    const { association, phi, dispersion, canary, stable, bad } = judged.stream
    const before = since?.metrics
      .find((one) => one.criterion.metric === criterion.metric)
      ?.streams.find(({ edge }) => edge?.edge === judged.edge?.edge)?.stream.association
    const one = association.canary - (before?.canary ?? 0)
    const other = association.stable - (before?.stable ?? 0)
    const counts = association.variance - (before?.variance ?? 0)
    if (!(one > 0 && other > 0)) return []
    const instances = effectiveInstances(stable.filter(({ instance }) => instance !== bad))
    const spread = paired ? 0 : dispersion.spread * (1 / effectiveInstances(canary) + 1 / instances)
    const variance = (phi * counts) / (one * other) + spread
    return [{ metric: criterion.metric, logRatio: Math.log(one / other), variance }]
  })
}
