import { ConfigurationError } from '@relman/core/config/configuration-error'
import { fold } from '@relman/core/record/fold'
import { RecordError } from '@relman/core/record/record-error'
import type { Outcome } from '@relman/core/runtime/outcome'
import { readEvidence } from '@relman/core/settlement/evidence'
import { type Settlement, settle } from '@relman/core/settlement/settle'
import { settlementDrafts } from '@relman/core/settlement/settlement-drafts'
import { type Closed, closeChange } from './close-change.ts'
import { recordOutcome } from './record-outcome.ts'
import type { ReleaseFacts } from './release-facts.ts'
import { projectTicket } from './ticket.ts'

export type Recorded = { state: string; ticketUrl: string; troubles: string[]; closed: Closed }

/**
 * Settles a rollout: reads what was reported, holds it against the plan and the provider's evidence, appends how it
 * went, gives the lease back, marks the version live or blocks it, closes the deployment, and shows it in the ticket.
 * The append is one commit with keys, so that a second run, also after a crash, adds only what is missing.
 */
export const recordRollout = async (facts: ReleaseFacts): Promise<Outcome> => {
  const { input, ports, plan, digest } = facts
  const deployment = wanted('deployment', input.deployment)
  const token = wanted('token', input.token)
  const statuses = await ports.github.deployments.statuses(deployment)
  const settlement = settle({
    plan,
    digest,
    deployment,
    token,
    statuses,
    evidence: readEvidence(input.evidence),
    walk: input['walk-result'],
    undo: input['undo-result'] === 'skipped' ? '' : input['undo-result'],
  })
  const before = await ports.store.events(plan.service, plan.version)
  const known = {
    state: fold(before).state,
    startedAt: before.findLast((event) => event.kind === 'started')?.at ?? null,
  }
  if (ports.dryRun)
    return recordOutcome(facts, settlement, {
      state: settlement.state,
      ticketUrl: '',
      troubles: [],
      closed: { path: '', said: '' },
    })
  const events = await append(facts, settlement, known)
  const troubles = await closeDeployment(facts, deployment, settlement)
  const ticket = await projectTicket(facts, events, 'rollout')
  const state = fold(events).state ?? settlement.state
  return recordOutcome(facts, settlement, {
    state,
    ticketUrl: ticket.url,
    troubles: [...troubles, ...(ticket.trouble ? [ticket.trouble] : [])],
    closed: await closeChange(facts, events),
  })
}

const wanted = (name: string, value: number | null): number => {
  if (value === null)
    throw new ConfigurationError(
      `input "${name}": is required to record a rollout; pass the output of risk-gate (stage exposure)`,
    )
  return value
}

type Known = { state: ReturnType<typeof fold>['state']; startedAt: string | null }

const append = async (
  { plan, digest, context, ports, input }: ReleaseFacts,
  settlement: Settlement,
  known: Known,
) => {
  const { service, version } = plan
  const token = wanted('token', input.token)
  const deployment = wanted('deployment', input.deployment)
  const drafts = settlementDrafts(settlement, {
    actor: context.actor,
    run: context.run,
    digest,
    token,
    deployment,
    why: input.reason,
    evidence: readEvidence(input.evidence),
    state: known.state,
    startedAt: known.startedAt,
    now: ports.clock.now(),
  })
  const { state, settled, reason } = settlement
  const change = {
    ...(settled ? { release: { token } } : {}),
    ...(state === 'deployed' ? { live: { version, sha: plan.sha, digest } } : {}),
    ...(state === 'rolled-back' || state === 'rollback-failed'
      ? { block: { version, reason: input.reason || reason } }
      : {}),
  }
  try {
    return (await ports.store.append(service, version, drafts, { change })).events
  } catch (error) {
    // Somebody holds a newer lease: all that is left for an older one is that its story is told already.
    if (!(error instanceof RecordError) || error.reasonCode !== 'stale-token') throw error
    const events = await ports.store.events(service, version)
    const told = new Set(events.map(({ key }) => key))
    if (drafts.every(({ key }) => told.has(key))) return events
    throw error
  }
}

/** The last status of the deployment is for people; what it says is not read back. */
const closeDeployment = async (
  { ports, plan }: ReleaseFacts,
  deployment: number,
  { state, reason }: Settlement,
): Promise<string[]> => {
  if (state === 'held') return []
  const description = `recorded: ${plan.version} ${state}, ${reason}`.slice(0, 140)
  try {
    await ports.github.deployments.report(
      deployment,
      state === 'deployed' ? 'success' : 'failure',
      description,
    )
    return []
  } catch (error) {
    return [`the deployment could not be closed: ${error instanceof Error ? error.message : String(error)}`]
  }
}
