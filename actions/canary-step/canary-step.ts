import type { Plan } from '@relman/core/plan/plan'
import type { Clock } from '@relman/core/ports/clock'
import type { GitHub } from '@relman/core/ports/github'
import type { MetricsProvider } from '@relman/core/ports/metrics'
import type { Prober } from '@relman/core/ports/prober'
import type { RunProcess } from '@relman/core/ports/process'
import type { RecordStore } from '@relman/core/ports/record-store'
import type { TrafficRouter } from '@relman/core/ports/traffic'
import { writeProbeReport } from '@relman/core/probe/probe-report'
import { ladder } from '@relman/core/rollout/ladder'
import { measuredIn } from '@relman/core/rollout/measured-in'
import { entriesOf, fold } from '@relman/core/rollout/progress'
import type { Visit } from '@relman/core/rollout/rollout-state'
import { sentence } from '@relman/core/runtime/exposure/move-traffic'
import { readPlan } from '@relman/core/runtime/exposure/read-plan'
import { openStatusReporter } from '@relman/core/runtime/exposure/status-reporter'
import { openWatch } from '@relman/core/runtime/exposure/watch'
import { withProbes } from '@relman/core/runtime/exposure/with-probes'
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
  /** Null where the plan names no probes. Nothing is sent before it begins. */
  openProber: (plan: Plan) => Prober | null
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
  const [router, prober] = [ports.openRouter(plan), ports.openProber(plan)]
  const provider = withProbes(ports.openProvider(plan), prober)
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
    const probes = prober
      ? reportOf(prober, reporter.state().visits, { digest: input.digest, deployment })
      : ''
    return { ...outcome, outputs: { ...outcome.outputs, 'verdict-file': path, probes } }
  }
  const rollOut = async (): Promise<Outcome> => {
    const begun = state.visits.length > 0
    if (!['done', 'returned', 'stuck'].includes(state.phase)) {
      const before = state.visits[0]?.movedAt ?? clock.now() / 1000
      const fault = begun ? await resume(prober, signal) : await prepare(plan, ports, prober, signal)
      if (fault) return unexposed(shown, fault)
      const down = await watch.learn(begun ? before : clock.now() / 1000, signal)
      if (down && !begun) return unexposed(shown, { reason: 'metrics-down', detail: down })
      if (begun) await watch.replay(state.visits, clock.now() / 1000, signal)
    }
    const timeout = plan.policy.traffic?.timeout ?? 10
    const driver = { router, clock, confirmSeconds: Math.min(timeout, 30), log }
    const fencing = { record, digest: input.digest, token }
    const statuses = () => github.deployments.statuses(deployment)
    const { until } = input
    const ending = await walk(
      { plan, rungs, until, driver, reporter, watch, fencing, statuses, clock, log, resumed: begun },
      signal,
    )
    const late = !signal.aborted && !(await reporter.settled(reportSeconds * 1000))
    return outcomeOf(shown, late && ending.kind !== 'stuck' ? { ...ending, reason: 'report-failed' } : ending)
  }
  try {
    return await told(await rollOut())
  } finally {
    prober?.stop()
  }
}

/** What probes came to, for the job that judges it again. */
const reportOf = (prober: Prober, visits: readonly Visit[], about: { digest: string; deployment: number }) =>
  writeProbeReport(
    about,
    prober.told(),
    visits.map(({ movedAt }) => movedAt),
  )

const resume = async (prober: Prober | null, signal: AbortSignal): Promise<null> => {
  await prober?.begin(0, signal)
  return null
}

/** Everything that can be refused before anybody is exposed. */
const prepare = async (
  plan: Plan,
  ports: Ports,
  prober: Prober | null,
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
    const fault = await deploy(plan, ports, signal)
    if (fault || !prober || !metrics?.probes) return fault
    const { rate, before } = metrics.probes
    ports.log(`probing both versions ${rate} times a second each, for ${before} s before the first move`)
    const down = await prober.begin(before, signal)
    return down === null ? null : { reason: 'metrics-down', detail: down }
  } catch (error) {
    return { reason: signal.aborted ? 'cancelled' : 'deploy-failed', detail: sentence(error) }
  }
}
