import { Temporal } from 'temporal-polyfill'
import { cut } from '../text/visible.ts'
import type { Manifest } from './manifest.ts'

/** When the go or no-go decision is taken, for how long, where, and who is invited. Times: UTC, ISO 8601. */
export type Checkpoint = { at: string; minutes: number; place: string | null; invite: readonly string[] }

/** A time with an offset as UTC; null when it is none. */
export const instantOf = (text: string): string | null => {
  try {
    return Temporal.Instant.from(text).round('second').toString()
  } catch {
    return null
  }
}

/** The checkpoint of a manifest that was read; null when it has none. */
export const checkpointOf = ({ checkpoint }: Manifest): Checkpoint | null => {
  if (checkpoint === undefined) return null
  const whole = typeof checkpoint === 'string' ? { at: checkpoint, minutes: 30, invite: [] } : checkpoint
  const at = instantOf(whole.at)
  return at === null ? null : { ...whole, place: ('place' in whole && whole.place) || null, at }
}

/**
 * Row P8: the invitation to the checkpoint as an iCalendar file (RFC 5545, METHOD:REQUEST when somebody is invited): UTC
 * times, CRLF, lines folded at 75 octets, the same UID in every revision, SEQUENCE counting with it.
 *
 * @param agenda what the decision is about, one line each
 * @param now when this is written, ISO 8601
 */
export const checkpointInvitation = (
  manifest: Manifest,
  checkpoint: Checkpoint,
  agenda: readonly string[],
  now: string,
): string => {
  const title = `Go or no-go: ${cut(manifest.name, 100)}`
  const end = Temporal.Instant.from(checkpoint.at).add({ minutes: checkpoint.minutes }).toString()
  const guests = [...new Set(checkpoint.invite)]
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//relman//release manifest//EN',
    `METHOD:${guests.length > 0 ? 'REQUEST' : 'PUBLISH'}`,
    'BEGIN:VEVENT',
    `UID:${encodeURIComponent(cut(manifest.name, 200))}/go-no-go@relman`,
    `DTSTAMP:${stamp(now)}`,
    `SEQUENCE:${manifest.revision - 1}`,
    `DTSTART:${stamp(checkpoint.at)}`,
    `DTEND:${stamp(end)}`,
    `SUMMARY:${escaped(title)}`,
    `DESCRIPTION:${agenda.map((line) => escaped(cut(line, 300))).join('\\n')}`,
    ...(checkpoint.place === null ? [] : [`LOCATION:${escaped(cut(checkpoint.place, 200))}`]),
    // RFC 5546 wants an organizer in a request: the first who is invited.
    ...(guests.length > 0 ? [`ORGANIZER:mailto:${guests[0]}`] : []),
    ...guests.map((guest) => `ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:${guest}`),
    'STATUS:CONFIRMED',
    'END:VEVENT',
    'END:VCALENDAR',
  ]
    .map((line) => `${fold(line)}\r\n`)
    .join('')
}

const stamp = (instant: string): string =>
  Temporal.Instant.from(instant).round('second').toString().replace(/[-:]/g, '')

const escaped = (text: string): string => text.replace(/[\\;,]/g, '\\$&').replace(/\r?\n/g, '\\n')

const fold = (line: string): string => {
  let folded = ''
  let octets = 0
  for (const character of line) {
    const size = character.codePointAt(0) ?? 0
    const length = size < 0x80 ? 1 : size < 0x800 ? 2 : size < 0x10000 ? 3 : 4
    if (octets + length > 75) {
      folded += '\r\n '
      octets = 1
    }
    folded += character
    octets += length
  }
  return folded
}
