import { releaseTicket, ticketMarker } from '@relman/core/notes/release-ticket'
import type { RecordEvent } from '@relman/core/record/event'
import { fold } from '@relman/core/record/fold'
import type { ReleaseFacts } from './release-facts.ts'

export type Ticket = { url: string; trouble: string }

const finished = ['completed', 'rejected']

/** Brings the release's issue up to date. A repository without issues, or a token without the right, stops nothing. */
export const projectTicket = async (
  { plan, digest, ports, context }: ReleaseFacts,
  events: readonly RecordEvent[],
): Promise<Ticket> => {
  const { state } = fold(events)
  try {
    const issue = await ports.github.issues.ensure({
      marker: ticketMarker(plan),
      title: `Release ${plan.service} ${plan.version}`,
      body: releaseTicket(plan, digest, events, context.runUrl),
      labels: ['release'],
      state: state !== null && finished.includes(state) ? 'closed' : 'open',
    })
    return { url: issue.url, trouble: '' }
  } catch (error) {
    return {
      url: '',
      trouble: `the release ticket could not be brought up to date: ${error instanceof Error ? error.message : String(error)}`,
    }
  }
}
