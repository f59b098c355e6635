import type { PhaseName } from '../record/phase.ts'
import { inline } from '../text/escape-markdown.ts'
import { type Dated, type Due, instant } from './act.ts'
import { type KeptLook, keptWords } from './kept-look.ts'
import type { Overdue } from './overdue.ts'

/** What became of an act that is due; `text` is not escaped yet. */
export type Standing = {
  standing:
    | 'started'
    | 'would-start'
    | 'under-way'
    | 'over'
    | 'waits'
    | 'later'
    | 'told'
    | 'held'
    | 'lost'
    | 'failed'
  text: string
  url: string
}

/** What a pass says of one release. */
export type Entry = {
  dated: Dated
  phase: PhaseName | null
  next: { name: string; at: string } | null
  due: Due | null
  standing: Standing | null
  overdue: readonly Overdue[]
  /** Why no box of the ticket was read; empty where they were. */
  unread: string
  kept: KeptLook | null
  /** null: its plan stands. */
  successor: string | null
}

const mostOverdue = 20

/** The section of the ticket; it says nothing of the time of the pass, so that it changes only where something did. */
export const calendarSection = ({ phase, next, due, standing, overdue, unread, kept }: Entry): string => {
  const words = kept === null ? null : keptWords(kept)
  const more = overdue.length - mostOverdue
  return [
    '## Calendar',
    '',
    `- Phase: ${phase ?? 'over'}${next ? `; next: ${next.name}, ${instant(next.at)}` : ''}`,
    ...(due && standing
      ? [
          `- Due: ${inline(due.what)}: ${inline(standing.text, 500)}${link(standing.url)} (${inline(due.who, 80)})`,
        ]
      : []),
    ...overdue
      .slice(0, mostOverdue)
      .map(
        ({ what, who, since }) =>
          `- **Overdue** since ${instant(since)}: ${inline(what)} (${inline(who, 80)})`,
      ),
    ...(more > 0 ? [`- and ${more} more are overdue`] : []),
    ...(unread === '' ? [] : [`- Nobody knows which work is done: ${inline(unread)}`]),
    ...(words?.gone ?? []).map((text) => `- **Way back** ${inline(text, 700)}`),
    ...(words ? [`- What stays deployable: ${inline(words.rest, 500)}`] : []),
  ].join('\n')
}

/** Addresses come from GitHub's answers and from the record. */
const link = (url: string): string => (/^https?:\/\/[\w.:/-]+$/.test(url) ? `, ${url}` : '')

/** The table of the job summary, and below it what each release is told in full. */
export const showCalendar = (entries: readonly Entry[]): string =>
  [
    '# Calendar',
    '',
    '| release | phase | next date | what is due | who |',
    '|---|---|---|---|---|',
    ...entries.map(row),
    ...entries.flatMap((entry) => {
      const name = nameOf(entry)
      return ['', `## ${name}`, '', calendarSection(entry).split('\n').slice(2).join('\n')]
    }),
  ].join('\n')

const nameOf = ({ dated: { plan } }: Entry): string =>
  `${inline(plan.service, 100)} ${inline(plan.version, 100)}`

const row = (entry: Entry): string => {
  const { phase, next, due, standing, overdue, successor } = entry
  const late = overdue.length === 0 ? '' : `${overdue.length} overdue: ${inline(overdue[0]?.what ?? '', 120)}`
  const what = [
    due && standing ? `${inline(due.what, 120)}: **${standing.standing}**` : '',
    late,
    successor === null ? '' : `the plan of ${inline(successor, 100)} took its place`,
  ].filter((part) => part !== '')
  const who = [...new Set([...(due ? [due.who] : []), ...overdue.map(({ who }) => who)])]
  return `| ${nameOf(entry)} | ${phase ?? 'over'} | ${next ? `${next.name}, ${instant(next.at)}` : '—'} | ${what.length === 0 ? 'nothing' : what.join('; ')} | ${
    who.length === 0
      ? '—'
      : who
          .slice(0, 5)
          .map((each) => inline(each, 80))
          .join(', ')
  } |`
}
