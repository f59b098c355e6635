import { type BaselineKind, baselineShort } from '../baseline/baseline-kind.ts'
import type { Learnt, LearntSpread } from '../baseline/learnt.ts'
import type { MetricCheck } from '../config/metrics-policy.ts'
import type { MetricCriterion } from '../verdict/criterion.ts'

/** A criterion with its baseline; that it is not the stable version side by side is part of what is written. */
export const comparedWith = (
  criterion: MetricCriterion,
  check: MetricCheck,
  usual: BaselineKind,
): MetricCriterion => {
  const baseline = check.baseline ?? usual
  if (baseline === 'stable') return criterion
  const percent = 'objective' in check ? check.objective : undefined
  const objective = baseline === 'objective' && percent !== undefined ? { objective: percent / 100 } : {}
  const meant = objective.objective === undefined ? baselineShort(baseline) : `${percent} %`
  return {
    ...criterion,
    ...objective,
    baseline,
    written: `${criterion.written ?? criterion.metric} (baseline: ${meant})`,
  }
}

/** The criteria with what past releases taught of their arms, and `times` of how much times differ. */
export const withLearnt = (
  criteria: readonly MetricCriterion[],
  { armSpread }: Pick<Learnt, 'armSpread'> = { armSpread: [] },
  times: readonly LearntSpread[] = [],
): MetricCriterion[] =>
  criteria.map((criterion) => {
    const { baseline = 'stable' } = criterion
    const learnt = baseline === 'previous-release' ? times : baseline === 'stable' ? armSpread : []
    const known = learnt.find(({ metric }) => metric === criterion.metric)
    return known ? { ...criterion, armSpread: known.spread, taughtBy: known.releases } : criterion
  })
