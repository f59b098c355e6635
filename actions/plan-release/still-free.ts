import type { Dated, Due } from '@relman/core/calendar/act'
import { dueOf } from '@relman/core/calendar/due'
import { type Around, heldBack } from '@relman/core/calendar/hold-back'
import type { CalendarPorts, FoundTicket } from '@relman/core/ports/calendar'

type Ask = {
  dated: Dated
  due: Due
  ticket: FoundTicket | null | string
  around: Around
  ports: Pick<CalendarPorts, 'ticketNow' | 'store' | 'clock'>
}

/**
 * Looks once more, right before a start is claimed: a pass over many releases takes minutes, in which people hold one, block
 * it, or its window ends. Gives what speaks against the start; null: nothing.
 */
export const stillFree = async ({ dated, due, ticket, around, ports }: Ask): Promise<string | null> => {
  const now = new Date(ports.clock.now()).toISOString()
  const again = dueOf(dated, now)
  if (again?.act !== due.act || again.subject !== due.subject) return 'its time went by during this pass'
  const service = await ports.store.service(dated.plan.service)
  return heldBack(due, dated, { ...around, service, ticket: await look(ticket, ports) }, now)
}

const look = async (ticket: Ask['ticket'], { ticketNow }: Ask['ports']): Promise<Around['ticket']> => {
  if (ticket === null || typeof ticket === 'string') return ticket
  try {
    return await ticketNow(ticket.number)
  } catch (error) {
    return `its ticket could not be read again: ${error instanceof Error ? error.message : String(error)}`
  }
}
