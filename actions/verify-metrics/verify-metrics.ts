import type { Plan } from '@relman/core/plan/plan'
import type { Clock } from '@relman/core/ports/clock'
import type { GitHub } from '@relman/core/ports/github'
import type { MetricsProvider } from '@relman/core/ports/metrics'
import type { RecordStore } from '@relman/core/ports/record-store'
import { withoutProbes } from '@relman/core/rollout/from-probes'
import { ladder } from '@relman/core/rollout/ladder'
import { measuredIn } from '@relman/core/rollout/measured-in'
import { entriesOf, fold } from '@relman/core/rollout/progress'
import type { Visit } from '@relman/core/rollout/rollout-state'
import { readPlan } from '@relman/core/runtime/exposure/read-plan'
import type { Outcome } from '@relman/core/runtime/outcome'
import { type Inputs, windowOf } from './inputs.ts'
import { accountOf, evidenceOutcome, windowOutcome } from './outcome.ts'
import { type Recomputed, recompute } from './recompute.ts'
import { holdsTraces, replayTraces } from './replay-traces.ts'
import { judgeReported } from './reported-probes.ts'
import { atItsEnd } from './window-end.ts'

export type Ports = {
  github: GitHub
  record: Pick<RecordStore, 'plan'>
  clock: Clock
  openProvider: (plan: Plan) => MetricsProvider
  /** Writes a file for later steps of the job and gives its path. */
  write: (name: string, text: string) => Promise<string>
  /** The text of a file of the caller's checkout. */
  read: (path: string) => Promise<string>
}

/**
 * Judges from the provider's range query alone: one window, or every visited step of a rollout; or a file of traces. It
 * moves nothing and writes nothing but its verdict, and runs none of the caller's code but a provider that is a program,
 * so a dry run does the same.
 */
export const verifyMetrics = async (input: Inputs, ports: Ports, signal: AbortSignal): Promise<Outcome> => {
  const whole = await readPlan(ports.record, input.digest)
  const now = ports.clock.now() / 1000
  const { place } = input
  const told = async (plan: Plan, found: Recomputed, outcome: Outcome): Promise<Outcome> => {
    const text = JSON.stringify(accountOf(plan, found, input.digest, outcome, now))
    // The evidence is in the outputs whether or not the file can be written.
    const path = await ports.write('verdict.json', text).catch(() => '')
    return { ...outcome, outputs: { ...outcome.outputs, 'verdict-file': path } }
  }
  const file = whole.policy.metrics?.file?.path
  if (file !== undefined && input.deployment === null && input.since === null) {
    const traces = await ports.read(file)
    if (holdsTraces(traces)) return replayTraces(whole, traces, ports.write)
  }
  if (input.deployment === null) {
    const { from, to } = windowOf(input, now)
    // In staging one version follows the other: the time before the window, as long as it, is the earlier version's.
    const before = place === 'staging' ? from - (to - from) : null
    const plan = measuredIn(whole, place, input['baseline-since'] ?? before)
    const provider = ports.openProvider(plan)
    const visit = windowVisit(plan, from, to, input.weight)
    const judged = withoutProbes(plan)
    const window = await recompute(judged, [visit], provider, now, signal, { walked: false })
    const found = atItsEnd(judged, window, now)
    return told(plan, found, windowOutcome(plan, found, input.weight))
  }
  const plan = measuredIn(whole, 'production', input['baseline-since'])
  const provider = ports.openProvider(plan)
  const entries = entriesOf(await ports.github.deployments.statuses(input.deployment), input.digest)
  const start = {
    digest: input.digest,
    version: plan.version,
    previous: plan.previous?.version ?? null,
    token: 0,
  }
  const { visits } = fold(start, entries)
  const about = { digest: input.digest, deployment: input.deployment }
  const found = await recompute(withoutProbes(plan), visits, provider, now, signal)
  const again = ports.openProvider(plan)
  const probes = await judgeReported(plan, about, input.probes, visits, again, now, signal)
  return told(plan, found, evidenceOutcome(plan, about, found, probes))
}

/**
 * The step whose margin a window is held to: the highest that does not exceed its weight; where that is not said, the last
 * that is compared, which is held to the criterion itself.
 */
const windowVisit = (plan: Plan, from: number, to: number, told: number | null): Visit => {
  const rungs = ladder(plan.policy.rollout)
  const unsaid = rungs.findLast(({ last }) => !last)
  const step = (told === null ? unsaid : rungs.findLast((rung) => rung.weight <= told))?.step ?? 0
  const weight = told ?? 0
  return { step, weight, movedAt: from, confirmedAt: from, endedAt: to, verdict: null, reason: null }
}
