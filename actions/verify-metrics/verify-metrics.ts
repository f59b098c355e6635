import type { Plan } from '@relman/core/plan/plan'
import type { Clock } from '@relman/core/ports/clock'
import type { GitHub } from '@relman/core/ports/github'
import type { MetricsProvider } from '@relman/core/ports/metrics'
import type { RecordStore } from '@relman/core/ports/record-store'
import { ladder } from '@relman/core/rollout/ladder'
import { entriesOf, fold } from '@relman/core/rollout/progress'
import type { Visit } from '@relman/core/rollout/rollout-state'
import { readPlan } from '@relman/core/runtime/exposure/read-plan'
import type { Outcome } from '@relman/core/runtime/outcome'
import { type Inputs, windowOf } from './inputs.ts'
import { evidenceOutcome, windowOutcome } from './outcome.ts'
import { recompute } from './recompute.ts'

export type Ports = {
  github: GitHub
  record: Pick<RecordStore, 'plan'>
  clock: Clock
  openProvider: (plan: Plan) => MetricsProvider
}

/**
 * Judges from the provider's range query alone: one window, or every visited step of a rollout. It moves nothing, writes
 * nothing, and runs none of the caller's code, so a dry run does the same.
 */
export const verifyMetrics = async (input: Inputs, ports: Ports, signal: AbortSignal): Promise<Outcome> => {
  const plan = await readPlan(ports.record, input.digest)
  const provider = ports.openProvider(plan)
  const now = ports.clock.now() / 1000
  if (input.deployment === null) {
    const { from, to } = windowOf(input, now)
    const visit = windowVisit(plan, from, to, input.weight)
    return windowOutcome(plan, await recompute(plan, [visit], provider, now, signal))
  }
  const entries = entriesOf(await ports.github.deployments.statuses(input.deployment), input.digest)
  const start = {
    digest: input.digest,
    version: plan.version,
    previous: plan.previous?.version ?? null,
    token: 0,
  }
  const { visits } = fold(start, entries)
  const found = await recompute(plan, visits, provider, now, signal)
  return evidenceOutcome(plan, { digest: input.digest, deployment: input.deployment }, found)
}

/** The step whose margin a window is held to: the highest that does not exceed its weight. */
const windowVisit = (plan: Plan, from: number, to: number, weight: number): Visit => {
  const step = ladder(plan.policy.rollout).findLast((rung) => rung.weight <= weight)?.step ?? 0
  return { step, weight, movedAt: from, confirmedAt: from, endedAt: to, verdict: null, reason: null }
}
