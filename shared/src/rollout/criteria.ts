import type { Learnt, LearntSpread } from '../baseline/learnt.ts'
import { readPromises } from '../config/metrics-criteria.ts'
import type { MetricCheck, MetricsPolicy } from '../config/metrics-policy.ts'
import type { RolloutPolicy } from '../config/rollout-policy.ts'
import { type Promised, usualQuantile } from '../criterion/promise.ts'
import type { MetricCriterion } from '../verdict/criterion.ts'
import { LOWEST_TAIL_QUANTILE } from '../verdict/latency-edges.ts'
import type { Observation } from '../verdict/observation.ts'
import type { JudgeSettings } from '../verdict/settings.ts'
import { limitOf, quantileOf } from './check-of.ts'
import { comparedWith, withLearnt } from './compared-with.ts'
import { fromProbes } from './from-probes.ts'
import type { Rung } from './ladder.ts'
import { stepMargins } from './step-margins.ts'

/** Unless a criterion says otherwise: a business count may fall by 5 %, p99 and plain values may be 1.2 times the baseline's. */
const usual = { fall: 0.05, slower: 0.2, value: 0.2 }
/**
 * More than 1 % of failed requests returns a release, whatever its instances are like, where that is also four times as
 * many as on stable: one instance that differs by so much is rarer than alpha even where they differ by a half.
 */
const usualCeiling = { ceiling: 0.01, ceilingTimes: 4 }
/** A limit beside a comparison speaks when it is far exceeded; it shall not cost the comparison its power. */
const limitWeight = 0.1

type Compared = Pick<MetricCriterion, 'margins' | 'unit' | 'written'> & { quantile?: number }

/**
 * The criteria that a plan's checks stand for: as they are written in `metrics.criteria`, and by default where none is;
 * percentage points become shares. A check that is both compared and limited has two, the limit under a name of its own.
 */
export const criteriaOf = (policy: MetricsPolicy | undefined, rungs: readonly Rung[]): MetricCriterion[] => {
  if (!policy) return []
  const promises = readPromises(policy)
  const criteria = policy.checks.flatMap((check): MetricCriterion[] => {
    const own = promises.filter((promise) => promise.check === check.name)
    const compared = own.flatMap((promise) => (promise.is === 'compared' ? [promise] : []))
    const limit = own.find(({ is }) => is === 'limit')
    const [first, ...others] = mainFirst(check, compared)
    const comparison = comparisonFor(check, first, rungs)
    const further = others.flatMap((promise) => (promise ? [furtherFor(check, promise, rungs)] : []))
    const compare = first || !limit ? [comparison, ...further] : []
    const all = [
      ...compare.map((one) => comparedWith(one, check, policy.baseline)),
      ...(limit?.is === 'limit'
        ? [limitFor(check, limit, first !== undefined)]
        : usualLimit(check, comparison)),
    ]
    return all.map((one) => fromProbes(one, check))
  })
  if (policy.health.length === 0) return criteria
  const health: MetricCriterion = {
    metric: 'health',
    kind: 'health',
    direction: 'lower-is-better',
    margins: [],
    required: true,
    written: 'health endpoints answer',
  }
  return [...criteria, health]
}

type ComparedPromise = Extract<Promised, { is: 'compared' }>

/**
 * What a check is compared by, that which bears its name first: of a latency the first quantile of its tail, and without
 * one what holds by default. Who writes p50 asks for more, and gives up nothing.
 */
const mainFirst = (
  { kind }: MetricCheck,
  compared: readonly ComparedPromise[],
): readonly [ComparedPromise | undefined, ...(ComparedPromise | undefined)[]] => {
  const isTail = ({ quantile }: ComparedPromise) => (quantile ?? usualQuantile) >= LOWEST_TAIL_QUANTILE
  if (kind !== 'latency') return [compared[0]]
  const main = compared.find(isTail)
  return [main, ...compared.filter((one) => one !== main)]
}

const furtherFor = (
  check: MetricCheck,
  promise: ComparedPromise,
  rungs: readonly Rung[],
): MetricCriterion => ({
  ...comparisonFor(check, promise, rungs),
  metric: quantileOf(check.name, promise.quantile ?? usualQuantile),
  observes: check.name,
})

const commonOf = (check: MetricCheck) => ({
  metric: check.name,
  kind: check.kind,
  direction: 'direction' in check ? check.direction : ('lower-is-better' as const),
  required: check.required,
  ...(check.about ? { about: check.about } : {}),
})

const limitFor = (
  check: MetricCheck,
  { text, ceiling }: Extract<Promised, { is: 'limit' }>,
  beside: boolean,
): MetricCriterion => ({
  ...commonOf(check),
  ...(beside ? { metric: limitOf(check.name), observes: check.name, weight: limitWeight } : {}),
  margins: [],
  ceiling,
  written: text,
})

/** Only speaks against: what is within its margin need not be proven to lie below a limit that nobody wrote. */
const usualLimit = (check: MetricCheck, { unit, margins }: MetricCriterion): MetricCriterion[] => {
  const errors = check.kind === 'ratio' && (check.about ?? 'errors') === 'errors'
  // Who allows a larger margin than that allows more than 1 %.
  const wide = unit === 'share' && (margins.at(-1) ?? 0) >= usualCeiling.ceiling
  return errors && check.ceiling === undefined && !wide
    ? [
        {
          ...commonOf(check),
          ...usualCeiling,
          metric: limitOf(check.name),
          observes: check.name,
          required: false,
          weight: limitWeight,
          margins: [],
          written: `${check.name} < ${usualCeiling.ceiling * 100} % (default, need not be proven)`,
        },
      ]
    : []
}

const comparisonFor = (
  check: MetricCheck,
  promise: Promised | undefined,
  rungs: readonly Rung[],
): MetricCriterion => {
  const limit = 'ceiling' in check ? check.ceiling : undefined
  const ceiling = limit === undefined ? {} : { ceiling: check.kind === 'ratio' ? limit / 100 : limit }
  if (promise?.is !== 'compared') return { ...commonOf(check), ...byDefault(check, rungs), ...ceiling }
  const { unit, margin, text, quantile } = promise
  const { direction } = commonOf(check)
  const margins = stepMargins(margin, unit, direction, rungs)
  return {
    ...commonOf(check),
    unit,
    margins,
    written: text,
    ...(quantile === null ? {} : { quantile }),
    ...ceiling,
  }
}

/** What holds for a check without a criterion: its own margins, or the usual ones, which shrink along the ladder. */
const byDefault = (check: MetricCheck, rungs: readonly Rung[]): Compared => {
  const given = check.margins?.map((points) => points / 100)
  const { direction } = commonOf(check)
  const last = (margins: readonly number[]) => Number(((margins.at(-1) ?? 0) * 100).toPrecision(6))
  const times = (margin: number) =>
    Number((direction === 'higher-is-better' ? 1 - margin : 1 + margin).toPrecision(6))
  const relative = (margin: number): Compared => {
    const margins = given ?? stepMargins(margin, 'relative', direction, rungs)
    const sign = direction === 'higher-is-better' ? '>' : '<'
    return {
      unit: 'relative',
      margins,
      written: `${check.name} ${sign} ${times(margins.at(-1) ?? 0)} × baseline`,
    }
  }
  switch (check.kind) {
    case 'rate':
    case 'ratio': {
      if (check.kind === 'rate' && (given || direction === 'higher-is-better')) return relative(usual.fall)
      const margins = given ?? rungs.flatMap(({ margin }) => (margin === null ? [] : [margin / 100]))
      return { unit: 'share', margins, written: `${check.name} < baseline + ${last(margins)} %` }
    }
    case 'value':
      return relative(usual.value)
    case 'latency': {
      if (given)
        return {
          unit: 'share',
          margins: given,
          written: `slow requests of ${check.name} < baseline + ${last(given)} %`,
        }
      const margins = stepMargins(usual.slower, 'slower', direction, rungs)
      return { unit: 'slower', margins, written: `p99 of ${check.name} < ${1 + usual.slower} × baseline` }
    }
  }
}

/** What the judge of a rollout is opened with. The least bake is the ladder's own rule, not the judge's. */
export const judgeSettings = (
  policy: {
    metrics?: MetricsPolicy | undefined
    rollout: Pick<RolloutPolicy, 'alpha' | 'warmup' | 'assume'>
  },
  rungs: readonly Rung[],
  history: readonly Observation[],
  learnt?: Learnt,
  times: readonly LearntSpread[] = [],
): JudgeSettings => ({
  criteria: withLearnt(criteriaOf(policy.metrics, rungs), learnt, times),
  alpha: policy.rollout.alpha,
  warmUpSeconds: policy.rollout.warmup,
  assume: { dispersion: policy.rollout.assume.dispersion, spread: policy.rollout.assume.spread },
  history,
})
