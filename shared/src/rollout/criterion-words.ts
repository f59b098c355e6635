import type { MetricCriterion } from '../verdict/criterion.ts'
import type { Rung } from './ladder.ts'

const short = (share: number): number => Number((100 * share).toPrecision(4))

const units = {
  share: 'percentage points',
  relative: '% of the baseline',
  slower: '% of its latency',
}

/** A margin in words: "0.1 percentage points". */
export const marginWords = (
  margin: number | readonly number[],
  { unit, kind }: Pick<MetricCriterion, 'unit' | 'kind'>,
): string => {
  const margins = typeof margin === 'number' ? [margin] : margin
  return `${margins.map(short).join(' / ')} ${units[unit ?? (kind === 'rate' || kind === 'value' ? 'relative' : 'share')]}`
}

/** A criterion with what each step must prove of it: "errors < baseline + 0.1 %; proven at 1 / 50 % of traffic to within 1 / 0.1 percentage points". */
export const criterionWords = (criterion: MetricCriterion, rungs: readonly Rung[]): string => {
  const { written, metric, margins, ceiling, kind } = criterion
  const text = written ?? metric
  if (kind === 'health') return text
  const steps = rungs.filter(({ margin }) => margin !== null)
  const weights = steps.map(({ weight }) => weight).join(' / ')
  if (margins.length === 0) return `${text}; proven at ${weights} % of traffic`
  const each = steps.map((_, index) => margins[Math.min(index, margins.length - 1)] ?? 0)
  const never =
    ceiling === undefined ? '' : `, and never beyond ${kind === 'value' ? ceiling : `${short(ceiling)} %`}`
  return `${text}; proven at ${weights} % of traffic to within ${marginWords(each, criterion)}${never}`
}

/** What one step has to prove, criterion by criterion: "errors < baseline + 0.1 %, here within 1 percentage points". */
export const stepProofs = (criteria: readonly MetricCriterion[], step: number): string[] =>
  criteria
    .filter(({ required }) => required)
    .map((criterion) => {
      const { written, metric, margins } = criterion
      const margin = margins[Math.min(step, margins.length - 1)]
      const promised = margins.at(-1)
      const wider = margin !== undefined && promised !== undefined && margin > promised
      return `${written ?? metric}${wider ? `, here within ${marginWords(margin, criterion)}` : ''}`
    })
