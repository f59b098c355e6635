import { decide } from '@relman/core/gate/decision'
import { signoffCriteria } from '@relman/core/gate/signoff-criteria'
import type { Outcome } from '@relman/core/runtime/outcome'
import { type SignoffsCase, settleSignoffs } from '@relman/core/signoff/settle-signoffs'
import { type SignoffReason, signoffReasons } from '@relman/core/signoff/signoff-reason'
import { attemptApprovals } from './attempt-approvals.ts'
import { approved, gated, rejected } from './drafts.ts'
import { type GateCase, readPeople } from './gate-case.ts'
import { tellStakeholders } from './kick-off.ts'
import { decided, remember } from './outcomes.ts'
import { promotionEvidence } from './promotion-evidence.ts'
import { readEvidence } from './read-evidence.ts'

/** After the people: is every sign-off there and does it count, and do the criteria still hold? */
export const gateProduction = async (known: GateCase): Promise<Outcome> => {
  const { plan, digest, release, context } = known
  const people = await readPeople(known)
  const verdicts = settleSignoffs({
    wanted: plan.signoffs,
    recorded: release.signoffs,
    refused: refusals(known),
    digest,
    run: context.run,
    approvals: await attemptApprovals(known),
    ...people,
  })
  const criteria = [
    ...(await readEvidence(known)),
    ...(await promotionEvidence(known)),
    ...signoffCriteria(verdicts, context.runUrl),
  ]
  const decision = decide(criteria)
  const drafts = [gated(known, 'production', decision, criteria, [])]
  if (decision.decision === 'go') drafts.push(approved(known, verdicts))
  if (decision.decision === 'no-go') drafts.push(rejected(known, 'production', decision))
  const ticket = await remember(known, drafts)
  const outcome = decided(known, 'production', decision, criteria)
  if (decision.decision !== 'go' || !ticket) return outcome
  const told = await tellStakeholders(known, ticket)
  return { ...outcome, summary: `${outcome.summary}\n\n${told}` }
}

/** What the sign-off jobs of this run and attempt objected to. */
const refusals = ({ events, context, digest }: GateCase): SignoffsCase['refused'] =>
  events.flatMap(({ kind, data, run, digest: about }) => {
    const here = run?.id === context.run.id && run.attempt === context.run.attempt && about === digest
    const { role, reason, by } = data
    if (kind !== 'refused' || !here || typeof role !== 'string' || !isReason(reason)) return []
    return [{ role, reason, by: typeof by === 'string' ? by : '' }]
  })

const isReason = (reason: unknown): reason is SignoffReason =>
  typeof reason === 'string' && Object.hasOwn(signoffReasons, reason)
