import type { Random } from './random.ts'

/** Says for each request whether the canary gets it. */
export type Route = (weight: number) => boolean

/**
 * Exact weights, as HAProxy's round robin has them: of any n requests in a row at one weight, the canary gets
 * n × weight / 100, rounded up or down. A new weight counts from the very next request; the seed decides where
 * in the sequence the canary's requests are.
 */
export function exactRoute(random: Random): Route {
  // Whole billionths, so that a sum of many fractions of a percent does not drift.
  const whole = 1e11
  let credit = Math.floor(random() * whole)
  return (weight) => {
    if (weight <= 0) return false
    if (weight >= 100) return true
    credit += Math.round(weight * 1e9)
    if (credit < whole) return false
    credit -= whole
    return true
  }
}
