import { marginAt } from './comparison.ts'
import { sumCounts } from './instance-counts.ts'
import type { JudgedStream, MetricState } from './metric-state.ts'
import type { Rules } from './settings.ts'
import { betEvidence } from './sign-bets.ts'
import { guardedEvidence, streamEvidence } from './stream-evidence.ts'
import type { ArmFigures } from './verdict.ts'
import type { VerdictReason } from './verdict-reasons.ts'

/** What a metric with evidence says at one step. */
export type Outcome = {
  against: number
  for: number
  /** The reason a rollback on this metric would have. */
  harm: VerdictReason
  unprovable: boolean
  learning: boolean
  /** Whether the baseline can only speak against: nothing is known of how much other times differ. */
  weak: boolean
  canary: ArmFigures
  stable: ArmFigures
  estimate: number | null
  bounds: [number, number] | null
  margin: number | null
}

const harms: Record<string, VerdictReason> = {
  errors: 'error-rate-above-margin',
  latency: 'latency-above-margin',
  business: 'business-decline',
  dependency: 'dependency-failures',
  saturation: 'value-worse',
  health: 'health-checks-failing',
}

/**
 * Evidence of one metric. Several edges of a latency: the weighted mean of their e-values speaks against (valid under
 * any dependence), the edge of the quantile to prove speaks for.
 */
export function outcomeOf(state: MetricState, step: number, wanted: number, rules: Rules): Outcome {
  const { criterion } = state
  if (criterion.kind === 'value') return outcomeOfValues(state, step)
  const weak = isWeak(criterion)
  const armSpread = spreadOf(criterion, rules)
  const judged = state.streams.map((one) => ({
    ...one,
    evidence: streamEvidence(one.stream, one.comparison, step, wanted, { ...rules, armSpread }),
  }))
  const proving = judged.find(({ edge }) => edge?.proves ?? true)
  const overCeiling = judged.some(({ evidence }) => evidence.ceiling)
  return {
    against:
      judged.length > 0 ? judged.reduce((sum, { share, evidence }) => sum + share * evidence.against, 0) : 1,
    for: weak ? 1 : (proving?.evidence.for ?? 1),
    weak,
    harm: overCeiling ? 'ceiling-exceeded' : harmOf(state),
    unprovable: proving?.evidence.unprovable ?? false,
    learning: !proving || proving.stream.looks === 0,
    canary: figures(proving, 'canary'),
    stable: figures(proving, 'stable'),
    estimate: proving?.evidence.estimate ?? null,
    bounds: proving?.evidence.bounds ?? null,
    margin: proving?.evidence.margin ?? null,
  }
}

/** The evidence against with the one instance that carries most of it left out, where there are enough instances. */
export function guardedOutcome(state: MetricState, against: number, rules: Rules) {
  let instance: string | null = null
  let sum = 0
  for (const { stream, comparison, share } of state.streams) {
    const guarded = guardedEvidence(stream, comparison, spreadOf(state.criterion, rules))
    if (!guarded) return null
    instance ??= guarded.instance
    sum += share * guarded.evidence
  }
  if (instance === null) return null
  return { against: Math.min(against, sum), instance }
}

/** A comparison with another time promotes only where it is known how much such times differ. */
function isWeak({ baseline, armSpread }: MetricState['criterion']): boolean {
  return baseline === 'previous-release' && armSpread === undefined
}

/** What is known of whole arms: of all metrics, and of this one. */
function spreadOf({ armSpread = 0 }: MetricState['criterion'], rules: Rules): number {
  return Math.max(armSpread, rules.armSpread)
}

function harmOf({ criterion: { about, kind, direction } }: MetricState): VerdictReason {
  const rate = direction === 'higher-is-better' ? 'business' : 'dependency'
  const subject = { ratio: 'errors', latency: 'latency', rate, value: 'saturation', health: 'health' }[kind]
  return harms[about ?? subject] ?? 'error-rate-above-margin'
}

function figures(judged: JudgedStream | undefined, arm: 'canary' | 'stable'): ArmFigures {
  if (!judged) return { total: 0, events: 0, rate: null }
  const { stream, comparison } = judged
  if (arm === 'stable' && comparison.objective !== undefined)
    return { total: 0, events: 0, rate: comparison.objective }
  const { total, events } = arm === 'canary' ? sumCounts(stream.canary) : stream.stableSince
  return { total, events, rate: total > 0 ? events / total : null }
}

function outcomeOfValues({ criterion, bets, values }: MetricState, step: number): Outcome {
  const margin = marginAt({ scale: 'relative', worse: 1, margins: criterion.margins, ceiling: null }, step)
  const evidence = bets ? betEvidence(bets, margin) : { against: 1, beyond: 1, for: 1 }
  const overCeiling = evidence.beyond > evidence.against
  const both = criterion.ceiling !== undefined && margin !== null
  const { canary, stable, looks } = values
  const change =
    canary === null || stable === null || stable === 0 ? null : (canary - stable) / Math.abs(stable)
  return {
    against: both
      ? (evidence.against + evidence.beyond) / 2
      : margin === null
        ? evidence.beyond
        : evidence.against,
    for: isWeak(criterion) ? 1 : evidence.for,
    weak: isWeak(criterion),
    harm: overCeiling ? 'ceiling-exceeded' : (harms[criterion.about ?? 'saturation'] ?? 'value-worse'),
    unprovable: false,
    learning: false,
    canary: { total: looks, events: 0, rate: canary },
    stable: { total: looks, events: 0, rate: stable },
    estimate: change !== null && Number.isFinite(change) ? change : null,
    bounds: null,
    margin,
  }
}
