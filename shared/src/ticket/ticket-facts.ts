import type { Plan } from '../plan/plan.ts'
import type { RecordEvent } from '../record/event.ts'

/** What a ticket is written from: the plan in force, its digest, and what the record holds. */
export type TicketFacts = { plan: Plan; digest: string; events: readonly RecordEvent[]; runUrl: string }
