import type { Plan } from '@relman/core/plan/plan'
import { entriesOf, fold } from '@relman/core/rollout/progress'
import type { RolloutState } from '@relman/core/rollout/rollout-state'
import type { StatusEntry } from '@relman/core/rollout/status-line'
import { type Fence, readFence } from '@relman/core/runtime/exposure/fence'
import { type Return, returnTraffic, same, sentence } from '@relman/core/runtime/exposure/move-traffic'
import { openStatusReporter, type StatusReporter } from '@relman/core/runtime/exposure/status-reporter'
import type { Ports } from './rollback.ts'

export type Target = { plan: Plan; digest: string; deployment: number; token: number; reason: string }

/** What the way back came to. `entries` are the statuses as they were found. */
export type Undone = {
  kind: 'returned' | 'stuck' | 'unchanged' | 'nothing-to-undo' | 'refused' | 'already-settled'
  way: Return | null
  startedAt: number
  noticedAt: number
  entries: StatusEntry[]
  reporter: StatusReporter | null
}

/** Answers that come later than this are not waited for: traffic comes first. */
const glanceMilliseconds = 3000
const returnSeconds = 30
const statusSeconds = 60

/**
 * Brings traffic back. Before that only what decides whether it is ours to move: the fencing token and whether a move
 * was ever written down, both asked at once and for three seconds at most. Everything else comes afterwards.
 */
export const undo = async (target: Target, ports: Ports, must: boolean): Promise<Undone> => {
  const { clock, record, github, log } = ports
  const router = ports.openRouter(target.plan)
  const startedAt = clock.now() / 1000
  const glance = <T>(answer: Promise<T>): Promise<T | null> => {
    const over = new AbortController()
    const late = clock.sleep(glanceMilliseconds, over.signal).then(
      () => null,
      () => null,
    )
    const known = answer.catch((error: unknown) => {
      log(`not known before the way back: ${sentence(error)}`)
      return null
    })
    return Promise.race([known, late]).finally(() => over.abort())
  }
  const { plan, digest, deployment, token } = target
  const statuses = github.deployments.statuses(deployment).then((all) => entriesOf(all, digest))
  const shown = router.read(AbortSignal.timeout(glanceMilliseconds))
  const [fence, early, weight] = await Promise.all([
    glance<Fence>(readFence(record, plan.service, digest, token)),
    glance(statuses),
    glance(shown),
  ])
  const nothing = { way: null, startedAt, noticedAt: startedAt, entries: early ?? [], reporter: null }
  if (fence === 'taken') return { kind: 'refused', ...nothing }
  if (fence === 'released' && !must) return { kind: 'already-settled', ...nothing }
  if (early?.length === 0 && !must) return { kind: 'nothing-to-undo', ...nothing }

  const isBack = weight !== null && same(weight, 0)
  const driver = { router, clock, confirmSeconds: Math.min(plan.policy.traffic?.timeout ?? 10, 30), log }
  const way = isBack ? null : await returnTraffic(driver, returnSeconds)
  const backAt = clock.now() / 1000
  if (way)
    log(
      way.returned
        ? `traffic is back after ${way.seconds.toFixed(1)} s`
        : `TRAFFIC IS NOT BACK: ${way.fault}`,
    )

  const entries = early ?? (await statusesLater(target, ports))
  const state = fold(
    { digest, version: plan.version, previous: plan.previous?.version ?? null, token },
    entries,
  )
  const noticed = entries.findLast(({ word }) => word === 'returning')?.at ?? startedAt
  const found = { way, startedAt, noticedAt: Math.min(noticed, startedAt), entries }
  if (isBack && state.phase === 'returned')
    return { kind: 'unchanged', ...found, reporter: reporterOf(state, target, ports) }
  const reporter = reporterOf(state, target, ports)
  if (state.phase !== 'returning') reporter.add('returning', { reason: target.reason, at: startedAt })
  if (!way || way.returned) reporter.add('returned', { weight: 0, reason: target.reason, at: backAt })
  else reporter.add('stuck', { weight: way.weight ?? state.weight, reason: 'traffic-stuck', at: backAt })
  return { kind: !way || way.returned ? 'returned' : 'stuck', ...found, reporter }
}

const reporterOf = (
  state: RolloutState,
  { deployment }: Target,
  { github, clock, log }: Ports,
): StatusReporter =>
  openStatusReporter(state, {
    report: github.deployments.report.bind(github.deployments, deployment),
    clock,
    log,
  })

/** Asked again now that traffic is back: the sequence of the statuses must go on where it stopped. */
const statusesLater = async (
  { deployment, digest }: Target,
  { github, clock, log }: Ports,
): Promise<StatusEntry[]> => {
  for (const end = clock.now() + statusSeconds * 1000; ; ) {
    try {
      return entriesOf(await github.deployments.statuses(deployment), digest)
    } catch (error) {
      log(`the statuses could not be read: ${sentence(error)}`)
      if (clock.now() > end) return []
      await clock.sleep(2000)
    }
  }
}
