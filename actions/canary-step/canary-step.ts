import type { Plan } from '@relman/core/plan/plan'
import type { Clock } from '@relman/core/ports/clock'
import type { GitHub } from '@relman/core/ports/github'
import type { MetricsProvider } from '@relman/core/ports/metrics'
import type { RunProcess } from '@relman/core/ports/process'
import type { RecordStore } from '@relman/core/ports/record-store'
import type { TrafficRouter } from '@relman/core/ports/traffic'
import { ladder } from '@relman/core/rollout/ladder'
import { measuredIn } from '@relman/core/rollout/measured-in'
import { entriesOf, fold } from '@relman/core/rollout/progress'
import { sentence } from '@relman/core/runtime/exposure/move-traffic'
import { readPlan } from '@relman/core/runtime/exposure/read-plan'
import { openStatusReporter } from '@relman/core/runtime/exposure/status-reporter'
import { openWatch } from '@relman/core/runtime/exposure/watch'
import type { Outcome } from '@relman/core/runtime/outcome'
import { deploy } from './deploy.ts'
import { accountOf, dryRunOutcome, outcomeOf, unexposed } from './ending.ts'
import { type Inputs, wanted } from './inputs.ts'
import { walk } from './walk.ts'

export type Ports = {
  github: GitHub
  record: Pick<RecordStore, 'plan' | 'service'>
  clock: Clock
  run: RunProcess
  workspace: string
  openRouter: (plan: Plan) => TrafficRouter
  openProvider: (plan: Plan) => MetricsProvider
  log: (line: string) => void
  /** Writes a file for later steps of the job and gives its path. */
  write: (name: string, text: string) => Promise<string>
}

const reportSeconds = 120

/** Walks the rollout of a plan up to `until`, from where its statuses say that it stands. */
export const canaryStep = async (input: Inputs, ports: Ports, signal: AbortSignal): Promise<Outcome> => {
  const { github, record, clock, log } = ports
  const plan = measuredIn(await readPlan(record, input.digest), 'production')
  const rungs = ladder(plan.policy.rollout)
  if (input['dry-run']) return dryRunOutcome(plan, rungs, input.until)
  const deployment = wanted('deployment', input.deployment)
  const token = wanted('token', input.token)
  const [router, provider] = [ports.openRouter(plan), ports.openProvider(plan)]
  const start = {
    digest: input.digest,
    version: plan.version,
    previous: plan.previous?.version ?? null,
    token,
  }
  const state = fold(start, entriesOf(await github.deployments.statuses(deployment), input.digest))
  const report = github.deployments.report.bind(github.deployments, deployment)
  const reporter = openStatusReporter(state, { report, clock, log })
  const watch = openWatch(plan, rungs, { provider, clock })
  const shown = { plan, rungs, watch, reporter, deployment }
  const told = async (outcome: Outcome): Promise<Outcome> => {
    const text = JSON.stringify(accountOf(shown, input.digest, outcome, clock.now() / 1000))
    // What happened to the traffic is said whether or not the file can be written.
    const path = await ports.write('verdict.json', text).catch((error: unknown) => {
      log(sentence(error))
      return ''
    })
    return { ...outcome, outputs: { ...outcome.outputs, 'verdict-file': path } }
  }
  const settled = ['done', 'returned', 'stuck'].includes(state.phase)
  if (!settled) {
    const before = state.visits[0]?.movedAt ?? clock.now() / 1000
    const fault = state.visits.length === 0 ? await prepare(plan, ports, signal) : null
    if (fault) return told(unexposed(shown, fault))
    const down = await watch.learn(state.visits.length === 0 ? clock.now() / 1000 : before, signal)
    if (down && state.visits.length === 0)
      return told(unexposed(shown, { reason: 'metrics-down', detail: down }))
    if (state.visits.length > 0) await watch.replay(state.visits, clock.now() / 1000, signal)
  }
  const timeout = plan.policy.traffic?.timeout ?? 10
  const driver = { router, clock, confirmSeconds: Math.min(timeout, 30), log }
  const fencing = { record, digest: input.digest, token }
  const statuses = () => github.deployments.statuses(deployment)
  const resumed = state.visits.length > 0
  const ending = await walk(
    { plan, rungs, until: input.until, driver, reporter, watch, fencing, statuses, clock, log, resumed },
    signal,
  )
  const late = !signal.aborted && !(await reporter.settled(reportSeconds * 1000))
  return told(
    outcomeOf(shown, late && ending.kind !== 'stuck' ? { ...ending, reason: 'report-failed' } : ending),
  )
}

/** Everything that can be refused before anybody is exposed. */
const prepare = async (
  plan: Plan,
  ports: Ports,
  signal: AbortSignal,
): Promise<{ reason: string; detail: string } | null> => {
  const { metrics, rollout } = plan.policy
  const blind = !metrics || (metrics.checks.length === 0 && metrics.health.length === 0)
  if (blind && rollout.inconclusive === 'return') {
    const detail =
      'no metrics are configured, so no step can be proven; add metrics.checks, or choose rollout.inconclusive'
    return { reason: 'no-metrics', detail }
  }
  try {
    return await deploy(plan, ports, signal)
  } catch (error) {
    return { reason: signal.aborted ? 'cancelled' : 'deploy-failed', detail: sentence(error) }
  }
}
