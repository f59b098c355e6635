import { Temporal } from 'temporal-polyfill'
import { ConfigurationError } from '../config/configuration-error.ts'
import type { ContentLine } from './content-lines.ts'

/** From a local time to the instant it means. */
export type Locate = (local: Temporal.PlainDateTime) => Temporal.Instant

export type CalendarTime = { allDay: boolean; local: Temporal.PlainDateTime; locate: Locate }

/** RFC 5545, 3.3.5: a skipped time counts by the offset before the change, the first of two equal ones is meant. */
export const inZone =
  (zone: string): Locate =>
  (local) =>
    local.toZonedDateTime(zone, { disambiguation: 'compatible' }).toInstant()

/** What a TZID means: an IANA name first, then what the file itself defines. */
export type Zones = (id: string) => Locate | null

/**
 * One DATE or DATE-TIME value. Days and times without a zone are meant in `zone`. A leap second counts as the second
 * before it.
 *
 * @throws ConfigurationError naming file and line
 */
export const calendarTime = (
  value: string,
  { parameters, name, line }: Pick<ContentLine, 'parameters' | 'name' | 'line'>,
  context: { file: string; zone: string; zones: Zones },
): CalendarTime => {
  const fault = (message: string) => new ConfigurationError(message, { file: context.file, line })
  const match = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?$/.exec(value.trim())
  if (!match)
    throw fault(`${name}: ${JSON.stringify(value.slice(0, 40))} is no date or time such as 20261224T180000Z`)
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0))
  const allDay = match[4] === undefined
  const local = exact({ year, month, day, hour, minute, second: second === 60 ? 59 : second })
  if (!local) throw fault(`${name}: ${value.slice(0, 40)} does not exist in the calendar`)
  if (match[7]) return { allDay, local, locate: inZone('UTC') }
  const id = allDay ? undefined : parameters['TZID']
  const locate = id === undefined ? inZone(context.zone) : context.zones(id)
  if (!locate)
    throw fault(
      `${name}: the time zone ${JSON.stringify(id?.slice(0, 60))} is neither an IANA name nor defined in the file`,
    )
  return { allDay, local, locate }
}

type Parts = Partial<Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number | undefined>>

const exact = ({ year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 }: Parts) => {
  try {
    const parts = { year, month, day, hour, minute, second }
    return Temporal.PlainDateTime.from(parts, { overflow: 'reject' })
  } catch {
    return null
  }
}

/** An IANA name, also behind a vendor's prefix (`/example.org/Europe/Berlin`). */
export const ianaZone = (id: string): Locate | null => {
  const names = [id, id.split('/').slice(-2).join('/'), id.split('/').slice(-3).join('/')]
  for (const name of names.filter((each) => /^[A-Za-z]/.test(each))) {
    try {
      Temporal.Instant.from('2026-01-01T00:00Z').toZonedDateTimeISO(name)
      return inZone(name)
    } catch {}
  }
  return null
}

/** DURATION (RFC 5545, 3.3.6): weeks and days are days of the calendar, the rest is exact. */
export const calendarDuration = (value: string): Temporal.Duration | null => {
  if (!/^[+-]?P(?=.)(\d{1,6}W)?(\d{1,6}D)?(T(?=\d)(\d{1,7}H)?(\d{1,7}M)?(\d{1,9}S)?)?$/.test(value))
    return null
  const duration = Temporal.Duration.from(value)
  return duration.sign < 0 ? null : duration
}
