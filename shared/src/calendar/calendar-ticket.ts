import { writeSections } from '../ticket/section.ts'
import { ticketMarker } from '../ticket/ticket.ts'
import { calendarSection, type Entry } from './show-calendar.ts'

/** Sections say by which event they were written; this one is written by the clock, in seconds since this moment. */
const epoch = Date.parse('2026-01-01T00:00:00Z')

/** GitHub takes 65,536 characters; a margin stays free for people. */
const longest = 64_000

/**
 * The body of a ticket with its calendar brought up to date, in place. Where it says the same as before, the body is given back
 * to the letter, so that an hourly pass edits nothing. `now` in milliseconds since 1970.
 */
export const writeCalendar = (body: string | null, entry: Entry, now: number): string => {
  const seq = Math.max(1, Math.min(999_999_999, Math.floor((now - epoch) / 1000)))
  const section = { name: 'calendar', text: calendarSection(entry) }
  const fresh = writeSections(body, ticketMarker(entry.dated.plan), [section], seq)
  if (body !== null && (bare(fresh) === bare(body) || fresh.length > longest)) return body
  return fresh
}

const bare = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .replace(/^<!-- of event \d{1,9} -->\n/gm, '')
    .trimEnd()
