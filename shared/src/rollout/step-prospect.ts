import { showSeconds } from '../text/show-seconds.ts'
import { marginAt } from '../verdict/comparison.ts'
import type { JudgeState } from '../verdict/judge.ts'
import type { Observation } from '../verdict/observation.ts'
import { prospectOf } from '../verdict/prospect.ts'
import type { Rung } from './ladder.ts'

/** What one step can be expected to prove of one criterion by the end of its patience. Margins in the judge's unit. */
export type StepProspect = {
  step: number
  weight: number
  metric: string
  criterion: string
  margin: number
  /** The smallest margin that can be expected to be proven; null when none can. */
  provable: number | null
  limit: 'instances' | 'traffic'
  unit: 'share' | 'relative'
  /** Requests a second on the new version. */
  requests: number
  /** Whether these are probes, as many to the stable version. */
  probed: boolean
  enough: boolean
}

/** Requests a second over both versions, by metric, in what was seen. */
export const trafficOf = (observations: readonly Observation[]): Map<string, number> => {
  const sums = new Map<string, { total: number; seconds: number }>()
  for (const { metric, from, to, canary, stable, kind } of observations) {
    if (kind === 'value' || kind === 'health') continue
    const sum = sums.get(metric) ?? { total: 0, seconds: 0 }
    for (const { total } of [...canary, ...stable]) sum.total += total
    sums.set(metric, { total: sum.total, seconds: sum.seconds + Math.max(0, to - from) })
  }
  return new Map([...sums].map(([metric, { total, seconds }]) => [metric, seconds > 0 ? total / seconds : 0]))
}

/**
 * What the step of `rung` can prove, for each required criterion of which that can be foretold. `probes`: how many are sent
 * to each version a second, whatever the weight; else half of what was seen of them.
 */
export const stepProspects = (
  { metrics, rules }: JudgeState,
  rung: Rung,
  last: boolean,
  traffic: ReadonlyMap<string, number>,
  probes: number | null = null,
): StepProspect[] =>
  metrics.flatMap((state) => {
    const { criterion, streams } = state
    const probed = criterion.source === 'probes'
    const seen = traffic.get(criterion.observes ?? criterion.metric)
    const rate = probed && probes !== null ? 2 * probes : seen
    const share = probed ? 0.5 : rung.weight / 100
    const proving = streams.find(({ edge }) => edge?.proves ?? true)
    const margin = proving ? marginAt(proving.comparison, rung.step) : null
    if (!criterion.required || rate === undefined || margin === null || rung.weight >= 100) return []
    const wanted = last ? rules.promote.last : rules.promote.intermediate
    const canaryTotal = rate * rung.max * share
    const found = prospectOf(state, rules, wanted, {
      canaryTotal,
      stableTotal: rate * rung.max - canaryTotal,
    })
    if (!found) return []
    const { margin: provable, limit } = found
    return {
      step: rung.step,
      weight: rung.weight,
      metric: criterion.metric,
      criterion: criterion.written ?? criterion.metric,
      margin,
      provable,
      limit,
      unit: proving?.comparison.scale === 'relative' ? 'relative' : 'share',
      requests: rate * share,
      probed,
      enough: provable !== null && provable <= margin,
    }
  })

/** One sentence: what can be proven, and when that is less than the step asks for, what would help. */
export const prospectWords = (prospect: StepProspect, seconds: number): string => {
  const { weight, metric, margin, provable, limit, unit, requests, probed, enough } = prospect
  const short = (value: number) =>
    `${Number((100 * value).toPrecision(2)).toLocaleString('en-US')} ${unit === 'relative' ? '%' : 'percentage points'}`
  const rate = Number(requests.toPrecision(2)).toLocaleString('en-US')
  const seen = probed
    ? `${rate} probes a second to each version`
    : `${rate} requests a second on the new version`
  const can = provable === null ? 'no margin at all' : `a margin of ${short(provable)}`
  const base = `${metric}: at ${weight} % (${seen}), ${showSeconds(seconds)} can prove ${can}; the step asks for ${short(margin)}`
  if (enough) return base
  const help =
    limit === 'instances'
      ? 'more instances of the new version or a wider margin would help; a longer step would not'
      : probed
        ? 'a longer step, a wider margin or more probes a second (metrics.probes.rate) would help'
        : 'a longer step, a larger weight, a wider margin or probes as extra traffic (metrics.probes) would help'
  return `${base}, so it will probably stay unproven: ${help}`
}
