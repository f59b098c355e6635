import type { Plan } from '@relman/core/plan/plan'
import type { GitHub } from '@relman/core/ports/github'
import type { RecordStore } from '@relman/core/ports/record-store'
import type { RunContext } from '@relman/core/runtime/run-context'
import { projectTicket } from '@relman/core/runtime/ticket/project-ticket'
import { inline } from '@relman/core/text/escape-markdown'
import { tellLastMove } from './tell-move.ts'

type Planned = {
  plan: Plan
  digest: string
  context: RunContext
  ports: { github: GitHub | null; store: RecordStore | null; dryRun: boolean }
}

/**
 * Opens the ticket of a release that was planned and is in the record, or brings it to the new revision. Gives what the
 * summary says of it; a ticket that could not be written stops no plan.
 */
export const openTicket = async ({ plan, digest, context, ports }: Planned): Promise<string> => {
  const { github, store, dryRun } = ports
  if (!github || !store || dryRun) return ''
  const events = await store.events(plan.service, plan.version)
  const facts = { github, plan, digest, events, runUrl: context.runUrl }
  const { url, number, trouble } = await projectTicket(facts, 'plan')
  if (number === null) return `*${inline(trouble, 500)}*`
  const untold = await tellLastMove({
    github,
    issue: number,
    plan,
    events,
  })
  return `Release ticket: ${url}${untold === '' ? '' : `\n\n*${inline(untold, 500)}*`}`
}
