import { showKickOff } from '../communication/kick-off.ts'
import type { TicketFacts } from './ticket-facts.ts'

/** Whom the approval of the plan in force tells what; nothing before it is approved. */
export const kickOffSection = ({ plan, digest, events }: TicketFacts): string =>
  events.some((event) => event.kind === 'approved' && event.digest === digest)
    ? showKickOff(plan, digest)
    : ''
