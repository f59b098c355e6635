import type { Criterion } from '@relman/core/gate/criterion'
import type { GateDecision } from '@relman/core/gate/decision'
import type { Refusal } from '@relman/core/gate/overtaken'
import type { EventDraft } from '@relman/core/record/event'
import { RecordError } from '@relman/core/record/record-error'
import type { Outcome } from '@relman/core/runtime/outcome'
import { projectTicket, type Ticket } from '@relman/core/runtime/ticket/project-ticket'
import { refused } from './drafts.ts'
import type { GateCase } from './gate-case.ts'
import type { Stage } from './inputs.ts'
import { decisionSummary, refusalSummary } from './summary.ts'

/** When an inconclusive decision is worth another look. */
const lookAgainMinutes = 15

/** What the gate decided, as the action's outcome. */
export const decided = (
  known: GateCase,
  stage: Stage,
  decision: GateDecision,
  criteria: readonly Criterion[],
): Outcome => {
  const { plan, digest, ports } = known
  const again = new Date(ports.clock.now() + lookAgainMinutes * 60_000).toISOString()
  const lookAgain = decision.decision === 'inconclusive' ? again : null
  return {
    ...decision,
    failed: decision.decision !== 'go',
    outputs: {},
    data: { stage, version: plan.version, digest, criteria: [...criteria], lookAgain },
    summary: decisionSummary(known, stage, decision, criteria, lookAgain),
  }
}

/** A release that may go no further: said in the record, where it is a remark and changes no state. */
export const refuse = async (
  known: GateCase,
  stage: Stage,
  { reasonCode, message }: Refusal,
): Promise<Outcome> => {
  const { plan, digest } = known
  await remember(known, [refused(known, stage, { reason: reasonCode, message })])
  return {
    decision: 'no-go',
    reasonCode,
    message,
    failed: true,
    outputs: {},
    data: { stage, version: plan.version, digest, criteria: [], lookAgain: null },
    summary: refusalSummary(known, stage, { reasonCode, message }),
  }
}

/** Appends, unless this is a dry run, and shows the decision in the release ticket where the token may; null: it was not tried. */
export const remember = async (
  { input, ports, plan, digest, context }: GateCase,
  drafts: readonly EventDraft[],
): Promise<Ticket | null> => {
  if (input['dry-run']) return null
  const { events } = await ports.store.append(plan.service, plan.version, drafts)
  if (input.stage === 'exposure' || input.stage === 'promotion') return null
  return projectTicket({ github: ports.github, plan, digest, events, runUrl: context.runUrl }, 'decision')
}

/** A refusal of the record itself, as a refusal of the gate; everything else goes on its way. */
export const asRefusal = (error: unknown): Refusal => {
  if (!(error instanceof RecordError)) throw error
  const lost = error.reasonCode === 'lease-held'
  return { reasonCode: lost ? 'release-in-progress' : error.reasonCode, message: error.message }
}
