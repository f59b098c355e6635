import { marginAt } from './comparison.ts'
import { sumCounts } from './instance-counts.ts'
import type { JudgedStream, MetricState } from './metric-state.ts'
import type { Rules } from './settings.ts'
import { betEvidence } from './sign-bets.ts'
import { doubtedEvidence, guardedEvidence, streamEvidence } from './stream-evidence.ts'
import { valueShift, valuesUnprovable, valuesWithin, worseValues } from './value-evidence.ts'
import type { ArmFigures } from './verdict.ts'
import type { VerdictReason } from './verdict-reasons.ts'

/** Fewer releases show a spread no better than to a fifth; what is believed without any still bounds it then. */
const SURELY_TAUGHT = 12

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
  if (criterion.kind === 'value') return outcomeOfValues(state, step, wanted, rules)
  const weak = isWeak(criterion)
  const spreads = spreadsOf(criterion, rules)
  const judged = state.streams.map((one) => ({
    ...one,
    evidence: streamEvidence(one.stream, one.comparison, step, wanted, { ...rules, ...spreads }),
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
    const guarded = guardedEvidence(stream, comparison, spreadsOf(state.criterion, rules).blameSpread)
    instance ??= guarded.instance
    sum += share * guarded.evidence
  }
  if (instance === null) return null
  return { against: Math.min(against, sum), instance }
}

/** The evidence against of a metric that is counted, read again with all that is known by now (`doubtedEvidence`). */
export function doubtedOutcome(state: MetricState, step: number, against: number, rules: Rules): number {
  if (!state.streams.some(({ stream }) => stream.rollback)) return against
  const { baseline = 'stable' } = state.criterion
  const { blameSpread } = spreadsOf(state.criterion, rules)
  const how = { alpha: rules.alpha, blameSpread, sideBySide: baseline === 'stable' || baseline === 'staging' }
  const now = state.streams.reduce(
    (sum, { stream, comparison, share }) => sum + share * doubtedEvidence(stream, comparison, step, how),
    0,
  )
  return Math.min(against, now)
}

/** A comparison with another time promotes only where it is known how much such times differ. */
function isWeak({ baseline, armSpread }: MetricState['criterion']): boolean {
  return baseline === 'previous-release' && armSpread === undefined
}

/** What is known of whole arms: of all metrics, and of this one. */
function spreadsOf({ armSpread, taughtBy = 0 }: MetricState['criterion'], rules: Rules) {
  if (armSpread === undefined) return { armSpread: rules.armSpread, blameSpread: rules.blameSpread }
  const known = Math.max(armSpread, rules.armSpread)
  return {
    armSpread: known,
    blameSpread: taughtBy < SURELY_TAUGHT ? Math.max(known, rules.blameSpread) : known,
  }
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
  const counts = arm === 'canary' ? stream.canary : [{ instance: '', ...stream.stableSince }]
  const exchanged = stream.exchanged ? [{ instance: '', ...stream.exchanged[arm] }] : []
  const { total, events } = sumCounts([...counts, ...exchanged])
  return { total, events, rate: total > 0 ? events / total : null }
}

/**
 * Of plain values. Two e-values must agree, so that neither lasting differences between instances (`worseValues`) nor a
 * few wild looks (`betEvidence`) decide: the smaller one is an e-value for the union of their null hypotheses.
 */
function outcomeOfValues(
  { criterion, bets, shift, values }: MetricState,
  step: number,
  wanted: number,
  rules: Rules,
): Outcome {
  const { alpha, assume } = rules
  const { ceiling, margins } = criterion
  const margin = marginAt({ scale: 'relative', worse: 1, margins, ceiling: null }, step)
  const signs = bets ? betEvidence(bets, margin) : { against: 1, beyond: 1, for: 1 }
  const worse = shift
    ? Math.min(signs.against, worseValues(shift, assume.spread, spreadsOf(criterion, rules).blameSpread))
    : 1
  const within = shift && margin !== null ? valuesWithin(shift, margin, assume.spread) : signs.for
  const proven = Math.min(signs.for, within)
  const ceilingShare = ceiling === undefined ? 0 : margin === null ? 1 : 0.5
  const interval = shift ? valueShift(shift, assume.spread, alpha) : null
  const sign = criterion.direction === 'lower-is-better' ? 1 : -1
  const ends = interval ? [sign * interval.low, sign * interval.high].sort((a, b) => a - b) : null
  return {
    against: (1 - ceilingShare) * worse + ceilingShare * signs.beyond,
    for: isWeak(criterion) ? 1 : proven,
    weak: isWeak(criterion),
    harm:
      ceilingShare * signs.beyond > (1 - ceilingShare) * worse
        ? 'ceiling-exceeded'
        : (harms[criterion.about ?? 'saturation'] ?? 'value-worse'),
    unprovable: shift !== null && margin !== null && valuesUnprovable(shift, margin, assume.spread, wanted),
    learning: shift !== null && shift.looks === 0,
    canary: { total: values.looks, events: 0, rate: values.canary },
    stable: { total: values.looks, events: 0, rate: values.stable },
    estimate: interval ? sign * interval.shift : null,
    bounds: ends ? [ends[0] ?? 0, ends[1] ?? 0] : null,
    margin,
  }
}
