import { approvedWords } from '../communication/kick-off.ts'
import type { RecordEvent } from '../record/event.ts'
import type { TicketFacts } from './ticket-facts.ts'

/**
 * That the plan in force is approved, and where it stands whom that tells what: in one place, the comment that calls them. Nothing
 * before it is approved.
 */
export const kickOffSection = ({ plan, digest, events }: TicketFacts): string => {
  const own = events.filter((event) => event.digest === digest)
  if (!own.some(({ kind }) => kind === 'approved')) return ''
  const url = own.map(urlOf).findLast((each) => each !== null)
  const where = url ? `[the comment *Kick-off*](${url})` : 'the comment *Kick-off* of this ticket'
  return `## Kick-off\n\n${approvedWords(plan, digest)}\n\nWho hears what, now and later: ${where}.`
}

/** Only an address that cannot end its link. */
const urlOf = ({ kind, data }: RecordEvent): string | null => {
  const { url } = data
  return kind === 'notified' && typeof url === 'string' && /^https?:\/\/[^\s()<>[\]|\\]+$/.test(url)
    ? url
    : null
}
