import { observedBy } from './criterion.ts'
import { healthVerdict } from './health.ts'
import { doubtedOutcome, guardedOutcome, type Outcome, outcomeOf } from './metric-outcome.ts'
import { type MetricState, needsNoStable } from './metric-state.ts'
import type { Rules } from './settings.ts'
import type { Fault } from './usable-arms.ts'
import type { VerdictValue } from './verdict.ts'
import type { VerdictReason } from './verdict-reasons.ts'

/** The step of the ladder a look is made at. */
export type Step = {
  index: number
  last: boolean
  elapsedSeconds: number
  weight: number
  /** Metrics whose next numbers are not due at this look; what they last said still holds. */
  waiting?: readonly string[] | undefined
}

/** One metric's evidence, or its health, and whether it is silent at this look. */
export type Heard = { state: MetricState; outcome: Outcome | null; fault: Fault | null; vanished: boolean }

/** The combined answer of a look. */
export type Combined = {
  verdict: VerdictValue
  reason: VerdictReason
  metric: string | null
  instance: string | null
  against: number
}

/** E-value that promotes at a step. */
export function wantedAt({ promote }: Rules, step: Step): number {
  return step.last ? promote.last : promote.intermediate
}

/** What each metric says; `spoke` are the metrics with an observation in this look. */
export function hear(
  states: readonly MetricState[],
  spoke: ReadonlySet<string>,
  step: Step,
  rules: Rules,
): Heard[] {
  return states.map((state) => {
    const { kind } = state.criterion
    const observed = observedBy(state.criterion)
    const vanished = state.seen !== null && (!spoke.has(observed) || state.fault?.reason === 'no-data')
    const outcome = kind === 'health' ? null : outcomeOf(state, step.index, wantedAt(rules, step), rules)
    return { state, outcome, vanished, fault: spoke.has(observed) ? state.fault : silence(state) }
  })
}

function silence({ criterion, seen }: MetricState): Fault {
  const { metric } = criterion
  return seen === null
    ? {
        reason: 'no-data',
        detail: `${metric}: no data of ${needsNoStable(criterion) ? 'the canary' : 'either arm'} yet`,
      }
    : { reason: 'metric-vanished', detail: `${metric}: no data since ${new Date(seen * 1000).toISOString()}` }
}

/**
 * The answer of one look.
 *
 * Against: the weighted mean of the metrics' e-values is an e-value for "no metric is worse", under any dependence
 * between them (Vovk and Wang 2021); it rolls back at 1/alpha, so metrics may be added without more false rollbacks.
 * For: every required metric must pass its own e-value (intersection-union test, Berger 1982; needs no correction).
 * Evidence that would roll back is read once more, with what is known of noise by now (`doubtedEvidence`).
 * A failing health check is a fact and rolls back at once.
 */
export function combine(heard: readonly Heard[], step: Step, rules: Rules): Combined {
  const limit = 1 / rules.alpha
  const all = heard.map((one) => (one.outcome ? known(one.outcome.against) : 0))
  const against = weightedMean(heard, all)
  const answer = (
    verdict: VerdictValue,
    reason: VerdictReason,
    one?: Heard,
    instance: string | null = null,
  ) => ({
    verdict,
    reason,
    metric: one?.state.criterion.metric ?? null,
    instance,
    against,
  })
  const sick = heard.find(({ state }) => state.health && healthVerdict(state.health).verdict === 'unhealthy')
  if (sick) return answer('unhealthy', 'health-checks-failing', sick, sick.state.health?.failing[0] ?? null)
  if (against >= limit) {
    const worst = plainest(strongest(heard, all), heard, limit)
    const guards = heard.map((one) => one.outcome && guardedOutcome(one.state, one.outcome.against, rules))
    const guarded = weightedMean(
      heard,
      all.map((e, at) => guards[at]?.against ?? e),
    )
    const instance = worst ? (guards[heard.indexOf(worst)]?.instance ?? null) : null
    if (guarded < limit) return answer('inconclusive', 'one-instance', worst, instance)
    const doubted = weightedMean(
      heard,
      heard.map(({ state, outcome }, at) =>
        outcome ? doubtedOutcome(state, step.index, all[at] ?? 1, rules) : 0,
      ),
    )
    if (doubted < limit) return answer('inconclusive', 'too-little-seen', worst)
    return answer('unhealthy', worst?.outcome?.harm ?? 'error-rate-above-margin', worst)
  }
  const broken = heard.find(({ outcome }) => outcome && Number.isNaN(outcome.against + outcome.for))
  if (broken) return answer('inconclusive', 'bad-data', broken)
  // Before anything that is only lacking: at 100 % the stable version always is, and what it lacks hides no harm.
  if (against >= rules.promote.intermediate)
    return answer('inconclusive', 'evidence-against', strongest(heard, all))
  const required = heard.filter(({ state }) => state.criterion.required)
  const silent = required.find(({ fault }) => fault) ?? heard.find(({ vanished }) => vanished)
  if (silent)
    return answer(
      'inconclusive',
      silent.vanished ? 'metric-vanished' : (silent.fault?.reason ?? 'no-data'),
      silent,
    )
  const unwell = heard.find(({ state }) => state.health && healthVerdict(state.health).verdict !== 'healthy')
  if (unwell?.state.health && (unwell.state.health.failing.length > 0 || unwell.state.criterion.required)) {
    const { reason } = healthVerdict(unwell.state.health)
    return answer('inconclusive', reason, unwell, unwell.state.health.failing[0] ?? null)
  }
  if (required.length === 0) return answer('inconclusive', 'no-required-metric')
  const least = rules.minSeconds[Math.min(step.index, rules.minSeconds.length - 1)] ?? 0
  if (step.elapsedSeconds < least) return answer('inconclusive', 'minimum-bake')
  const wanted = wantedAt(rules, step)
  const open = required.filter(({ outcome }) => outcome && !(outcome.for >= wanted))
  const weak = open.find(({ outcome }) => outcome?.weak)
  if (weak) return answer('inconclusive', 'baseline-too-weak', weak)
  const hopeless = open.find(({ outcome }) => outcome?.unprovable)
  if (hopeless) return answer('inconclusive', 'unprovable', hopeless)
  const [first] = open
  if (first)
    return answer('inconclusive', first.outcome?.learning ? 'learning-baseline' : 'not-proven-yet', first)
  return answer('healthy', 'proven')
}

/** One metric whose arithmetic failed must not hide what the others say against the release. */
function known(evidence: number): number {
  return Number.isNaN(evidence) ? 1 : evidence
}

function weightedMean(heard: readonly Heard[], evidence: readonly number[]): number {
  let sum = 0
  let weights = 0
  for (const [at, { state, outcome }] of heard.entries()) {
    if (!outcome) continue
    const { weight = 1 } = state.criterion
    sum += weight * (evidence[at] ?? 1)
    weights += weight
  }
  return weights > 0 ? sum / weights : 1
}

/** A comparison that is enough by itself says more to people than the limit beside it. */
function plainest(worst: Heard | undefined, heard: readonly Heard[], limit: number): Heard | undefined {
  const observed = worst?.state.criterion.observes
  const beside = heard.find(({ state }) => observed !== undefined && state.criterion.metric === observed)
  return beside?.outcome && known(beside.outcome.against) >= limit ? beside : worst
}

function strongest(heard: readonly Heard[], evidence: readonly number[]): Heard | undefined {
  const weighted = heard.map(({ state, outcome }, at) =>
    outcome ? (state.criterion.weight ?? 1) * (evidence[at] ?? 0) : -1,
  )
  return heard[weighted.indexOf(Math.max(...weighted))]
}
