import { Temporal } from 'temporal-polyfill'
import { ConfigurationError, type Place } from '../config/configuration-error.ts'

/** A stretch of time: ISO 8601 instants in UTC (`2026-12-24T18:00:00Z`), the end excluded. */
export type Span = { start: string; end: string }

/** The zone's name if the runtime knows it. @throws ConfigurationError that says what to write */
export const checkedZone = (name: string, place?: Place): string => {
  try {
    if (name === 'UTC' || /^[A-Za-z]/.test(name))
      return Temporal.Instant.from('2026-01-01T00:00Z').toZonedDateTimeISO(name).timeZoneId
  } catch {}
  throw new ConfigurationError(
    `"${name.slice(0, 60)}" is no known time zone; write an IANA name such as Europe/Berlin or UTC`,
    place,
  )
}

/** ISO instant, to the second. */
export const iso = (at: Temporal.Instant | Temporal.ZonedDateTime): string => {
  const { epochMilliseconds } = at
  // As below: Date writes the usual years many times faster.
  return epochMilliseconds >= 0 && epochMilliseconds < endOfUsual
    ? `${new Date(epochMilliseconds).toISOString().slice(0, 19)}Z`
    : ('toInstant' in at ? at.toInstant() : at).toString({ smallestUnit: 'second' })
}

/** The year 10000 needs a sign. */
const endOfUsual = Date.UTC(9999, 11, 31)

/** Milliseconds since 1970. @throws ConfigurationError for what is no ISO instant */
export const epoch = (instant: string): number => {
  const quick = quickly(instant)
  return Number.isNaN(quick) ? instantOf(instant).epochMilliseconds : quick
}

/**
 * The usual form, many times faster than Temporal reads it: calendars hold thousands of moments. NaN for anything else; not
 * from the 29th on: Date.parse takes 29 February for 1 March. Nor the hour 24, which Temporal refuses.
 */
const quickly = (instant: string): number =>
  /^\d{4}-\d\d-([01]\d|2[0-8])T([01]\d|2[0-3]):\d\d:\d\dZ$/.test(instant) ? Date.parse(instant) : Number.NaN

export const instantOf = (text: string): Temporal.Instant => {
  const quick = quickly(text)
  if (!Number.isNaN(quick)) return Temporal.Instant.fromEpochMilliseconds(quick)
  try {
    return Temporal.Instant.from(text)
  } catch {
    throw new ConfigurationError(
      `"${text.slice(0, 60)}" is no moment in time; write one like 2026-12-24T18:00:00Z`,
    )
  }
}

/** Hundreds of windows ask for the same few moments and days, and each costs a look into the zone's history. */
export const remembering = <Made>(make: (...parts: string[]) => Made, most = 4_096) => {
  const known = new Map<string, Made>()
  return (...parts: string[]): Made => {
    const key = parts.join(' ')
    const found = known.get(key) ?? make(...parts)
    if (known.size >= most) known.clear()
    known.set(key, found)
    return found
  }
}

export const zoned: (instant: string, zone: string) => Temporal.ZonedDateTime = remembering(
  (instant = '', zone = '') => instantOf(instant).toZonedDateTimeISO(zone),
)

/** A date. @throws ConfigurationError for a day that does not exist, such as 29 February 2026 */
export const dateOf = (text: string): Temporal.PlainDate => {
  try {
    if (/^\d{4}-\d\d-\d\d$/.test(text)) return Temporal.PlainDate.from(text, { overflow: 'reject' })
  } catch {}
  throw new ConfigurationError(`"${text.slice(0, 60)}" is no day of the calendar; write one like 2026-12-24`)
}

/**
 * A moment as people write it: an instant with its offset, a local time in `zone`, or a date (its first moment; the first
 * moment of the next day when `end`). A local time that clocks skip means the same time by the clock before the change; of
 * two equal ones the first is meant (RFC 5545, 3.3.5).
 *
 * @throws ConfigurationError
 */
export const momentOf = (text: string, zone: string, end = false): Temporal.ZonedDateTime => {
  checkedZone(zone)
  if (/(Z|[+-]\d\d:?\d\d)$/.test(text) && text.includes('T')) return zoned(text, zone)
  if (!text.includes('T')) {
    const date = dateOf(text)
    return (end ? date.add({ days: 1 }) : date).toZonedDateTime(zone)
  }
  try {
    return Temporal.PlainDateTime.from(text, { overflow: 'reject' }).toZonedDateTime(zone)
  } catch {
    throw new ConfigurationError(
      `"${text.slice(0, 60)}" is no time of the calendar; write one like 2026-12-24T18:00`,
    )
  }
}

/** A time of day on a date, what it means when clocks change there, or null where it does not exist. */
export const timeOn = (
  date: Temporal.PlainDate,
  clock: string,
  zone: string,
): { at: Temporal.ZonedDateTime | null; note: string | null } => {
  if (clock === '24:00') return { at: date.add({ days: 1 }).toZonedDateTime(zone), note: null }
  const local = date.toPlainDateTime(clockTime(clock))
  const first = local.toZonedDateTime(zone, { disambiguation: 'earlier' })
  const second = local.toZonedDateTime(zone, { disambiguation: 'later' })
  // Only where clocks change are there two moments to choose from.
  if (first.epochMilliseconds === second.epochMilliseconds) return { at: first, note: null }
  const skipped = !second.toPlainDateTime().equals(local)
  if (skipped) return { at: null, note: `${clock} does not exist on ${date} in ${zone}: clocks skip it` }
  return { at: first, note: `${clock} comes twice on ${date} in ${zone}; the first is meant` }
}

const clockTime = remembering((clock = '') => Temporal.PlainTime.from(clock))

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
export const weekdayOf = (at: Temporal.PlainDate | Temporal.ZonedDateTime): (typeof weekdays)[number] =>
  weekdays[at.dayOfWeek - 1] ?? 'monday'

/** For people: `Tue 2026-03-31 08:00 +02:00`, in English whatever the machine's language is. */
export const showMoment = (instant: string, zone: string): string => {
  const at = zoned(instant, zone)
  return `${showDay(at)} ${showClock(at)} ${at.offset}`
}

export const showDay = (at: Temporal.PlainDate | Temporal.ZonedDateTime): string => {
  const day = weekdayOf(at)
  return `${day[0]?.toUpperCase()}${day.slice(1, 3)} ${'toPlainDate' in at ? at.toPlainDate() : at}`
}

export const showClock = ({ hour, minute }: Temporal.ZonedDateTime): string =>
  [hour, minute].map((number) => String(number).padStart(2, '0')).join(':')

/** `Tue 2026-03-31 08:00–10:00 +02:00`; both ends in full where they differ in day or offset. */
export const showSpan = ({ start, end }: Span, zone: string): string => {
  const [from, to] = [zoned(start, zone), zoned(end, zone)]
  const same = from.toPlainDate().equals(to.toPlainDate()) && from.offset === to.offset
  return same
    ? `${showDay(from)} ${showClock(from)}–${showClock(to)} ${from.offset}`
    : `${showMoment(start, zone)} – ${showMoment(end, zone)}`
}

export const overlaps = (a: Span, b: Span): boolean =>
  epoch(a.start) < epoch(b.end) && epoch(b.start) < epoch(a.end)
