import type { Plan } from '../plan/plan.ts'
import { showItem } from '../plan/show-item.ts'
import { code, inline } from '../text/escape-markdown.ts'
import type { Risk } from './risk.ts'

/** The risk register as a page: the table, then reach, reversibility and timing of the whole (row P17). */
export const showRegister = (plan: Plan, risks: readonly Risk[]): string => {
  const rows = risks.map(
    ({ id, level, what, noticed, mitigation, owner, state }) =>
      `| ${code(id)} | ${level} | ${showItem(what, 250)} | ${inline(noticed, 200)} | ${inline(mitigation, 300)} | ${inline(owner, 80)} | ${state === 'open' ? '**open**' : state} |`,
  )
  const { schedule, risk } = plan
  const timing = schedule?.window
    ? `${schedule.window.start.slice(0, 16).replace('T', ' ')} to ${schedule.window.end.slice(0, 16).replace('T', ' ')} UTC; ${inline(schedule.why, 300)}`
    : 'no window is planned'
  const terms = (schedule?.score?.terms ?? []).map(
    ({ name, factor, source }) => `${inline(name)} ${factor} (${inline(source, 120)})`,
  )
  return [
    `# Risk register: ${inline(plan.service)} ${inline(plan.version)}`,
    '',
    '| id | level | what could go wrong | noticed by | what is done about it | owner | state |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    '',
    `- **Blast radius**: ${inline(risk.blast)}`,
    `- **Reversibility**: ${inline(risk.reversibility)}`,
    `- **Timing**: ${timing}${terms.length > 0 ? `; ${terms.join(', ')}` : ''}`,
    '',
  ].join('\n')
}
