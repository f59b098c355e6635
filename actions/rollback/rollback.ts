import { ConfigurationError } from '@relman/core/config/configuration-error'
import type { Plan } from '@relman/core/plan/plan'
import type { Clock } from '@relman/core/ports/clock'
import type { GitHub } from '@relman/core/ports/github'
import type { MetricsProvider } from '@relman/core/ports/metrics'
import type { RecordStore } from '@relman/core/ports/record-store'
import type { TrafficRouter } from '@relman/core/ports/traffic'
import { measuredIn } from '@relman/core/rollout/measured-in'
import type { StatusEntry } from '@relman/core/rollout/status-line'
import { sentence } from '@relman/core/runtime/exposure/move-traffic'
import { readPlan } from '@relman/core/runtime/exposure/read-plan'
import type { Outcome } from '@relman/core/runtime/outcome'
import { type Found, findLive, findLost } from './find.ts'
import { type Inputs, target } from './inputs.ts'
import { nothingFound, outcomeOf, wouldReturn } from './outcome.ts'
import { undo } from './undo.ts'
import { type Verified, verifyRecovery } from './verify-recovery.ts'

export type Ports = {
  github: GitHub
  record: Pick<RecordStore, 'plan' | 'service' | 'events'>
  clock: Clock
  openRouter: (plan: Plan) => TrafficRouter
  openProvider: (plan: Plan) => MetricsProvider
  log: (line: string) => void
}

const reportMilliseconds = 60_000

/** Brings a service back to its stable version: traffic first, then the reports, then whether it recovered. */
export const rollback = async (input: Inputs, ports: Ports, signal: AbortSignal): Promise<Outcome> => {
  const found = await find(input, ports)
  if ('none' in found) return nothingFound(input, found.none)
  const plan = measuredIn(await readPlan(ports.record, found.digest), 'production')
  if (input['dry-run']) return wouldReturn(input, plan, found)
  const undone = await undo({ plan, ...found }, ports, input.operation !== 'undo')
  const { kind, entries, reporter } = undone
  if (kind !== 'returned' && kind !== 'unchanged') {
    await reporter?.settled(reportMilliseconds)
    return outcomeOf({ input, plan, found, undone, verified: null, at: ports.clock.now() / 1000 })
  }
  const known = entries.some(({ word }) => word === 'recovered' || word === 'not-recovered')
  const verified = kind === 'unchanged' && known ? null : await verify(plan, entries, ports, signal)
  const state = verified?.recovery.state
  if (state === 'recovered' || state === 'not-recovered')
    reporter?.add(state, { weight: 0, reason: verified?.recovery.reason ?? '' })
  await reporter?.settled(signal.aborted ? 1500 : reportMilliseconds)
  return outcomeOf({ input, plan, found, undone, verified, at: ports.clock.now() / 1000 })
}

const find = async (input: Inputs, ports: Ports): Promise<Found | { none: string }> => {
  if (input.operation === 'watch') return findLost(input, ports)
  if (input.operation === 'manual') {
    if (input.reason === '')
      throw new ConfigurationError(
        'input "reason": is required for a manual rollback; say why in one sentence',
      )
    return findLive(input, ports)
  }
  return { ...target(input), reason: 'walk-not-finished' }
}

/** A provider that cannot even be opened leaves the recovery unverified; traffic is back all the same. */
const verify = async (
  plan: Plan,
  entries: readonly StatusEntry[],
  ports: Ports,
  signal: AbortSignal,
): Promise<Verified | null> => {
  try {
    const provider = ports.openProvider(withoutHealth(plan))
    return await verifyRecovery(plan, entries, { ...ports, provider }, signal)
  } catch (error) {
    ports.log(`recovery could not be verified: ${sentence(error)}`)
    return null
  }
}

/** Health endpoints are of the new version, which may be gone by now; whether stable is as before is not theirs to say. */
const withoutHealth = (plan: Plan): Plan => {
  const { metrics } = plan.policy
  return { ...plan, policy: { ...plan.policy, metrics: metrics && { ...metrics, health: [] } } }
}
