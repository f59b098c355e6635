import type { Plan } from '../plan/plan.ts'
import { code, inline } from '../text/escape-markdown.ts'
import { ticksIn } from './ticks.ts'

/**
 * The preparation that nobody ticked in a ticket's body, for an auditor who reads it after the release; null where nothing
 * is open or the ticket has no such list. Tasks that may be left out are not asked for.
 */
export const openTasks = ({ schedule }: Plan, body: string, marker: string): string | null => {
  if (!body.includes(`<!-- ${marker}:preparation -->`)) return null
  const ticked = ticksIn(body, marker, 'preparation')
  const open = (schedule?.tasks ?? []).filter(({ id, optional }) => !optional && !ticked.has(id))
  if (open.length === 0) return null
  return `- **Preparation not ticked at completion**: ${open.map(({ id, owner }) => `${code(id)} (${inline(owner, 80)})`).join(', ')}`
}
