import { besideArms, type Comparison, type InstanceEffect } from './comparison.ts'
import { massOnNodes } from './grid.ts'
import { jointIncrease } from './likelihood.ts'
import { alternativeWeights, isUnprovable, NODES, WIDENING } from './promotion-evidence.ts'
import { smallestProvableMargin } from './provable.ts'
import { normalCdf, studentCdf } from './student.ts'

/** What a step will see. Requests a second; noise as the judge believes it (`Dispersion`), with its priors as defaults. */
export type BakeTraffic = {
  canary: number
  stable: number
  canaryInstances: number
  stableInstances: number
  /** Variance over mean of events. Default 1.05: what is left of ordinary counts after half an hour of history. */
  dispersion?: number
  /** Standard deviation of the log rate between instances, and what it is known with. Default 0.1 and 4. */
  spread?: number
  freedom?: number
  armSpread?: number
  /** Seconds between looks. Default 15. */
  lookSeconds?: number
}

/** How long a step must bake when nothing has changed. */
export type PlannedBake = {
  /** Seconds after which half of such steps have proven the margin, and nine of ten; null when it cannot be proven. */
  half: number | null
  most: number | null
  /** The smallest margin that any amount of traffic could prove between so many instances. */
  smallest: number
}

const LONGEST = 30 * 86_400
/** Mean overshoot of a random walk over a limit, in standard deviations of a step (Siegmund 1985). */
const OVERSHOOT = 0.583
/** Nats beyond which mixtures no longer change. */
const FAR = 100

/**
 * How long a step must bake before its verdict can mean anything: the time in which a canary at the stable rate
 * `baseline` proves that it is worse by less than `margin` (absolute share of requests), at e-value 1 / `alpha`.
 *
 * The log evidence is a random walk: its drift and variance per second follow from the expected events of both arms; how
 * far it must walk, off the mixtures over instance effects. The time is a quantile of the
 * first passage of a Brownian motion with that drift (inverse Gaussian distribution, Schrodinger 1915; Wald 1947), its
 * limit raised for looking only now and then (Siegmund 1985), in whole looks.
 * An expectation for Poisson counts widened by `dispersion`; shown to agree with simulation within a quarter.
 */
export function planBake(traffic: BakeTraffic, baseline: number, margin: number, alpha: number): PlannedBake {
  const { spread = 0.1, freedom = 4, armSpread = 0, canaryInstances, stableInstances } = traffic
  const parts = 1 / canaryInstances + 1 / stableInstances
  const effect = besideArms({ variance: spread ** 2 * parts, freedom }, armSpread)
  const comparison: Comparison = { scale: 'absolute', worse: 1, margins: [margin], ceiling: null }
  const smallest = smallestProvableMargin(comparison, baseline, effect, 1 / alpha)?.margin ?? 0
  const idle = !(traffic.canary > 0 && traffic.stable > 0 && baseline > 0)
  if (idle || isUnprovable(comparison, margin, baseline, effect, 1 / alpha))
    return { half: null, most: null, smallest }
  const chance = passageOf(traffic, baseline, margin, alpha, effect)
  const { lookSeconds = 15 } = traffic
  return { half: timeOf(chance, 0.5, lookSeconds), most: timeOf(chance, 0.9, lookSeconds), smallest }
}

/** Chance of having proven the margin after so many seconds. */
function passageOf(
  { canary, stable, dispersion = 1.05, lookSeconds = 15 }: BakeTraffic,
  rate: number,
  margin: number,
  alpha: number,
  { scale, freedom }: InstanceEffect,
): (seconds: number) => number {
  const wide = 1 + WIDENING * (dispersion - 1)
  const range = Math.log(1 + margin / rate)
  const spacing = range / (NODES - 1)
  const nullWeights = massOnNodes(NODES, spacing, (x) => studentCdf((x - range) / scale, freedom))
  const alternative = alternativeWeights(spacing, { scale, freedom })
  const counts = (canaryEvents: number, stableEvents: number, times = 1) => ({
    canaryEvents,
    canaryTotal: canary * times,
    stableEvents,
    stableTotal: stable * times,
  })
  const logs = (canaryEvents: number, stableEvents: number, times: number) =>
    Array.from({ length: NODES }, (_, j) => {
      const increase = rate * Math.expm1(j * spacing)
      return jointIncrease(counts(canaryEvents, stableEvents, times), rate, increase, 1) / wide
    })
  const perSecond = logs(canary * rate, stable * rate, 1)
  const silence = logs(0, 0, 1)
  const ofCanary = logs(1, 0, 1).map((log, j) => log - (silence[j] ?? 0))
  const ofStable = logs(0, 1, 1).map((log, j) => log - (silence[j] ?? 0))
  const top = NODES - 1
  const drift = -(perSecond[top] ?? 0)
  // Bad luck is more events than expected where they speak for the margin and fewer where they speak against.
  const luck = { canary: canary * rate * (ofCanary[top] ?? 0), stable: stable * rate * (ofStable[top] ?? 0) }
  const slope = ofCanary.map((one, j) => one * luck.canary + (ofStable[j] ?? 0) * luck.stable)
  const variance = dispersion * (slope[top] ?? 0)
  const overshoot = OVERSHOOT * Math.sqrt(variance * lookSeconds)
  /** Log evidence of the margin's own node at which the mixture over instance effects reaches 1 / alpha. */
  const limitAfter = (seconds: number): number => {
    const at = (bad: number) => perSecond.map((log, j) => log * seconds + bad * (slope[j] ?? 0))
    const proven = (bad: number) =>
      logMean(at(bad), alternative) - logMean(at(bad), nullWeights) >= Math.log(1 / alpha)
    const reach = (drift * seconds + Math.log(1 / alpha) + FAR) / (slope[top] ?? 1)
    let [low, high] = [-reach, reach]
    if (!proven(low)) return Number.POSITIVE_INFINITY
    for (let i = 0; i < 40; i++) {
      const middle = (low + high) / 2
      if (proven(middle)) low = middle
      else high = middle
    }
    return drift * seconds - low * (slope[top] ?? 0) + overshoot
  }
  return (seconds) => {
    const limit = limitAfter(seconds)
    const deviation = Math.sqrt(variance * seconds)
    const again = Math.exp(Math.min(700, (2 * drift * limit) / variance))
    const first = normalCdf((drift * seconds - limit) / deviation)
    return Math.min(1, first + again * normalCdf((-drift * seconds - limit) / deviation))
  }
}

/** Logarithm of the weighted mean of exponentials. */
function logMean(logs: readonly number[], weights: readonly number[]): number {
  const top = Math.max(...logs.filter((_, j) => (weights[j] ?? 0) > 0))
  return top + Math.log(logs.reduce((sum, log, j) => sum + (weights[j] ?? 0) * Math.exp(log - top), 0))
}

/** The first look by which the chance reaches the share; null when that takes more than thirty days. */
function timeOf(chance: (seconds: number) => number, share: number, lookSeconds: number): number | null {
  let high = 1
  while (chance(high * lookSeconds) < share) {
    high *= 2
    if (high * lookSeconds > LONGEST) return null
  }
  let low = high / 2
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (chance(middle * lookSeconds) >= share) high = middle
    else low = middle
  }
  return high * lookSeconds
}
