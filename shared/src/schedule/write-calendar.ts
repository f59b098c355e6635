import { cut } from '../text/visible.ts'
import { instantOf, iso } from './moment.ts'
import type { Timeline } from './timeline.ts'

export type CalendarFacts = {
  service: string
  version: string
  /** Stands in the UIDs, so that they stay the same and are nobody else's: `owner/name`. */
  repository: string
  /** When this was written (DTSTAMP). */
  now: string
  /** Counts up when the plan changes, so that programs replace what they show. From 1. */
  revision: number
  state: 'provisional' | 'frozen' | 'cancelled'
  url?: string
}

/**
 * Milestones and the window as an iCalendar file (RFC 5545): UTC times, lines folded at 75 octets, CRLF, the same UIDs in
 * every revision. Tasks are listed in the description of the milestone by which they are due.
 */
export const writeCalendar = (timeline: Timeline, facts: CalendarFacts): string => {
  const name = `${cut(facts.service, 100)} ${cut(facts.version, 100)}`
  const event = (id: string, start: string, end: string, title: string, about: string): string[] => [
    'BEGIN:VEVENT',
    `UID:${uid(facts, id)}`,
    `DTSTAMP:${stamp(facts.now)}`,
    `SEQUENCE:${Math.max(0, facts.revision - 1)}`,
    `DTSTART:${stamp(start)}`,
    `DTEND:${stamp(end)}`,
    `SUMMARY:${text(title)}`,
    `DESCRIPTION:${text(about)}`,
    `STATUS:${{ provisional: 'TENTATIVE', frozen: 'CONFIRMED', cancelled: 'CANCELLED' }[facts.state]}`,
    `TRANSP:${id === 'release' ? 'OPAQUE' : 'TRANSPARENT'}`,
    ...(facts.url === undefined ? [] : [`URL:${uri(facts.url)}`]),
    'END:VEVENT',
  ]
  const events = timeline.milestones.flatMap((each) => {
    const tasks = timeline.tasks
      .filter(({ milestone }) => milestone === each.id)
      .map(
        (task) =>
          `${cut(task.name, 200)}: ${task.owner}, by ${task.due}${task.critical ? ' (critical)' : ''}`,
      )
    const end = each.id === 'release' ? timeline.window.end : iso(instantOf(each.at).add({ minutes: 30 }))
    return event(
      each.id,
      each.at,
      end,
      `${name}: ${each.name} (${each.offset})`,
      [each.what, ...tasks].join('\n'),
    )
  })
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//relman//release timeline//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `X-WR-CALNAME:${text(name)}`,
    ...events,
    'END:VCALENDAR',
  ]
  return lines.map((line) => `${fold(line)}\r\n`).join('')
}

const uid = ({ repository, service, version }: CalendarFacts, id: string): string =>
  `${[repository, service, version, id].map((part) => encodeURIComponent(cut(part, 200))).join('/')}@relman`

const stamp = (instant: string): string =>
  instantOf(instant).toString({ smallestUnit: 'second' }).replace(/[-:]/g, '')

const text = (value: string): string =>
  value
    .split('\n')
    .map((line) => cut(line, 500))
    .join('\n')
    .replace(/[\\;,]/g, '\\$&')
    .replaceAll('\n', '\\n')

const uri = (url: string): string => cut(url, 1000).replace(/\s/g, '')

/** Lines of at most 75 octets, never within a character (RFC 5545, 3.1). */
const fold = (line: string): string => {
  const parts: string[] = []
  let part = ''
  let octets = 0
  for (const character of line) {
    const size = octetsOf(character)
    if (octets + size > 75) {
      parts.push(part)
      part = ' '
      octets = 1
    }
    part += character
    octets += size
  }
  return [...parts, part].join('\r\n')
}

const octetsOf = (character: string): number => {
  const point = character.codePointAt(0) ?? 0
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
}
