import { slowEdge, sumFigures } from '../rollout/figures.ts'
import type { MetricCriterion } from '../verdict/criterion.ts'
import type { Observation } from '../verdict/observation.ts'

export type Recovery = { state: 'recovered' | 'not-recovered' | 'unverified'; reason: string; words: string }

/** Fewer requests than this after the return say nothing. */
const enough = 50

/**
 * Whether the stable version is again as it was before the exposure. The same checks and margins as the rollout's (in
 * percentage points the widest step's, else the promised one), but one version against its own past, so by plain comparison of rates with three standard errors to
 * spare, and not by the sequential judge. No data on either side is `unverified`, never recovered.
 */
export const judgeRecovery = (
  criteria: readonly MetricCriterion[],
  before: readonly Observation[],
  after: readonly Observation[],
): Recovery => {
  const judged = criteria
    // Plain values have no requests to compare by.
    .filter(({ kind, observes }) => kind !== 'health' && kind !== 'value' && !observes)
    .map((criterion) => compare(criterion, before, after))
  const worse = judged.find(({ state }) => state === 'not-recovered')
  const blind = judged.find(({ state }) => state === 'unverified')
  if (worse) return worse
  if (blind) return blind
  if (judged.length === 0)
    return { state: 'unverified', reason: 'no-metrics', words: 'no check is configured' }
  return { state: 'recovered', reason: 'recovered', words: judged.map(({ words }) => words).join('; ') }
}

const compare = (
  criterion: MetricCriterion,
  before: readonly Observation[],
  after: readonly Observation[],
): Recovery => {
  const { metric, direction } = criterion
  const own = (all: readonly Observation[]) => all.filter((observation) => observation.metric === metric)
  const edge = slowEdge(own(before))
  const [was, is] = [sumFigures(own(before), edge).stable, sumFigures(own(after), edge).stable]
  if (was.total < enough || is.total < enough) {
    const missing = was.total < enough ? 'before the rollout' : 'since traffic is back'
    return {
      state: 'unverified',
      reason: 'no-data',
      words: `${metric}: too few requests ${missing} to compare`,
    }
  }
  const [past, present] = [was.events / was.total, is.events / is.total]
  const worse = direction === 'lower-is-better' ? present - past : past - present
  // Relative margins of early steps allow as much as half of everything; what is promised is the last one's.
  const margin =
    criterion.unit === 'share' ? Math.max(0, ...criterion.margins) : (criterion.margins.at(-1) ?? 0)
  const allowed = criterion.unit === 'share' ? margin : margin * past
  const pooled = (was.events + is.events) / (was.total + is.total)
  const spread = Math.sqrt(
    Math.max(pooled * Math.abs(1 - pooled), 1 / is.total) * (1 / was.total + 1 / is.total),
  )
  const words = `${metric} ${percent(present)} against ${percent(past)} before`
  return worse > allowed + 3 * spread
    ? { state: 'not-recovered', reason: 'not-recovered', words }
    : { state: 'recovered', reason: 'recovered', words }
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`
