import { logRising } from './log-gamma.ts'

/** Counts of one look: events and requests of both arms. */
export type Counts = {
  canaryEvents: number
  canaryTotal: number
  stableEvents: number
  stableTotal: number
}

/** Below this dispersion a negative binomial is taken as Poisson: its size would exceed what floats resolve. */
const NEARLY_POISSON = 1.005

/**
 * Log likelihood, up to a constant, of the canary's events given the events of both arms, when canary and stable are
 * Poisson with rates in the ratio `ratio`. The shared rate cancels, so an outage of both arms says nothing.
 * Source: conditional (binomial) test of two Poisson rates, Przyborowski and Wilenski 1940.
 */
export function conditionalBinomial(counts: Counts, ratio: number): number {
  const { canaryEvents, canaryTotal, stableEvents, stableTotal } = counts
  const events = canaryEvents + stableEvents
  if (events === 0 || canaryTotal === 0 || stableTotal === 0) return 0
  const share = canaryTotal / (canaryTotal + stableTotal)
  return canaryEvents * Math.log(ratio) - events * Math.log(1 - share + share * ratio)
}

/**
 * The same for counts with variance `dispersion` times their mean (negative binomial of type 1, whose size grows with
 * exposure): a beta-binomial given the sum. `rate` is the stable rate believed before this look.
 */
export function conditionalNegativeBinomial(
  counts: Counts,
  ratio: number,
  rate: number,
  dispersion: number,
): number {
  const { canaryEvents, canaryTotal, stableEvents, stableTotal } = counts
  const events = canaryEvents + stableEvents
  if (events === 0 || canaryTotal === 0 || stableTotal === 0) return 0
  if (dispersion < NEARLY_POISSON) return conditionalBinomial(counts, ratio)
  const size = rate / (dispersion - 1)
  const canary = size * canaryTotal * ratio
  return logRising(canary, canaryEvents) - logRising(canary + size * stableTotal, events)
}

/**
 * Log likelihood ratio of "canary `increase` above stable" against "both arms at `rate`". The stable rate under the
 * increase is the projection of the latter, so that under a canary that is `increase` above stable or more, the
 * expectation of the inverse ratio is at most 1 whatever the shared rate is. Positive speaks for the increase.
 * Source: reverse information projection, Turner, Ly and Grunwald 2021; for Poisson counts it has this closed form.
 */
export function jointIncrease(counts: Counts, rate: number, increase: number, dispersion: number): number {
  const { canaryEvents, canaryTotal, stableEvents, stableTotal } = counts
  const total = canaryTotal + stableTotal
  if (canaryTotal === 0 || stableTotal === 0) return 0
  const gap = rate - increase
  const shared = (gap + Math.sqrt(gap * gap + (4 * rate * increase * stableTotal) / total)) / 2
  const canary = shared + increase
  const drift = stableTotal * (shared - rate) + canaryTotal * (canary - rate)
  if (dispersion < NEARLY_POISSON)
    return stableEvents * Math.log(shared / rate) + canaryEvents * Math.log(canary / rate) - drift
  const k = 1 / (dispersion - 1)
  return (
    logRising(k * stableTotal * shared, stableEvents) -
    logRising(k * stableTotal * rate, stableEvents) +
    logRising(k * canaryTotal * canary, canaryEvents) -
    logRising(k * canaryTotal * rate, canaryEvents) -
    k * drift * Math.log(dispersion)
  )
}

/** Log likelihood ratio of one arm at `ratio` times a fixed `rate` against that rate, Poisson. */
export function fixedPoisson(events: number, total: number, rate: number, ratio: number): number {
  return events * Math.log(ratio) - total * rate * (ratio - 1)
}

/** The same with variance `dispersion` times the mean. */
export function fixedNegativeBinomial(
  events: number,
  total: number,
  rate: number,
  ratio: number,
  dispersion: number,
): number {
  if (dispersion < NEARLY_POISSON) return fixedPoisson(events, total, rate, ratio)
  const size = (total * rate) / (dispersion - 1)
  if (size === 0) return 0
  return logRising(size * ratio, events) - logRising(size, events) - size * (ratio - 1) * Math.log(dispersion)
}

/**
 * Log likelihood ratio of "stable at `rate`, canary `excess` above" against "canary `allowed` above `times` the stable",
 * where the shared rate of the latter is the projection of the former (Turner, Ly and Grunwald 2021): under a canary of at
 * most `times` the stable rate and `allowed` more, the expectation is at most 1 whatever the shared rate is. Positive speaks
 * against the canary. Unlike the conditional tests it also uses how many events there were, which matters when stable has
 * few.
 */
export function excessOver(
  counts: Counts,
  rate: number,
  excess: number,
  { allowed, times }: { allowed: number; times: number },
  dispersion: number,
): number {
  const { canaryEvents, canaryTotal, stableEvents, stableTotal } = counts
  if (canaryTotal === 0 || stableTotal === 0) return 0
  const canary = rate + excess
  // An alternative that the null hypothesis allows says nothing against it.
  if (canary <= times * rate + allowed) return 0
  // Where stableTotal (1 - rate / q) + canaryTotal times (1 - canary / (times q + allowed)) is 0.
  const square = times * (stableTotal + times * canaryTotal)
  const linear =
    (stableTotal + times * canaryTotal) * allowed - times * (stableTotal * rate + canaryTotal * canary)
  const shared =
    (Math.sqrt(linear * linear + 4 * square * stableTotal * rate * allowed) - linear) / (2 * square)
  const bound = times * shared + allowed
  const drift = stableTotal * (rate - shared) + canaryTotal * (canary - bound)
  if (dispersion < NEARLY_POISSON)
    return stableEvents * Math.log(rate / shared) + canaryEvents * Math.log(canary / bound) - drift
  const k = 1 / (dispersion - 1)
  return (
    logRising(k * stableTotal * rate, stableEvents) -
    logRising(k * stableTotal * shared, stableEvents) +
    logRising(k * canaryTotal * canary, canaryEvents) -
    logRising(k * canaryTotal * bound, canaryEvents) -
    k * drift * Math.log(dispersion)
  )
}
