import type { Config } from '../config/config.ts'
import { readWanted, type Wanted } from '../config/wanted.ts'
import { showSeconds } from '../text/show-seconds.ts'
import { cut } from '../text/visible.ts'
import type { Observation } from '../verdict/observation.ts'
import { figureOf } from './figure.ts'
import type { ObjectiveResult } from './objective-result.ts'

type Objective = Config['purpose']['objectives'][number]
type Check = NonNullable<Config['metrics']>['checks'][number]

/** What was seen of the new version while it had all traffic; `missing` says why nothing was. Times are Unix seconds. */
export type Seen = { observations: readonly Observation[]; missing: string | null; from: number; to: number }

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
