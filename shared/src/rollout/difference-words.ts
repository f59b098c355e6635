import type { MetricVerdict } from '../verdict/verdict.ts'

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
