import type { Plan } from '../plan/plan.ts'
import { code, inline } from '../text/escape-markdown.ts'
import type { CommunicationPlan } from './communication-plan.ts'

const time = (at: string | null): string =>
  at === null ? 'when it happens' : `${at.slice(0, 16).replace('T', ' ')} UTC`

/** The communication plan as a page. */
export const showCommunication = (
  plan: Plan,
  { messages, preparation, embargo }: CommunicationPlan,
): string => {
  const told = messages.map(
    ({ who, what, at, channel, moment }) =>
      `| ${inline(who, 100)} | ${inline(what, 300)} | ${moment}: ${time(at)} | ${inline(channel, 200)} |`,
  )
  const tasks = preparation.map(
    ({ id, name, owner, due, late, optional }) =>
      `| ${code(id)} | ${inline(name, 120)}${optional ? ' (may be left out)' : ''} | ${inline(owner, 80)} | ${time(due)}${late ? ', **late already**' : ''} |`,
  )
  return [
    `# Communication plan: ${inline(plan.service)} ${inline(plan.version)}`,
    '',
    ...(embargo
      ? ['**Embargo**: outside the team nobody hears of this release before its disclosure.', '']
      : []),
    '| who | hears what | when | channel |',
    '|---|---|---|---|',
    ...told,
    '',
    '## Preparation',
    '',
    ...(tasks.length === 0
      ? ['No task is planned.']
      : ['| task | what | owner | due |', '|---|---|---|---|', ...tasks]),
    '',
  ].join('\n')
}
