import type { Sample } from './observation.ts'

/** So many instances over a limit are heard, where they are this share of all. */
const FEWEST = 2
const SHARE = 0.2
/** Of so many instances or more, one alone is not the release. */
const ONE_OF = 3

/** The values of an arm's instances in one look. */
export function valuesOf(samples: readonly Sample[]): number[] {
  return samples.map(({ value = 0 }) => value)
}

/**
 * Whether an arm is over its limit in a look: two instances are that make up a fifth of all, or the mean or the median of
 * all is. Of three instances or more the mean is taken without the worst, so that one wild value decides nothing. The
 * rule is one for both arms: what instances do by chance both do, and looks with both over blame nobody.
 * `worse` is +1 where larger values are worse, else -1.
 */
export function isOver(values: readonly number[], limit: number, worse: 1 | -1): boolean {
  const beyond = (value: number | null) => value !== null && worse * (value - limit) > 0
  const many = values.filter(beyond).length
  if (many >= FEWEST && many >= SHARE * values.length) return true
  const ascending = values.map((value) => worse * value).sort((a, b) => a - b)
  const without = values.length >= ONE_OF ? ascending.slice(0, -1) : ascending
  const rest = mean(without)
  return beyond(median(values)) || beyond(rest === null ? null : worse * rest)
}

/** Null of nothing. */
export function mean(values: readonly number[]): number | null {
  return values.length > 0 ? values.reduce((sum, value) => sum + value / values.length, 0) : null
}

/** Null of nothing. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return low === undefined || high === undefined ? null : low / 2 + high / 2
}
