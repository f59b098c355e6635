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

/**
 * What a judge has seen of the ratio of the arms, per metric that is counted: an entry for `learnArmSpread` when the
 * release turned out fine. Of a latency, at the edge that is to be proven. Metrics without events on an arm say nothing.
 */
export function armRatios({ metrics }: JudgeState): (ArmRatio & { metric: string })[] {
  return metrics.flatMap(({ criterion, streams }) => {
    // A limit beside a comparison of the same counts adds nothing to it.
    if (criterion.observes) return []
    const judged = streams.find(({ edge }) => edge?.proves ?? true)
    if (!judged) return []
    const { association, phi, dispersion, canary, stable, bad } = judged.stream
    const { canary: one, stable: other, variance: counts } = association
    if (!(one > 0 && other > 0)) return []
    const instances = effectiveInstances(stable.filter(({ instance }) => instance !== bad))
    const spread = dispersion.spread * (1 / effectiveInstances(canary) + 1 / instances)
    const variance = (phi * counts) / (one * other) + spread
    return [{ metric: criterion.metric, logRatio: Math.log(one / other), variance }]
  })
}
