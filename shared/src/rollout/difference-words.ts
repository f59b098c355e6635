import type { MetricVerdict } from '../verdict/verdict.ts'
import type { Demands } from './chart.ts'

const signed = (value: number): string => {
  const short = Number((100 * value).toPrecision(3))
  return short < 0 ? `−${(-short).toLocaleString('en-US')}` : `+${short.toLocaleString('en-US')}`
}

/** More than all requests, or than ten times the baseline, is as good as not known. */
const limit = (value: number, most: number): string => (value > most ? 'any' : signed(Math.max(-1, value)))

const unitOf = ({ unit }: Pick<MetricVerdict, 'unit'>): string => (unit === 'relative' ? '%' : 'pp')

/** The difference and the interval that holds at all looks together: "+2 pp (+1.2 to +3.1)"; a dash without data. */
export const differenceWords = (metric: Pick<MetricVerdict, 'estimate' | 'bounds' | 'unit'>): string => {
  const { estimate, bounds } = metric
  if (estimate === null || !Number.isFinite(estimate)) return '–'
  const most = metric.unit === 'relative' ? 10 : 1
  const interval = bounds ? ` (${limit(bounds[0], most)} to ${limit(bounds[1], most)})` : ''
  return `${signed(estimate)} ${unitOf(metric)}${interval}`
}

/** What the step has to prove, and what the criterion promises when that is less: "within 1 pp, in the end 0.1 pp". */
export const stepWords = (
  metric: Pick<MetricVerdict, 'margin' | 'promised' | 'unit' | 'ceiling' | 'kind' | 'direction'>,
): string => {
  const { margin, promised = null, ceiling, kind, direction } = metric
  const unit = unitOf(metric)
  const short = (value: number) => Number((100 * value).toPrecision(3))
  const limit =
    ceiling === undefined
      ? ''
      : `${direction === 'higher-is-better' ? 'above' : 'below'} ${kind === 'value' ? ceiling : `${short(ceiling)} %`}`
  if (margin === null) return limit === '' ? '–' : limit
  const end = promised !== null && promised < margin ? `, in the end ${short(promised)} ${unit}` : ''
  return `within ${short(margin)} ${unit}${end}${limit === '' ? '' : `, ${limit}`}`
}

/**
 * Why an interval may reach beyond a margin that is proven, where one does; else empty. `demands`: the e-values that return
 * a release and that promote it; a limit of 100 makes intervals of 99 %.
 */
export const intervalWords = (
  metrics: readonly IntervalOf[],
  { limit, intermediate, last }: Demands,
): string => {
  const isBeyond = ({ verdict, bounds, margin, direction }: IntervalOf) =>
    verdict === 'healthy' &&
    bounds !== null &&
    margin !== null &&
    (direction === 'higher-is-better' ? bounds[0] < -margin : bounds[1] > margin)
  if (!metrics.some(isBeyond)) return ''
  const chance = Number((100 * (1 - 1 / limit)).toPrecision(4))
  return `The interval in brackets holds on both sides and at all looks together with a chance of ${chance} %. A margin is proven by a test of that margin alone, at odds of ${intermediate} to 1 (${last} to 1 at the last step), which asks for less: the interval may reach beyond it.`
}

type IntervalOf = Pick<MetricVerdict, 'verdict' | 'bounds' | 'margin' | 'direction'>
