import type { Config } from '../config/config.ts'
import { readWanted, type Wanted } from '../config/wanted.ts'
import { quantilesOf } from '../rollout/quantiles.ts'
import { showSeconds } from '../text/show-seconds.ts'
import { cut } from '../text/visible.ts'
import type { Observation, Sample } from '../verdict/observation.ts'
import type { ObjectiveResult } from './objective-result.ts'

type Objective = Config['purpose']['objectives'][number]
type Check = NonNullable<Config['metrics']>['checks'][number]

/** What was seen of the new version while it had all traffic; `missing` says why nothing was. Times are Unix seconds. */
export type Seen = { observations: readonly Observation[]; missing: string | null; from: number; to: number }

/** What one metric did: a number with the bounds that chance leaves it, or why there is none. */
type Figure = { value: number; low: number; high: number; text: string; of: string } | { unknown: string }

/**
 * Compares each objective with what its metric did since the release is live. What cannot be read, or lies within what
 * chance may do, is inconclusive, never met.
 */
export const measureObjectives = (
  objectives: readonly Objective[],
  checks: readonly Check[],
  seen: Seen,
): ObjectiveResult[] => objectives.map((objective) => measureObjective(objective, checks, seen))

const measureObjective = (
  { text, metric, want }: Objective,
  checks: readonly Check[],
  seen: Seen,
): ObjectiveResult => {
  const result = { text: cut(text, 300), metric: metric ?? null, wanted: want ?? null, observed: null }
  const unknown = (why: string): ObjectiveResult => ({
    ...result,
    outcome: 'inconclusive',
    why: cut(why, 300),
  })
  if (metric === undefined) return unknown('nothing measures it')
  const check = checks.find(({ name }) => name === metric)
  if (!check) return unknown(`${metric} is not in metrics.checks: look it up in the review`)
  const wanted = want === undefined ? null : readWanted(want)
  const fault = wanted && misfit(wanted, check)
  if (fault) return unknown(fault)
  if (seen.missing !== null) return unknown(seen.missing)
  const own = seen.observations.filter((one) => one.metric === metric)
  const figure = figureOf(check, own, wanted?.quantile ?? 'p99')
  if ('unknown' in figure) return unknown(figure.unknown)
  const why = `${figure.of} in ${showSeconds(Math.max(1, Math.round(seen.to - seen.from)))}`
  return { ...result, observed: figure.text, why, outcome: wanted ? judge(wanted, figure) : 'observed' }
}

const judge = (
  { side, limit }: Wanted,
  { low, high }: { low: number; high: number },
): ObjectiveResult['outcome'] => {
  const [kept, broken] = side === 'below' ? [high < limit, low >= limit] : [low > limit, high <= limit]
  return kept ? 'met' : broken ? 'missed' : 'inconclusive'
}

const units: Record<Check['kind'], Wanted['unit']> = { ratio: '%', rate: '%', latency: 's', value: '' }

const misfit = ({ unit, quantile }: Wanted, { kind, name }: Check): string | null => {
  if (quantile !== null && kind !== 'latency') return `${name} is of kind ${kind}, which has no ${quantile}`
  const expected = { '%': 'a percentage', s: 'seconds or milliseconds', '': 'a plain number' }[units[kind]]
  return unit === units[kind] ? null : `${name} is of kind ${kind}: want takes ${expected}`
}

const figureOf = (check: Check, own: readonly Observation[], quantile: 'p50' | 'p95' | 'p99'): Figure => {
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
  const total = sum(samples, ({ total }) => total)
  if (total <= 0) return none
  const events = sum(samples, (sample) => sample.events ?? 0)
  const value = events / total
  const text = `${Number((100 * value).toPrecision(3))} %`
  return { value, ...wilson(Math.min(1, value), total), text, of: counted(samples) }
}

const sum = (samples: readonly Sample[], of: (sample: Sample) => number): number =>
  samples.reduce((all, sample) => all + of(sample), 0)

const counted = (samples: readonly Sample[]): string => `${sum(samples, ({ total }) => total)} requests`

/** 95 % interval of a share (Wilson 1927). */
const wilson = (share: number, total: number): { low: number; high: number } => {
  const z = 1.96
  const scale = 1 + (z * z) / total
  const middle = share + (z * z) / (2 * total)
  const half = z * Math.sqrt((share * (1 - share)) / total + (z * z) / (4 * total * total))
  return { low: Math.max(0, (middle - half) / scale), high: Math.min(1, (middle + half) / scale) }
}
