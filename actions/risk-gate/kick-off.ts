import { kickOff, kickOffMarker, showKickOff } from '@relman/core/communication/kick-off'
import { shownPlan } from '@relman/core/plan/withhold'
import { GitHubError } from '@relman/core/ports/github-error'
import { RecordError } from '@relman/core/record/record-error'
import type { Ticket } from '@relman/core/runtime/ticket/project-ticket'
import { inline } from '@relman/core/text/escape-markdown'
import { notified } from './drafts.ts'
import type { GateCase } from './gate-case.ts'

/**
 * Tells the stakeholders of an approved plan in one comment on its ticket, once, and records it. Gives what the summary says, as Markdown;
 * what GitHub refuses takes no approval back.
 */
export const tellStakeholders = async (known: GateCase, ticket: Ticket): Promise<string> => {
  const { digest, ports } = known
  const plan = shownPlan(known.plan)
  if (ticket.number === null) return `Nobody was told: ${inline(ticket.trouble, 500)}`
  try {
    const told = kickOff(plan).filter(({ now }) => now !== null)
    const { url } = await ports.github.comments.ensure({
      issue: ticket.number,
      marker: kickOffMarker(plan),
      body: showKickOff(plan, digest, true),
    })
    await ports.store.append(plan.service, plan.version, [notified(known, url, told)])
    return `Kick-off: ${told.length} told in ${url}`
  } catch (error) {
    if (!(error instanceof GitHubError) && !(error instanceof RecordError)) throw error
    return `The kick-off could not be completed: ${inline(error.message, 500)}`
  }
}
