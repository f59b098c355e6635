import type { Plan } from '../plan/plan.ts'
import { entriesOf, fold } from '../rollout/progress.ts'
import type { RolloutState } from '../rollout/rollout-state.ts'
import type { StatusEntry } from '../rollout/status-line.ts'
import { checkEvidence, type EvidenceCheck } from './check-evidence.ts'
import { checkStatuses, type RawStatus } from './check-statuses.ts'
import type { Evidence } from './evidence.ts'

/** Everything that is known when a rollout is over. Results are those of the jobs, as GitHub gives them; '' when there was none. */
export type RolloutFacts = {
  plan: Plan
  digest: string
  deployment: number
  token: number
  statuses: readonly RawStatus[]
  evidence: Evidence | null
  walk: string
  undo: string
}

/**
 * - `deployed`: 100 %, every step in order, proven, and confirmed by the provider; the reason says where it rests on
 *   probes, or where the plan or a person let a step go on unproven
 * - `rolled-back`, `rollback-failed`: exposed and brought back, or not
 * - `deployment-failed`: it claims success that does not hold; traffic was not brought back yet
 * - `execution-failed`: it ended before anybody was exposed
 * - `held`: it waits at a weight for a person
 */
export type Settlement = {
  state: 'deployed' | 'rolled-back' | 'rollback-failed' | 'deployment-failed' | 'execution-failed' | 'held'
  reason: string
  faults: string[]
  /** Whether the way back is over as far as traffic goes: the lease can be given back. */
  settled: boolean
  exposed: boolean
  rollout: RolloutState
  entries: StatusEntry[]
  /** First sign of harm to the return of traffic, in seconds; null without a way back. */
  recoverySeconds: number | null
  /** Whether the stable version was seen to be healthy after the return. */
  verified: boolean
}

/** Decides how a rollout ended. Success is never taken from the statuses alone. */
export const settle = (facts: RolloutFacts): Settlement => {
  const { plan, digest, token, statuses, evidence, deployment } = facts
  const entries = entriesOf(statuses, digest)
  const rollout = fold(
    { digest, version: plan.version, previous: plan.previous?.version ?? null, token },
    entries,
  )
  const mismatch = checkStatuses(statuses, plan, digest)
  const proof = checkEvidence(rollout.visits, evidence, plan, { digest, deployment })
  const exposed = entries.some(({ word }) => word === 'moved')
  const common = {
    exposed,
    rollout,
    entries,
    recoverySeconds: recoverySeconds(entries),
    verified: entries.some(({ word }) => word === 'recovered'),
  }
  const wentBack = entries.some(({ word }) => word === 'returning' || word === 'returned' || word === 'stuck')
  if (!wentBack && rollout.phase === 'done') return { ...common, ...success(facts, mismatch, proof) }
  if (!exposed && !wentBack) return { ...common, ...unexposed(facts, mismatch) }
  if (wentBack || facts.undo !== '' || facts.walk !== 'success')
    return { ...common, ...wayBack(facts, rollout, entries, mismatch) }
  if (mismatch.length > 0)
    return {
      ...common,
      state: 'deployment-failed',
      reason: 'status-mismatch',
      faults: mismatch,
      settled: false,
    }
  return {
    ...common,
    state: 'held',
    reason: rollout.weight > 0 ? 'held' : 'nothing-exposed',
    faults: [],
    settled: false,
  }
}

type Ending = Pick<Settlement, 'state' | 'reason' | 'faults' | 'settled'>

const success = (
  { walk, plan }: RolloutFacts,
  mismatch: readonly string[],
  { against, missing, rests, untold, unproven: letOn }: EvidenceCheck,
): Ending => {
  const failed = { state: 'deployment-failed' as const, settled: false }
  const faults = [...mismatch, ...against]
  if (faults.length > 0) return { ...failed, reason: 'status-mismatch', faults }
  if (walk !== 'success')
    return {
      ...failed,
      reason: 'status-mismatch',
      faults: [`the rollout is reported as done, but its job ended as ${walk || 'unknown'}`],
    }
  const { inconclusive } = plan.policy.rollout
  // A walk that a person resumed has lost what its probes came to before; that person was asked.
  const waived = [
    ...(inconclusive === 'promote-unproven' ? missing : []),
    ...(inconclusive === 'return' ? [] : untold),
  ]
  const lacking = [...missing, ...untold]
  if (lacking.length > waived.length) return { ...failed, reason: 'evidence-missing', faults: lacking }
  const unproven = lacking.length + letOn.length > 0
  return {
    state: 'deployed',
    reason: unproven ? 'completed-unproven' : rests.length > 0 ? 'completed-on-probes' : 'completed',
    faults: [...lacking, ...letOn, ...rests],
    settled: true,
  }
}

const unexposed = ({ walk, undo }: RolloutFacts, faults: string[]): Ending => {
  if (walk === 'success')
    return {
      state: 'deployment-failed',
      reason: 'status-mismatch',
      faults: [...faults, 'the rollout job ended with success and reported nothing'],
      settled: false,
    }
  if (undo === 'failure' || undo === 'cancelled') {
    return {
      state: 'rollback-failed',
      reason: 'undo-failed',
      faults: [...faults, `nothing was reported, and the undo job ended as ${undo}`],
      settled: false,
    }
  }
  return { state: 'execution-failed', reason: 'not-exposed', faults, settled: true }
}

const wayBack = (
  { undo }: RolloutFacts,
  rollout: RolloutState,
  entries: readonly StatusEntry[],
  faults: string[],
): Ending => {
  const reason = entries.find(({ word }) => word === 'unhealthy' || word === 'inconclusive')?.reason
  const cause =
    faults.length > 0
      ? 'status-mismatch'
      : (entries.find(({ word }) => word === 'returning')?.reason ?? reason ?? 'rollout-lost')
  const last = entries.findLast(({ word }) =>
    ['recovered', 'not-recovered', 'returned', 'stuck'].includes(word),
  )?.word
  if (last === 'not-recovered')
    return { state: 'rollback-failed', reason: 'not-recovered', faults, settled: true }
  // The undo job runs none of the caller's code: with its success a way back is believed, else only a clean report is.
  const back = rollout.phase === 'returned' && (undo === 'success' || (undo === '' && faults.length === 0))
  if (back || (last === 'recovered' && faults.length === 0))
    return { state: 'rolled-back', reason: cause, faults, settled: true }
  return {
    state: 'rollback-failed',
    reason: last === 'stuck' ? 'traffic-stuck' : 'undo-failed',
    faults,
    settled: false,
  }
}

const recoverySeconds = (entries: readonly StatusEntry[]): number | null => {
  const back = entries.findLast(({ word }) => word === 'returned')
  const noticed = entries.find(({ word }) => word === 'unhealthy' || word === 'returning')
  return back && noticed ? Math.max(0, Math.round((back.at - noticed.at) * 10) / 10) : null
}
