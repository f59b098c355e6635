import { explainIssue } from '../config/explain-issue.ts'
import type { MetricsPolicy } from '../config/metrics-policy.ts'
import type { RolloutPolicy } from '../config/rollout-policy.ts'
import { ladder, type Rung } from '../rollout/ladder.ts'
import { observedBy } from '../verdict/criterion.ts'
import { look, openJudge } from '../verdict/judge.ts'
import type { MetricVerdict, Verdict, VerdictValue } from '../verdict/verdict.ts'
import type { VerdictReason } from '../verdict/verdict-reasons.ts'
import { impossibleCounts } from './impossible-counts.ts'
import { observationOf } from './observations.ts'
import { lengthOf, type Trace, traceSchema } from './trace.ts'
import { tracedSettings } from './traced-criteria.ts'

/** What the criteria would have said of a trace. `at`: seconds after its beginning, null when nothing was decided. */
export type Replayed = {
  name: string
  verdict: VerdictValue
  at: number | null
  reason: VerdictReason
  estimate: number | null
  bounds: [number, number] | null
  /** The one instance that decided: to be replaced, or the one whose data cannot be judged. */
  instance?: string
  /** What is wrong with the trace or its data, in one sentence. */
  detail?: string
}

/** What a repository's configuration says of rollouts. */
export type ReplayPolicy = { rollout: RolloutPolicy; metrics?: MetricsPolicy | undefined }

/**
 * One line of traces, judged as `verify-metrics` would have: unhealthy at the first look that rolls back, else healthy at
 * the first look that proves the margin of the last step in the trace, else inconclusive. Bad lines are inconclusive,
 * and named by their `number` where it is given.
 */
export function replayLine(line: string, policy: ReplayPolicy, number?: number): Replayed {
  const bad = (name: string, detail: string): Replayed => ({
    name,
    verdict: 'inconclusive',
    at: null,
    reason: 'bad-data',
    estimate: null,
    bounds: null,
    detail: number === undefined ? detail : `line ${number}: ${detail}`,
  })
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return bad('', 'it is not JSON')
  }
  const { data, error } = traceSchema.safeParse(value)
  if (data) return replayTrace(data, policy)
  const name = value !== null && typeof value === 'object' && 'name' in value ? value.name : ''
  const [issue] = error.issues
  const [fault] = issue ? explainIssue(issue, value, traceSchema) : []
  return bad(typeof name === 'string' ? name : '', fault?.message.replace(/^: /, 'the trace: ') ?? 'no trace')
}

/** The same for a trace that was read already. */
export function replayTrace(trace: Trace, policy: ReplayPolicy): Replayed {
  const { interval, arms, history = [] } = trace
  const rungs = ladder(policy.rollout)
  const settings = tracedSettings(trace, policy, rungs)
  const observed = [
    ...new Map(
      settings.criteria.map((one) => [observedBy(one), { ...one, metric: observedBy(one) }]),
    ).values(),
  ]
  const learnt = lengthOf(history)
  const past = Array.from({ length: learnt }, (_, at) =>
    observed.map((criterion) => {
      const when = { ends: (at + 1 - learnt) * interval, interval, weight: 0 }
      return observationOf(criterion, { canary: [], stable: history }, at, when)
    }),
  ).flat()
  const buckets = lengthOf([...arms.canary, ...arms.stable])
  const final = stepAt(rungs, weightAt(trace, Math.max(0, buckets - 1)))
  let state = openJudge({ ...settings, history: past })
  let proven: Replayed | null = null
  let last: Verdict | null = null
  let entered = { step: -1, at: 0 }
  for (let at = 0; at < buckets; at++) {
    const ends = (at + 1) * interval
    const weight = weightAt(trace, at)
    const step = trace.margin === undefined ? stepAt(rungs, weight) : { index: 0, last: true }
    if (step.index !== entered.step) entered = { step: step.index, at: at * interval }
    const observations = observed.map((criterion) =>
      observationOf(criterion, arms, at, { ends, interval, weight }),
    )
    const answer = look(state, observations, { ...step, weight, elapsedSeconds: ends - entered.at })
    state = answer.state
    last = answer.verdict
    if (last.verdict === 'unhealthy') return replayed(trace, last, ends)
    const decides = trace.margin !== undefined || step.index === final.index
    if (last.verdict === 'healthy' && decides) proven ??= replayed(trace, last, ends)
  }
  if (proven) return proven
  const open = replayed(trace, last, null)
  return open.verdict === 'healthy' ? { ...open, verdict: 'inconclusive', reason: 'not-proven-yet' } : open
}

function weightAt({ weight }: Trace, at: number): number {
  if (typeof weight === 'number') return weight
  return weight[Math.min(at, weight.length - 1)] ?? 0
}

/** The rung whose weight the canary has; between two, the lower one. */
function stepAt(rungs: readonly Rung[], weight: number): { index: number; last: boolean } {
  const compared = rungs.filter((rung) => rung.weight < 100)
  const reached = compared.filter((rung) => rung.weight <= weight + 1e-9)
  const index = Math.max(0, reached.length - 1)
  return { index, last: index === compared.length - 1 }
}

function replayed(trace: Trace, verdict: Verdict | null, at: number | null): Replayed {
  const one = verdict?.metrics.find(({ metric }) => metric === verdict.metric) ?? verdict?.metrics[0]
  const impossible = impossibleCounts(trace)
  const own = impossible !== null && one?.reason === 'bad-data' ? undefined : sinceStart(one)
  const details = [impossible, own].filter((text) => typeof text === 'string')
  return {
    name: trace.name,
    verdict: verdict?.verdict ?? 'inconclusive',
    at,
    reason: verdict?.reason ?? 'no-data',
    estimate: one?.estimate ?? null,
    bounds: one?.bounds ?? null,
    ...(one?.instance === undefined || one.metric !== verdict?.metric ? {} : { instance: one.instance }),
    ...(details.length === 0 ? {} : { detail: details.join('; ') }),
  }
}

/** A trace has no date: its moments are seconds since its start. */
function sinceStart(one: MetricVerdict | undefined): string | undefined {
  return one?.detail?.replace(/ since \d{4}-\d{2}-\d{2}T[\d:.]+Z$/, ` since ${one.since} s after the start`)
}
