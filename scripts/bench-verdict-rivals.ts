import type { Observation } from '@relman/core/verdict/observation'

/** Requests and errors of both arms in one look. */
export type LookCounts = {
  canary: { total: number; events: number }
  stable: { total: number; events: number }
}

export function countsOf({ canary, stable }: Observation): LookCounts {
  const sum = (samples: Observation['canary']) =>
    samples.reduce(
      (all, { total, events = 0 }) => ({ total: all.total + total, events: all.events + events }),
      { total: 0, events: 0 },
    )
  return { canary: sum(canary), stable: sum(stable) }
}

const CHECK_LOOKS = 4

/**
 * Flagger's and Argo Rollouts' way: a check each minute on the minute's error rates, failed when the canary's is above the
 * stable's by more than the margin; the fifth failed check rolls back (failed checks are never forgotten). The look at
 * which it does, or null.
 */
export function fifthFailedCheck(looks: readonly LookCounts[], margin: number): number | null {
  let failed = 0
  for (let end = CHECK_LOOKS; end <= looks.length; end += CHECK_LOOKS) {
    const minute = looks.slice(end - CHECK_LOOKS, end)
    const rate = (arm: 'canary' | 'stable') => {
      const total = minute.reduce((sum, look) => sum + look[arm].total, 0)
      return total > 0 ? minute.reduce((sum, look) => sum + look[arm].events, 0) / total : 0
    }
    if (rate('canary') > rate('stable') + margin && ++failed === 5) return end - 1
  }
  return null
}

/** z of the Mann-Whitney statistic of `one` shifted by -`shift` against `other`, corrected for ties and continuity. */
function mannWhitneyZ(
  one: readonly number[],
  other: readonly number[],
  shift: number,
  side: -1 | 0 | 1,
): number {
  const all = [...one.map((value) => value - shift), ...other].sort((a, b) => a - b)
  const ranks = new Map<number, number>()
  let ties = 0
  for (let at = 0; at < all.length; ) {
    let end = at
    while (end < all.length && all[end] === all[at]) end++
    ranks.set(all[at] ?? 0, (at + 1 + end) / 2)
    ties += (end - at) ** 3 - (end - at)
    at = end
  }
  const [n, m] = [one.length, other.length]
  const statistic = one.reduce((sum, value) => sum + (ranks.get(value - shift) ?? 0), 0) - (n * (n + 1)) / 2
  const sigma = Math.sqrt(((n * m) / 12) * (n + m + 1 - ties / ((n + m) * (n + m - 1))))
  const z = statistic - (n * m) / 2
  const correction = side === 0 ? Math.sign(z) / 2 : side / 2
  return sigma > 0 ? (z - correction) / sigma : 0
}

/** The shift at which the statistic's z falls to `z`. */
function shiftAt(one: readonly number[], other: readonly number[], z: number, side: -1 | 0 | 1): number {
  let low = Math.min(...one) - Math.max(...other)
  let high = Math.max(...one) - Math.min(...other)
  for (let i = 0; i < 30; i++) {
    const middle = (low + high) / 2
    if (mannWhitneyZ(one, other, middle, side) > z) low = middle
    else high = middle
  }
  return (low + high) / 2
}

const Z98 = 2.3263478740408408

/**
 * Kayenta's NetflixACAJudge-v1.0 on one metric, as its source reads: Mann-Whitney interval of 98 % of the location shift;
 * "high" when its lower end is above a quarter of the estimated shift and the ratio of means is at least 1 (the default
 * allowed increase). One value per look and arm; equal or constant samples pass.
 */
export function kayentaHigh(canary: readonly number[], baseline: readonly number[]): boolean {
  const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b).join(' ')
  if (sorted(canary) === sorted(baseline) || new Set([...canary, ...baseline]).size === 1) return false
  const low = shiftAt(canary, baseline, Z98, 1)
  const estimate = shiftAt(canary, baseline, 0, 0)
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const effect = mean(baseline) === 0 ? Number.NaN : mean(canary) / mean(baseline)
  return low > 0.25 * Math.abs(estimate) && (Number.isNaN(effect) || effect >= 1)
}

/** The rates of an arm, look by look; looks without requests are left out (NaN, removed by default). */
export function ratesOf(looks: readonly LookCounts[], arm: 'canary' | 'stable'): number[] {
  return looks.filter((look) => look[arm].total > 0).map((look) => look[arm].events / look[arm].total)
}

/** The first look, of those each minute, at which Kayenta's judge finds the canary high; null if it never does. */
export function kayentaEachMinute(looks: readonly LookCounts[]): number | null {
  for (let end = 2 * CHECK_LOOKS; end <= looks.length; end += CHECK_LOOKS) {
    const seen = looks.slice(0, end)
    if (kayentaHigh(ratesOf(seen, 'canary'), ratesOf(seen, 'stable'))) return end - 1
  }
  return null
}

/** Kayenta's judge once, at the end. */
export function kayentaAtEnd(looks: readonly LookCounts[]): number | null {
  return kayentaHigh(ratesOf(looks, 'canary'), ratesOf(looks, 'stable')) ? looks.length - 1 : null
}
