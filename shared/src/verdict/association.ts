import type { InstanceEffect } from './comparison.ts'
import type { Counts } from './likelihood.ts'
import { studentQuantile } from './student.ts'

/** Sums over looks from which the ratio of the arms' rates is estimated; each look is a stratum of its own. */
export type Association = {
  canary: number
  stable: number
  variance: number
  halfCanary: number
  halfStable: number
}

export function noAssociation(): Association {
  return { canary: 0, stable: 0, variance: 0, halfCanary: 0, halfStable: 0 }
}

/** A ratio of rates with its interval. */
export type RateRatio = { ratio: number; low: number; high: number }

/** The sums with one look added. */
export function addAssociation(sums: Association, counts: Counts): Association {
  const { canaryEvents, canaryTotal, stableEvents, stableTotal } = counts
  const total = canaryTotal + stableTotal
  if (canaryTotal === 0 || stableTotal === 0) return sums
  return {
    canary: sums.canary + (canaryEvents * stableTotal) / total,
    stable: sums.stable + (stableEvents * canaryTotal) / total,
    variance: sums.variance + ((canaryEvents + stableEvents) * canaryTotal * stableTotal) / (total * total),
    halfCanary: Math.max(sums.halfCanary, stableTotal / total / 2),
    halfStable: Math.max(sums.halfStable, canaryTotal / total / 2),
  }
}

/** Information (inverse variance of the log ratio) at which the interval is made to be tightest. */
const TIGHTEST = 4

/** Beyond this log ratio an interval says nothing, and its end stays a number. */
const WIDEST = 20

/**
 * Ratio of the canary's to the stable's rate, stratified by look so that changes of weight and faults of both arms
 * cancel, with an interval that holds at all looks together with chance 1 - alpha (approximately: normal in the log
 * ratio, half of alpha for sampling and half for the instance effect). Null when nothing was counted.
 * Source: Mantel and Haenszel 1959 with the variance of Greenland and Robins 1985; normal-mixture confidence sequence,
 * Robbins 1970 and Howard et al. 2021; half an event added to each arm for the interval.
 */
export function rateRatio(
  sums: Association,
  dispersion: number,
  effect: InstanceEffect,
  alpha: number,
): RateRatio | null {
  if (sums.halfStable === 0) return null
  const canary = sums.canary + sums.halfCanary
  const stable = sums.stable + sums.halfStable
  const variance = sums.variance + 4 * sums.halfCanary * sums.halfStable
  const information = (canary * stable) / (dispersion * variance)
  const square = (information + TIGHTEST) / information ** 2
  const sampling = Math.sqrt(square * Math.log((information + TIGHTEST) / (TIGHTEST * (alpha / 2) ** 2)))
  const instances = effect.scale * studentQuantile(1 - alpha / 4, effect.freedom)
  const width = Math.exp(Math.min(sampling + instances, WIDEST))
  const ratio = sums.stable > 0 ? sums.canary / sums.stable : canary / stable
  return {
    ratio,
    low: Math.min(ratio, canary / stable / width),
    high: Math.max(ratio, (canary / stable) * width),
  }
}
