import { Temporal } from 'temporal-polyfill'
import { ConfigurationError } from '../config/configuration-error.ts'
import { calendarTime, type Locate } from './calendar-time.ts'
import { all, type Component, first } from './content-lines.ts'
import { readRecurrence, recurringDays } from './recurrence.ts'

/** London's whole history since 1847 has some 240. */
const changeLimit = 1_000

type Days = { first: Temporal.PlainDate; last: Temporal.PlainDate }
type Change = { from: Temporal.PlainDateTime; before: number; after: number }

/**
 * A VTIMEZONE of the file (RFC 5545, 3.6.5), for names that are not IANA's such as Outlook's `W. Europe Standard Time`.
 * `days` are the first and the last that matter. A skipped time counts by the offset before the change.
 * Changes more than two years before the first are not unfolded.
 *
 * @throws ConfigurationError naming file and line
 */
export const embeddedZone = (zone: Component, file: string, days: Days): Locate => {
  const changes = zone.children
    .flatMap((part) => changesOf(part, file, days))
    .sort((a, b) => Temporal.PlainDateTime.compare(a.from, b.from))
  const [earliest] = changes
  if (!earliest)
    throw new ConfigurationError('a VTIMEZONE has at least one STANDARD or DAYLIGHT part', {
      file,
      line: zone.line,
    })
  if (changes.length > changeLimit)
    throw new ConfigurationError(`a VTIMEZONE changes its clocks more than ${changeLimit} times`, {
      file,
      line: zone.line,
    })
  return (local) => {
    // An onset is written by the clock before the change, so a repeated hour is meant as its first one; skipped ones move on.
    const passed = changes.filter((change) => {
      const gap = Math.max(0, change.after - change.before)
      return Temporal.PlainDateTime.compare(local, change.from.add({ seconds: gap })) >= 0
    })
    const offset = passed.at(-1)?.after ?? earliest.before
    return local.toZonedDateTime('UTC').toInstant().subtract({ seconds: offset })
  }
}

const changesOf = (part: Component, file: string, days: Days): Change[] => {
  const fault = (message: string, line: number) => new ConfigurationError(message, { file, line })
  const start = first(part, 'DTSTART')
  const [before, after] = ['TZOFFSETFROM', 'TZOFFSETTO'].map((name) => offset(first(part, name)?.value))
  if (!start || before === undefined || after === undefined)
    throw fault(`${part.name} of a VTIMEZONE needs DTSTART, TZOFFSETFROM and TZOFFSETTO`, part.line)
  const context = { file, zone: 'UTC', zones: () => null }
  const read = (value: string) => calendarTime(value, { ...start, parameters: {} }, context).local
  const onset = read(start.value)
  const rule = first(part, 'RRULE')
  const dated = all(part, 'RDATE').flatMap(({ value }) => value.split(',').map(read))
  const moments = [onset, ...dated]
  if (rule) {
    const recurrence = readRecurrence(rule.value)
    if (typeof recurrence === 'string') throw fault(`RRULE: ${recurrence}`, rule.line)
    if (recurrence.frequency !== 'YEARLY') throw fault('RRULE: a VTIMEZONE changes by the year', rule.line)
    const until = recurrence.until === null ? null : read(recurrence.until)
    for (const day of recurringDays(
      recurrence,
      onset.toPlainDate(),
      days.first.subtract({ years: 2 }),
      days.last,
    )) {
      const at = day.toPlainDateTime(onset.toPlainTime())
      if (until && Temporal.PlainDateTime.compare(at, until.add({ seconds: before })) > 0) break
      moments.push(at)
    }
  }
  return moments.map((from) => ({ from, before, after }))
}

const offset = (text: string | undefined): number | undefined => {
  const match = /^([+-])(\d\d)(\d\d)(\d\d)?$/.exec(text ?? '')
  if (!match) return undefined
  const seconds = Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? 0)
  return match[1] === '-' ? -seconds : seconds
}
