import type { Plan } from '../plan/plan.ts'
import { code, inline } from '../text/escape-markdown.ts'

/** The work before the release as boxes to tick, each with its owner and the day it is due. Ticks stay when it is written again. */
export const preparationSection = ({ schedule }: Plan): string => {
  const tasks = schedule?.tasks ?? []
  if (tasks.length === 0) return '## Preparation\n\nNo task is planned.'
  const lines = tasks.map(
    ({ id, name, owner, due, late, optional }) =>
      `- [ ] ${code(id)} ${inline(name, 120)}: ${inline(owner, 80)}, by ${due.slice(0, 16).replace('T', ' ')} UTC${late ? ' (**late already**)' : ''}${optional ? ' (may be left out)' : ''}`,
  )
  return `## Preparation\n\n${lines.join('\n')}`
}
