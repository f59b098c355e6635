import type { RecordEvent } from '@relman/core/record/event'
import { projectTicket as project, type Ticket } from '@relman/core/runtime/ticket/project-ticket'
import type { TicketStep } from '@relman/core/ticket/ticket'
import type { ReleaseFacts } from './release-facts.ts'

/** The ticket after a step of this action. */
export const projectTicket = (
  { plan, digest, ports, context }: ReleaseFacts,
  events: readonly RecordEvent[],
  step: TicketStep,
): Promise<Ticket> => project({ github: ports.github, plan, digest, events, runUrl: context.runUrl }, step)
