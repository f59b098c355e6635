import type { Plan } from '../plan/plan.ts'
import { code, inline } from '../text/escape-markdown.ts'
import { communicationPlan } from './communication-plan.ts'

/** Somebody of the communication plan: what they hear at the kick-off (null: nothing yet), and of what later. */
export type Told = { who: string; channel: string; now: string | null; later: string[] }

/** More than anybody means to call at once. */
const mostMentions = 50
/** A comment and a ticket hold 65,536 characters, and a ticket more than this. */
const longestTable = 10_000

/** What finds the kick-off comment of a release again: it is made once, and brought to the revision that was approved. */
export const kickOffMarker = ({ service, version }: Pick<Plan, 'service' | 'version'>): string =>
  `relman:kick-off:${service}:${version}`

/** Row L4: whom the approval of a plan tells what. Of a security release nobody outside the team hears before its disclosure. */
export const kickOff = (plan: Plan): Told[] => {
  const told = new Map<string, Told>()
  for (const { who, channel, moment, at, what } of communicationPlan(plan).messages) {
    const key = JSON.stringify([who, channel])
    const known = told.get(key) ?? { who, channel, now: null, later: [] }
    if (moment === 'planned') known.now = what
    else known.later.push(at === null ? moment : `${moment} (${at.slice(0, 16).replace('T', ' ')} UTC)`)
    told.set(key, known)
  }
  return [...told.values()].sort((a, b) => Number(b.now !== null) - Number(a.now !== null))
}

/** Which plan is approved, and for when: one sentence of Markdown. */
export const approvedWords = (plan: Plan, digest: string): string => {
  const start = plan.schedule?.window?.start
  const when = start ? `, planned for ${start.slice(0, 16).replace('T', ' ')} UTC` : ''
  return `**${inline(plan.service)} ${inline(plan.version)}** is approved: revision ${plan.revision}, plan ${code(digest.slice(0, 12))}${when}.`
}

/** The kick-off as Markdown; `mention` calls those who hear of it now and are named as a login or a team of GitHub. */
export const showKickOff = (plan: Plan, digest: string, mention = false): string => {
  const told = kickOff(plan)
  const handles = told.flatMap(({ who, now }) => (now !== null && isHandle(who) ? [who] : []))
  const called = mention ? [...new Set(handles)].slice(0, mostMentions) : []
  const rows = fitting(
    told.map(
      ({ who, channel, now, later }) =>
        `| ${inline(who, 100)} | ${now === null ? 'nothing yet' : inline(now, 300)} | ${inline(later.join(', '), 300) || '–'} | ${inline(channel, 200)} |`,
    ),
  )
  return [
    '## Kick-off',
    '',
    approvedWords(plan, digest),
    ...(called.length > 0 ? ['', called.join(' ')] : []),
    '',
    '| who | hears now | hears later | channel |',
    '|---|---|---|---|',
    ...rows,
    ...(told.length > rows.length
      ? ['', `and ${told.length - rows.length} more in the communication plan.`]
      : []),
  ].join('\n')
}

/** The first rows that fit. */
const fitting = (rows: readonly string[]): string[] => {
  let length = 0
  return rows.filter((row) => {
    length += row.length + 1
    return length <= longestTable
  })
}

const isHandle = (who: string): boolean =>
  /^@[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})(?:\/[A-Za-z0-9][A-Za-z0-9._-]{0,99})?$/.test(who)
