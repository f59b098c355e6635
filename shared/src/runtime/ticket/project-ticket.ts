import type { Plan } from '../../plan/plan.ts'
import { shownPlan } from '../../plan/withhold.ts'
import type { GitHub } from '../../ports/github.ts'
import type { RecordEvent } from '../../record/event.ts'
import { fold } from '../../record/fold.ts'
import { type TicketStep, ticketMarker, ticketState, ticketTitle, writeTicket } from '../../ticket/ticket.ts'

/** Where the ticket is; or, with no address, what kept it from being written. */
export type Ticket = { url: string; number: number | null; trouble: string }

export type Projection = {
  github: GitHub
  plan: Plan
  digest: string
  events: readonly RecordEvent[]
  runUrl: string
}

/**
 * Brings the release's issue up to date after a step, or opens it. A repository without issues, or a token without the
 * right, stops nothing: the record is the memory, the ticket shows it.
 */
export const projectTicket = async ({ github, ...known }: Projection, step: TicketStep): Promise<Ticket> => {
  // Completion comes after the disclosure.
  const disclosed = step === 'completion' || (step === 'review' && fold(known.events).state === 'completed')
  const facts = disclosed ? known : { ...known, plan: shownPlan(known.plan) }
  try {
    const issue = await github.issues.ensure({
      marker: ticketMarker(facts.plan),
      title: ticketTitle(facts.plan),
      labels: ['release'],
      state: ticketState(facts.events),
      write: (body) => writeTicket(body, facts, step),
    })
    return { url: issue.url, number: issue.number, trouble: '' }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { url: '', number: null, trouble: `the release ticket could not be brought up to date: ${why}` }
  }
}
