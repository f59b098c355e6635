import { combine, hear, type Step, wantedAt } from './combine.ts'
import { observedBy } from './criterion.ts'
import { addObservation, type MetricState, openMetric } from './metric-state.ts'
import type { Observation } from './observation.ts'
import { metricVerdict, summary } from './report.ts'
import { type JudgeSettings, type Rules, rulesOf } from './settings.ts'
import type { Verdict } from './verdict.ts'

/** Everything a judge remembers between looks: JSON, of the same size after any number of looks. */
export type JudgeState = { schema: 1; rules: Rules; metrics: MetricState[]; at: number | null }

/**
 * A judge that has looked at nothing yet. `settings.history` teaches baseline and noise and is no evidence.
 * Throws a ConfigurationError on criteria that cannot be judged.
 */
export function openJudge(settings: JudgeSettings): JudgeState {
  const rules = rulesOf(settings)
  const metrics = settings.criteria.map((criterion) => openMetric(criterion, settings.history ?? [], rules))
  return { schema: 1, rules, metrics, at: null }
}

/**
 * One look: the observations since the last one, and where the rollout stands.
 *
 * Null hypotheses, guarantees and sources are those of `rollbackEvidence`, `promotionEvidence` and `combine`: a release
 * that is no worse than half the margins is rolled back with chance at most alpha over all looks together, and one that
 * is worse by a margin passes the step that proves it with chance at most 1 in 10 (1 in 20 at the last step). A look
 * without data changes no evidence and is never healthy; intervals may have any length and may be missed.
 */
export function look(
  state: JudgeState,
  observations: readonly Observation[],
  step: Step,
): { state: JudgeState; verdict: Verdict } {
  const { rules } = state
  const inOrder = [...observations].sort((a, b) => a.from - b.from)
  // A provider that repeats what was counted already has nothing to say.
  const isNew = ({ metric, to }: Observation) => {
    const counted = state.metrics.find(({ criterion }) => observedBy(criterion) === metric)?.counted ?? null
    return counted === null || !(to <= counted)
  }
  const wasSeen = (name: string) =>
    state.metrics.some(({ criterion, seen }) => criterion.metric === name && seen !== null)
  const spoke = new Set([
    ...inOrder.filter(isNew).map(({ metric }) => metric),
    ...(step.waiting ?? []).filter(wasSeen),
  ])
  const metrics = state.metrics.map((metric) =>
    inOrder
      .filter((observation) => observation.metric === observedBy(metric.criterion))
      .reduce((known, observation) => addObservation(known, observation, rules), metric),
  )
  const ends = inOrder.map(({ to }) => to).filter((to) => Number.isFinite(to))
  const at =
    ends.length > 0 || state.at !== null ? Math.max(...ends, state.at ?? Number.NEGATIVE_INFINITY) : null
  const heard = hear(metrics, spoke, step, rules)
  const combined = combine(heard, step, rules)
  const demands = { wanted: wantedAt(rules, step), limit: 1 / rules.alpha }
  const reports = heard.map((one) => metricVerdict(one, combined, demands))
  const verdict: Verdict = {
    schema: 1,
    verdict: combined.verdict,
    reason: combined.reason,
    ...(combined.metric === null ? {} : { metric: combined.metric }),
    at,
    step: step.index,
    weight: step.weight,
    words: summary(combined, reports),
    evidenceAgainst: reports.length > 0 ? Math.min(combined.against, 1e9) : 0,
    metrics: reports,
  }
  return { state: { ...state, metrics, at }, verdict }
}
