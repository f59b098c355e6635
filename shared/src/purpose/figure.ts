import type { Config } from '../config/config.ts'
import { quantilesOf } from '../rollout/quantiles.ts'
import type { Observation, Sample } from '../verdict/observation.ts'

type Check = NonNullable<Config['metrics']>['checks'][number]

/** What one metric did: a number with the bounds that chance leaves it, or why there is none. */
export type Figure =
  | { value: number; low: number; high: number; text: string; of: string }
  | { unknown: string }

/** Of the new version's samples of one check, all together. Seconds for a latency, a share of 1 for a ratio or a rate. */
export const figureOf = (
  check: Check,
  own: readonly Observation[],
  quantile: 'p50' | 'p95' | 'p99',
): Figure => {
  const samples = own.flatMap(({ canary }) => canary)
  const none = { unknown: `${check.name} has no data of this version` }
  if (check.kind === 'latency') {
    const value = quantilesOf(own)?.canary[quantile] ?? null
    if (value === null) return { unknown: `${check.name} has too few requests to tell its ${quantile}` }
    const text = `${quantile} ${Number((value * 1000).toPrecision(3))} ms`
    return { value, low: value, high: value, text, of: counted(samples) }
  }
  if (check.kind === 'value') {
    const values = samples.map(({ value }) => value).filter((value) => value !== undefined)
    if (values.length === 0) return none
    const value = values.reduce((sum, each) => sum + each, 0) / values.length
    return {
      value,
      low: value,
      high: value,
      text: `${Number(value.toPrecision(4))} on average`,
      of: `${values.length} readings`,
    }
  }
  // Requests whose events nobody knows are not known to be good.
  const known = samples.filter(({ events }) => events !== undefined)
  const total = sum(known, ({ total }) => total)
  if (total <= 0) return none
  const events = sum(known, (sample) => sample.events ?? 0)
  const value = events / total
  const text = `${Number((100 * value).toPrecision(3))} %`
  const bounds = value <= 1 ? wilson(value, total) : poisson(value, total)
  return { value, ...bounds, text, of: counted(known) }
}

const sum = (samples: readonly Sample[], of: (sample: Sample) => number): number =>
  samples.reduce((all, sample) => all + of(sample), 0)

const counted = (samples: readonly Sample[]): string => `${sum(samples, ({ total }) => total)} requests`

/** 95 % interval of counts that may be more than one a request. */
const poisson = (value: number, total: number): { low: number; high: number } => {
  const half = 1.96 * Math.sqrt(value / total)
  return { low: Math.max(0, value - half), high: value + half }
}

/** 95 % interval of a share (Wilson 1927). */
const wilson = (share: number, total: number): { low: number; high: number } => {
  const z = 1.96
  const scale = 1 + (z * z) / total
  const middle = share + (z * z) / (2 * total)
  const half = z * Math.sqrt((share * (1 - share)) / total + (z * z) / (4 * total * total))
  return { low: Math.max(0, (middle - half) / scale), high: Math.min(1, (middle + half) / scale) }
}
