import { baselineGuarantee, baselinePlace, baselineShort } from '../baseline/baseline-kind.ts'
import type { Combined, Heard } from './combine.ts'
import type { MetricCriterion } from './criterion.ts'
import { healthVerdict } from './health.ts'
import type { ArmFigures, MetricVerdict, VerdictValue } from './verdict.ts'
import type { VerdictReason } from './verdict-reasons.ts'
import { verdictReasons } from './verdict-reasons.ts'
import { armWords, evidenceWords } from './words.ts'

/** Larger evidence is no better, and JSON has no infinity. */
const MOST = 1e9

/** One metric's part of the verdict. */
export function metricVerdict(
  one: Heard,
  combined: Combined,
  demands: { wanted: number; limit: number },
): MetricVerdict {
  const { state, outcome, fault, vanished } = one
  const { criterion, seen } = state
  const { verdict, reason } = answerOf(one, combined, demands)
  const evidence = { against: outcome?.against ?? 1, for: outcome?.for ?? 1 }
  const decided =
    combined.metric === criterion.metric && combined.instance !== null ? combined.instance : null
  const instance = decided ?? fault?.instance ?? state.streams.find(({ stream }) => stream.bad)?.stream.bad
  return {
    metric: criterion.metric,
    criterion: criterion.written ?? criterion.metric,
    verdict,
    reason,
    canary: outcome?.canary ?? healthFigures(one),
    stable: outcome?.stable ?? { total: 0, events: 0, rate: null },
    estimate: outcome?.estimate ?? null,
    bounds: outcome?.bounds ?? null,
    margin: outcome?.margin ?? null,
    ...measuredIn(one),
    evidenceAgainst: rounded(evidence.against),
    evidenceFor: rounded(evidence.for),
    words: outcome ? evidenceWords(verdict, evidence, demands) : healthWords(one),
    ...(fault ? { detail: vanished ? sinceWhen(fault.detail, seen) : fault.detail } : {}),
    ...(instance ? { instance } : {}),
    ...(vanished && seen !== null ? { since: seen } : {}),
    ...worthOf(criterion),
  }
}

function answerOf(
  { state, outcome, fault, vanished }: Heard,
  combined: Combined,
  { wanted, limit }: { wanted: number; limit: number },
): { verdict: VerdictValue; reason: VerdictReason } {
  const decides = combined.metric === state.criterion.metric
  if (decides && combined.verdict === 'unhealthy') return { verdict: 'unhealthy', reason: combined.reason }
  if (decides && (combined.reason === 'one-instance' || combined.reason === 'too-little-seen'))
    return { verdict: 'inconclusive', reason: combined.reason }
  if (outcome && combined.verdict === 'unhealthy' && outcome.against >= limit)
    return { verdict: 'unhealthy', reason: outcome.harm }
  if (vanished) return { verdict: 'inconclusive', reason: 'metric-vanished' }
  if (fault) return { verdict: 'inconclusive', reason: fault.reason }
  if (state.health) return healthVerdict(state.health)
  if (!outcome) return { verdict: 'inconclusive', reason: 'no-data' }
  if (outcome.for >= wanted) return { verdict: 'healthy', reason: 'proven' }
  if (outcome.learning) return { verdict: 'inconclusive', reason: 'learning-baseline' }
  if (outcome.weak) return { verdict: 'inconclusive', reason: 'baseline-too-weak' }
  return { verdict: 'inconclusive', reason: outcome.unprovable ? 'unprovable' : 'not-proven-yet' }
}

/** How the figures of a metric are to be read. */
function measuredIn({ state: { criterion, streams } }: Heard) {
  const { kind, direction, unit, ceiling, required, margins } = criterion
  if (kind === 'health') return { kind, required }
  const proving = streams.find(({ edge }) => edge?.proves ?? true)
  const relative = proving ? proving.comparison.scale === 'relative' : unit !== 'share'
  return {
    kind,
    direction,
    unit: relative ? ('relative' as const) : ('share' as const),
    promised: (proving?.comparison.margins ?? (kind === 'latency' ? [] : margins)).at(-1) ?? null,
    required,
    ...(ceiling === undefined ? {} : { ceiling }),
    ...(proving?.edge ? { edge: proving.edge.edge } : {}),
  }
}

/** What is missing, and since when. */
function sinceWhen(detail: string, seen: number | null): string {
  return seen === null || detail.includes(' since ')
    ? detail
    : `${detail} since ${new Date(seen * 1000).toISOString()}`
}

/** Said wherever the comparison is not side by side, or not of users. */
function worthOf({ baseline = 'stable', source }: MetricCriterion) {
  const guarantees = [
    ...(baseline === 'stable' ? [] : [baselineGuarantee(baseline)]),
    ...(source ? [probesGuarantee] : []),
  ]
  return {
    ...(baseline === 'stable' ? {} : { baseline }),
    ...(source ? { source } : {}),
    ...(guarantees.length > 0 ? { guarantee: guarantees.join('; ') } : {}),
  }
}

/** What evidence of probes is worth. */
const probesGuarantee =
  'from probes: it holds for the requests that relman sent, not for those of users, and cannot be read again later'

/** One sentence for people. */
export function summary(
  { verdict, reason, metric, instance }: Combined,
  reports: readonly MetricVerdict[],
): string {
  const one = reports.find((report) => report.metric === metric)
  if (verdict === 'healthy')
    return `healthy: the margin of the step is proven for ${listed(reports)}${weakness(reports)}`
  if (!one) return `${verdict}: ${verdictReasons[reason]}`
  const where = instance === null ? '' : ` (instance ${JSON.stringify(instance.slice(0, 80))})`
  if (one.detail && verdict === 'inconclusive')
    return `${verdict}: ${one.detail}${reason === 'no-traffic' ? ` in this interval; so far ${one.words}` : ''}`
  const seen =
    one.canary.rate === null ? '' : `: ${armWords(one, one.baseline && baselinePlace(one.baseline))}`
  const shown = one.verdict === 'unhealthy' || one.canary.total > 0 ? `; ${one.words}` : ''
  const why = verdictReasons[reason].replace('the stable version', baselineShort(one.baseline ?? 'stable'))
  return `${verdict}: ${one.metric}: ${why}${where}${seen}${shown}${weakness(reports)}`
}

/** Each baseline that is weaker than side by side, with what the verdict is worth against it; and probes. */
function weakness(reports: readonly MetricVerdict[]): string {
  const kinds = new Set(reports.flatMap(({ baseline }) => (baseline ? [baseline] : [])))
  const probed = reports.some(({ source }) => source === 'probes')
  return [...kinds]
    .map((kind) => `; compared with ${baselineShort(kind)}: ${baselineGuarantee(kind)}`)
    .concat(probed ? [`; ${probesGuarantee}`] : [])
    .join('')
}

function listed(reports: readonly MetricVerdict[]): string {
  return reports
    .filter(({ verdict }) => verdict === 'healthy')
    .map(({ metric }) => metric)
    .join(', ')
}

function healthFigures({ state: { health } }: Heard): ArmFigures {
  const total = health?.samples ?? 0
  const events = health?.failing.length ?? 0
  return { total, events, rate: total > 0 ? events / total : null }
}

function healthWords({ state: { health } }: Heard): string {
  if (!health || health.samples === 0) return 'no instance seen'
  const failing = health.failing.length
  return failing > 0
    ? `${failing} of ${health.samples} instances fail`
    : `all ${health.samples} instances answer`
}

function rounded(evidence: number): number {
  return Number.isNaN(evidence) ? 0 : Number(Math.min(evidence, MOST).toPrecision(6))
}
