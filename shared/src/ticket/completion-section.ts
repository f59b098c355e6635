import { completionSummary } from '../notes/completion-summary.ts'
import { recordedObjectives } from '../purpose/objective-result.ts'
import type { TicketFacts } from './ticket-facts.ts'

/** The summary that closes a ticket (row N4), where its notes are, and the line of what was left undone (`openTasks`). */
export const completionSection = ({ plan, digest, events }: TicketFacts, open: string | null): string => {
  const liveAt = events.findLast(({ kind }) => kind === 'deployed')?.at ?? events.at(-1)?.at ?? plan.plannedAt
  const url = events.findLast(({ kind }) => kind === 'published')?.data['url']
  const notes = typeof url === 'string' && /^https?:\/\/[^\s<>()]+$/.test(url) ? `\n- **Notes**: ${url}` : ''
  return `${completionSummary(plan, digest, liveAt, recordedObjectives(events) ?? [])}${notes}${open === null ? '' : `\n${open}`}`
}
