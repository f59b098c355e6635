import { Temporal } from 'temporal-polyfill'
import { ConfigurationError } from '../config/configuration-error.ts'
import { cut } from '../text/visible.ts'
import { type Busy, type BusyKind, defaultExempt } from './busy.ts'
import { type CalendarTime, calendarDuration, calendarTime, ianaZone, type Locate } from './calendar-time.ts'
import { all, type Component, type ContentLine, first, plainText, readComponents } from './content-lines.ts'
import { embeddedZone } from './embedded-zone.ts'
import { instantOf, iso, type Span } from './moment.ts'
import { readRecurrence, recurringDays } from './recurrence.ts'
import type { ReleaseType } from './release-types.ts'

export type CalendarSource = {
  text: string
  /** How errors and plans call it. */
  file: string
  kind: BusyKind
  /** Where all-day events and times without a zone are meant. */
  zone: string
  exempt?: readonly ReleaseType[] | undefined
}

const occurrenceLimit = 20_000

/**
 * Days that the rules of one calendar may make relman look at, an occurrence counted as ten: a few seconds. Five hundred
 * weekly meetings over a year are two thirds of it.
 */
const workLimit = 750_000

type Context = {
  file: string
  zone: string
  zones: (id: string) => Locate | null
  horizon: Span
  /** Counts days looked at. @throws ConfigurationError naming the line where it becomes too much */
  spend: (days: number, line: number) => void
}
type Event = { from: CalendarTime; span: Span; title: string; line: number }

/**
 * Every event of an iCalendar file that touches the horizon: recurring ones unfolded (RRULE, RDATE, EXDATE, changed and
 * cancelled occurrences), all-day ones as days of `zone`. Cancelled events count for nothing. Events shown as free
 * (TRANSP) count in freezes and holidays, since public holidays usually are, and not in calendars of people and releases.
 *
 * @throws ConfigurationError naming file and line
 */
export const readCalendar = (source: CalendarSource, { start, end }: Span): Busy[] => {
  const horizon = { start: iso(instantOf(start)), end: iso(instantOf(end)) }
  const calendars = readComponents(source.text, source.file)
  const context = {
    file: source.file,
    zone: source.zone,
    horizon,
    zones: zonesOf(calendars, source, horizon),
    spend: budget(source.file),
  }
  const events = calendars.flatMap((each) => each.children).filter(({ name }) => name === 'VEVENT')
  const free = source.kind === 'team' || source.kind === 'release'
  const shown = events.filter(
    (each) => !(free && first(each, 'TRANSP')?.value.toUpperCase() === 'TRANSPARENT'),
  )
  const changed = changedOccurrences(events, context)
  const busy: Event[] = []
  for (const event of shown) {
    for (const each of occurrences(event, changed, context)) busy.push(each)
    if (busy.length > occurrenceLimit)
      throw new ConfigurationError(`holds more than ${occurrenceLimit} events in the horizon`, {
        file: source.file,
      })
  }
  const exempt = source.exempt ?? defaultExempt(source.kind)
  return busy
    .map(({ span, title, line }) => ({
      kind: source.kind,
      title,
      source: `${source.file}:${line}`,
      ...span,
      exempt,
    }))
    .sort((a, b) => (a.start === b.start ? (a.title < b.title ? -1 : 1) : a.start < b.start ? -1 : 1))
}

const budget = (file: string): Context['spend'] => {
  let left = workLimit
  return (days, line) => {
    left -= days
    if (left < 0)
      throw new ConfigurationError(
        'RRULE: the events up to here recur so often, or since so long ago, that reading them takes too long; write UNTIL in place of COUNT, and a later DTSTART',
        { file, line },
      )
  }
}

const zonesOf = (
  calendars: readonly Component[],
  { file }: CalendarSource,
  horizon: Span,
): Context['zones'] => {
  const day = (instant: string) => instantOf(instant).toZonedDateTimeISO('UTC').toPlainDate()
  const days = { first: day(horizon.start), last: day(horizon.end).add({ days: 2 }) }
  const parts = calendars.flatMap((each) => each.children).filter(({ name }) => name === 'VTIMEZONE')
  const known = new Map<string, Locate | null>()
  return (id) => {
    const seen = known.get(id)
    if (seen !== undefined) return seen
    const own = parts.find((part) => first(part, 'TZID')?.value === id)
    const found = ianaZone(id) ?? (own ? embeddedZone(own, file, days) : null)
    known.set(id, found)
    return found
  }
}

/** `UID` and instant of each occurrence that another event of the file replaces. */
const changedOccurrences = (events: readonly Component[], context: Context): Set<string> =>
  new Set(
    events.flatMap((event) => {
      const line = first(event, 'RECURRENCE-ID')
      return line ? [key(event, calendarTime(line.value, line, context))] : []
    }),
  )

const key = (event: Component, at: CalendarTime): string =>
  `${first(event, 'UID')?.value ?? ''}\n${at.locate(at.local).epochMilliseconds}`

const occurrences = (event: Component, changed: ReadonlySet<string>, context: Context): Event[] => {
  if (first(event, 'STATUS')?.value.toUpperCase() === 'CANCELLED') return []
  const begin = first(event, 'DTSTART')
  if (!begin) throw new ConfigurationError('an event needs DTSTART', { file: context.file, line: event.line })
  const start = calendarTime(begin.value, begin, context)
  if (start.local.year < 1900)
    throw new ConfigurationError('DTSTART: an event begins in 1900 or later', {
      file: context.file,
      line: begin.line,
    })
  const endOf = ending(event, start, begin, context)
  const title = cut(plainText(first(event, 'SUMMARY')?.value ?? ''), 200) || 'untitled event'
  const dates = all(event, 'EXDATE').flatMap((line) =>
    line.value.split(',').map((value) => calendarTime(value, line, context)),
  )
  const excluded = new Set(dates.filter((each) => !each.allDay || start.allDay).map(moment))
  const excludedDays = new Set(
    dates.filter((each) => each.allDay).map((each) => each.local.toPlainDate().toString()),
  )
  const replaces = first(event, 'RECURRENCE-ID') !== undefined
  return starts(event, start, context, endOf)
    .filter((at) => !excluded.has(moment(at)) && !excludedDays.has(at.local.toPlainDate().toString()))
    .filter((at) => replaces || !changed.has(key(event, at)))
    .map((from) => ({
      from,
      span: { start: iso(from.locate(from.local)), end: endOf(from) },
      title,
      line: event.line,
    }))
    .filter(({ span }) => span.start < context.horizon.end && span.end > context.horizon.start)
}

const moment = (at: CalendarTime): number => at.locate(at.local).epochMilliseconds

const starts = (
  event: Component,
  start: CalendarTime,
  context: Context,
  endOf: (at: CalendarTime) => string,
): CalendarTime[] => {
  const found = new Map<number, CalendarTime>([[moment(start), start]])
  const add = (at: CalendarTime) => {
    context.spend(10, event.line)
    found.set(moment(at), at)
  }
  for (const line of all(event, 'RDATE')) {
    for (const value of line.value.split(',')) add(calendarTime(value.split('/')[0] ?? '', line, context))
  }
  const length = moment(start) - Temporal.Instant.from(endOf(start)).epochMilliseconds
  const day = (instant: string, milliseconds: number, days: number) =>
    instantOf(instant).add({ milliseconds }).toZonedDateTimeISO('UTC').toPlainDate().add({ days })
  for (const line of all(event, 'RRULE')) {
    const rule = readRecurrence(line.value)
    if (typeof rule === 'string')
      throw new ConfigurationError(`RRULE: ${rule}`, { file: context.file, line: line.line })
    const until = rule.until === null ? null : calendarTime(rule.until, { ...line, parameters: {} }, context)
    const from = day(context.horizon.start, length, -2)
    const last = day(context.horizon.end, 0, 2)
    const spend = (days: number) => context.spend(days, line.line)
    for (const date of recurringDays(rule, start.local.toPlainDate(), from, last, spend)) {
      const at = { ...start, local: date.toPlainDateTime(start.local.toPlainTime()) }
      if (until && past(at, until)) break
      if (Temporal.PlainDate.compare(date, from) < 0) continue
      add(at)
      if (found.size > occurrenceLimit)
        throw new ConfigurationError('RRULE: recurs too often', { file: context.file, line: line.line })
    }
  }
  return [...found.values()]
}

/** UNTIL is the last one: a day where it is a day, an instant where it has a time. */
const past = (at: CalendarTime, until: CalendarTime): boolean =>
  until.allDay || at.allDay
    ? Temporal.PlainDate.compare(at.local.toPlainDate(), until.local.toPlainDate()) > 0
    : moment(at) > moment(until)

const ending = (event: Component, start: CalendarTime, begin: ContentLine, context: Context) => {
  const line = first(event, 'DTEND') ?? first(event, 'DURATION')
  const fault = (message: string) =>
    new ConfigurationError(message, { file: context.file, line: (line ?? begin).line })
  const after = (at: CalendarTime, length: Temporal.Duration): string => {
    const { years, months, weeks, days } = length
    const local = at.local.add({ years, months, weeks, days })
    const exact = length.with({ years: 0, months: 0, weeks: 0, days: 0 })
    return iso(at.locate(local).add(exact))
  }
  if (line?.name === 'DTEND') {
    const end = calendarTime(line.value, line, context)
    if (end.allDay !== start.allDay) throw fault('DTEND and DTSTART are both days or both times')
    if (moment(end) < moment(start)) throw fault('the event ends before it begins: DTEND is before DTSTART')
    const days = start.local.toPlainDate().until(end.local.toPlainDate()).days
    const length = start.allDay
      ? Temporal.Duration.from({ days: Math.max(1, days) })
      : end.locate(end.local).since(start.locate(start.local))
    return (at: CalendarTime) => after(at, length)
  }
  const fallback = start.allDay ? 'P1D' : 'PT0S'
  const length = calendarDuration(line?.value ?? fallback)
  if (!length) throw fault(`DURATION: ${line?.value.slice(0, 40)} is no length of time such as PT2H`)
  return (at: CalendarTime) => after(at, length)
}
