import type { Plan } from '../plan/plan.ts'
import { inline } from '../text/escape-markdown.ts'
import type { Roster } from './roster.ts'

/** People of a release as a page. */
export const showRoster = (plan: Plan, roster: Roster): string => {
  const { duties, absences, escalation, continuity, incident } = roster
  const gaps = absences.map(
    ({ who, from, to, when, deputy }) =>
      `- **${inline(who)}** is away from ${from} to ${to}, and needed for ${inline(when, 400)}; ${deputy ? `${inline(deputy)} stands in` : '**nobody stands in**'}`,
  )
  const calls = escalation.map(
    ({ who, by }, index) =>
      `${index + 1}. ${inline(who)}, until ${Math.round(by)} min after the alarm${index + 1 < escalation.length ? ', else the next' : ''}`,
  )
  return [
    `# People: ${inline(plan.service)} ${inline(plan.version)}`,
    '',
    '| role | who | does |',
    '|---|---|---|',
    ...duties.map(
      ({ role, person, does }) =>
        `| ${inline(role)} | ${person === null ? '**nobody is named** (schedule.owners)' : inline(person)} | ${inline(does, 400)} |`,
    ),
    '',
    '## Away when needed',
    '',
    ...(gaps.length > 0 ? gaps : ['Nobody, as far as people.away says.']),
    '',
    '## Escalation',
    '',
    ...(calls.length > 0 ? calls : ['Nobody is named (people.escalation).']),
    '',
    `- **Continuity**: ${inline(continuity, 500)}`,
    `- **Incident plan**: ${incident === null ? 'none is named (people.incident); the undo is the first step in any case' : inline(incident, 500)}`,
    '',
  ].join('\n')
}
