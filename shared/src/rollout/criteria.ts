import type { MetricCheck, MetricsPolicy } from '../config/metrics-policy.ts'
import type { RolloutPolicy } from '../config/rollout-policy.ts'
import type { MetricCriterion } from '../verdict/criterion.ts'
import type { Observation } from '../verdict/observation.ts'
import type { JudgeSettings } from '../verdict/settings.ts'
import type { Rung } from './ladder.ts'

/** A business count may fall by 5 % and p99 be 1.2 times the baseline's, unless a check says otherwise. */
const defaultFall = 0.05
const defaultSlower = 0.2
/** A plain value differs between instances all the time: a fifth is the least that says anything. */
export const defaultValueMargin = 0.2

/** The criteria that a plan's checks stand for; percentage points become shares. */
export const criteriaOf = (policy: MetricsPolicy | undefined, rungs: readonly Rung[]): MetricCriterion[] => {
  if (!policy) return []
  const criteria = policy.checks.map((check) => criterionOf(check, rungs))
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

const criterionOf = (check: MetricCheck, rungs: readonly Rung[]): MetricCriterion => {
  const shares = check.margins?.map((points) => points / 100)
  const common = {
    metric: check.name,
    required: check.required,
    ...(check.about ? { about: check.about } : {}),
  }
  switch (check.kind) {
    case 'ratio': {
      const steps = rungs.flatMap(({ margin }) => (margin === null ? [] : [margin / 100]))
      const margins = shares ?? steps
      const written = `${check.name}: at most ${list(margins)} percentage points more than stable`
      const ceiling = check.ceiling === undefined ? {} : { ceiling: check.ceiling / 100 }
      return {
        ...common,
        kind: 'ratio',
        direction: 'lower-is-better',
        unit: 'share',
        margins,
        written,
        ...ceiling,
      }
    }
    case 'rate': {
      const margins = shares ?? [defaultFall]
      const way = check.direction === 'higher-is-better' ? 'lower' : 'higher'
      const written = `${check.name}: at most ${list(margins)} % ${way} than stable`
      return { ...common, kind: 'rate', direction: check.direction, unit: 'relative', margins, written }
    }
    case 'latency': {
      const margins = shares ?? [defaultSlower]
      const unit = shares ? 'share' : 'slower'
      const written = shares
        ? `${check.name}: at most ${list(margins)} percentage points more slow requests than stable`
        : `${check.name}: p99 at most ${1 + defaultSlower} times that of stable`
      return { ...common, kind: 'latency', direction: 'lower-is-better', unit, margins, written }
    }
    case 'value': {
      const { direction, ceiling } = check
      const margins = shares ?? [defaultValueMargin]
      const [way, side] = direction === 'lower-is-better' ? ['higher', 'above'] : ['lower', 'below']
      const limit = ceiling === undefined ? '' : `, never ${side} ${ceiling}`
      const written = `${check.name}: at most ${list(margins)} % ${way} than stable${limit}`
      return {
        ...common,
        kind: 'value',
        direction,
        unit: 'relative',
        margins,
        written,
        ...(ceiling === undefined ? {} : { ceiling }),
      }
    }
  }
}

const list = (shares: readonly number[]): string =>
  [...new Set(shares)].map((share) => Number((share * 100).toPrecision(6))).join(' / ')

/** What the judge of a rollout is opened with. The least bake is the ladder's own rule, not the judge's. */
export const judgeSettings = (
  policy: {
    metrics?: MetricsPolicy | undefined
    rollout: Pick<RolloutPolicy, 'alpha' | 'warmup' | 'assume'>
  },
  rungs: readonly Rung[],
  history: readonly Observation[],
): JudgeSettings => ({
  criteria: criteriaOf(policy.metrics, rungs),
  alpha: policy.rollout.alpha,
  warmUpSeconds: policy.rollout.warmup,
  assume: { dispersion: policy.rollout.assume.dispersion, spread: policy.rollout.assume.spread },
  history,
})
