import type { Plan } from '@relman/core/plan/plan'
import type { Clock } from '@relman/core/ports/clock'
import type { MetricsProvider } from '@relman/core/ports/metrics'
import { judgeRecovery, type Recovery } from '@relman/core/rollback/recovery'
import { criteriaOf } from '@relman/core/rollout/criteria'
import { withoutProbes } from '@relman/core/rollout/from-probes'
import { ladder } from '@relman/core/rollout/ladder'
import type { StatusEntry } from '@relman/core/rollout/status-line'
import type { Observation } from '@relman/core/verdict/observation'

type Ports = { provider: MetricsProvider; clock: Clock; log: (line: string) => void }

/** What was looked at: the verdict on the recovery, and all looks of the exposure and since, for the page. */
export type Verified = { recovery: Recovery; exposure: Observation[]; seconds: number }

const mostLooks = 8
const historyLooks = 120

/**
 * Looks at the stable version for a bounded time, once traffic is back: at least two looks, at most eight, ending as soon
 * as it is seen to be as before. What is read of the past is read at the end of the first look, never before.
 */
export const verifyRecovery = async (
  plan: Plan,
  entries: readonly StatusEntry[],
  ports: Ports,
  signal: AbortSignal,
): Promise<Verified> => {
  const { provider, clock, log } = ports
  const seconds = Math.max(plan.policy.rollout.look, 0.5)
  const start = clock.now() / 1000
  const first = entries.find(({ word }) => word === 'moved')?.at ?? start
  const from = first - Math.min(plan.policy.rollout.history, historyLooks * seconds)
  const criteria = criteriaOf(withoutProbes(plan).policy.metrics, ladder(plan.policy.rollout))
  // Requests that were under way still end on the new version.
  await clock.sleep(Math.min(plan.policy.rollout.drain, 30) * 1000, signal)
  const before = await provider.range(from, first, seconds, 0, signal)
  const exposure = await provider.range(first, start, seconds, 0, signal)
  const after: Observation[] = []
  let recovery: Recovery = { state: 'unverified', reason: 'no-data', words: 'nothing was seen' }
  let last = clock.now() / 1000
  for (let number = 1; number <= mostLooks; number += 1) {
    await clock.sleep(seconds * 1000, signal)
    const now = clock.now() / 1000
    const look = await provider.observe(last, now, 0, signal)
    if (look.down === null) last = now
    after.push(...look.observations)
    const down = before.down ?? look.down
    recovery = down
      ? { state: 'unverified', reason: 'metrics-down', words: down }
      : judgeRecovery(criteria, before.observations, after)
    log(`look ${number} after the return: ${recovery.state}; ${recovery.words}`)
    if (number >= 2 && recovery.state === 'recovered') break
  }
  return { recovery, exposure: exposure.observations, seconds: clock.now() / 1000 - start }
}
