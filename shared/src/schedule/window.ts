import { Temporal } from 'temporal-polyfill'
import type { RolloutPolicy } from '../config/rollout-policy.ts'
import type { SchedulePolicy } from '../config/schedule-policy.ts'
import { type Busy, holding } from './busy.ts'
import {
  epoch,
  instantOf,
  iso,
  remembering,
  type Span,
  showClock,
  showDay,
  timeOn,
  weekdayOf,
  zoned,
} from './moment.ts'
import { type ReleaseType, typeRules } from './release-types.ts'

/** What one release asks for; each overrides the policy. Lengths in seconds, dates in the zone of the policy. */
export type Constraints = {
  /** Not before this instant. */
  earliest?: string
  /** The window ends at this instant at the latest. */
  latest?: string
  /** Dates that win over all others as long as one of their windows is free. */
  preferred?: readonly string[]
  /** Rules that do not hold for this release. */
  allow?: ReadonlyArray<'friday' | 'weekend' | 'business-hours'>
  notice?: number
  length?: number
  starts?: readonly string[]
}

export type Wanted = {
  type: ReleaseType
  now: string
  /** Seconds; from `governRelease`. The notice of the type when absent. */
  notice?: number
  /** Seconds that the rollout takes with its bakes at their longest. */
  rollout: number
  constraints?: Constraints
}

export type Conflict = { kind: 'rule' | 'freeze' | 'holiday' | 'release' | 'clock'; text: string }

/** A window that was looked at. `label` is its local start; `start` and `end` are null where that time does not exist. */
export type Candidate = {
  label: string
  day: string
  span: Span | null
  conflicts: Conflict[]
  notes: string[]
}

const hour = 3600

/** How long the ladder takes when every step needs all its patience: bakes and drains (seconds). */
export const rolloutSeconds = (rollout: Pick<RolloutPolicy, 'steps' | 'drain'>): number =>
  rollout.steps.reduce((sum, step) => sum + Math.max(step.min, step.max) + rollout.drain, 0) + rollout.drain

/** The length of the window in seconds (whole quarters of an hour), or the sentence why none can hold the rollout. */
export const windowLength = ({ type, rollout, constraints }: Wanted): number | string => {
  const { min, max } = typeRules[type].window
  const need = Math.ceil(rollout / 900) * 900
  const length = constraints?.length ?? Math.max(min, need)
  const hours = (seconds: number) => `${Math.round((seconds / hour) * 100) / 100} h`
  if (need > max)
    return `the rollout takes up to ${hours(need)} with its bakes, a window is at most ${hours(max)}: shorten rollout.steps (max) or release in stages`
  if (length < need)
    return `the asked length of ${hours(length)} is shorter than the rollout with its bakes (${hours(need)})`
  if (length < min || length > max)
    return `a window of a ${type} release is ${hours(min)} to ${hours(max)}, not ${hours(length)}`
  return length
}

/** The span in which windows are looked for: from the end of the notice (or what constraints say) over the horizon. */
export const searchSpan = (wanted: Wanted, policy: SchedulePolicy): Span => {
  const { now, type, constraints = {} } = wanted
  const notice = constraints.notice ?? wanted.notice ?? typeRules[type].notice
  const noticed = instantOf(now).add({ seconds: notice })
  const asked = instantOf(constraints.earliest ?? now)
  const start = Temporal.Instant.compare(asked, noticed) > 0 ? asked : noticed
  const furthest = start.add({ seconds: policy.horizon })
  const preferred = (constraints.preferred ?? []).map((date) =>
    Temporal.PlainDate.from(date).add({ days: 1 }).toZonedDateTime(policy.zone).toInstant(),
  )
  const latest = constraints.latest === undefined ? [] : [instantOf(constraints.latest)]
  const ends = latest.length > 0 ? latest : [furthest, ...preferred]
  const end = ends.reduce((a, b) => (Temporal.Instant.compare(a, b) > 0 ? a : b))
  return { start: iso(start), end: iso(Temporal.Instant.compare(end, start) > 0 ? end : start) }
}

/**
 * Every window of the search span with what stands against it. An emergency (hotfix, security) also gets one that begins at the next
 * quarter of an hour, at any hour of any day.
 */
export const candidates = (
  wanted: Wanted,
  length: number,
  policy: SchedulePolicy,
  busy: readonly Busy[],
): Candidate[] => {
  const search = searchSpan(wanted, policy)
  const [from, to] = [search.start, search.end].map((at) =>
    Temporal.Instant.from(at).toZonedDateTimeISO(policy.zone),
  ) as [Temporal.ZonedDateTime, Temporal.ZonedDateTime]
  const found: Candidate[] = []
  const consider = (at: Temporal.ZonedDateTime, notes: string[], shown = showDay(at)) => {
    const end = Temporal.Instant.fromEpochMilliseconds(at.epochMilliseconds + length * 1000)
    const span = { start: iso(at), end: iso(end) }
    const label = `${shown} ${showClock(at)} ${at.offset}`
    const conflicts = against(span, wanted, policy, busy)
    found.push({
      label,
      day: shown.slice(4),
      span,
      conflicts,
      notes: [...notes, ...shift(span, policy.zone)],
    })
  }
  const late = (at: Temporal.ZonedDateTime): boolean =>
    at.epochMilliseconds + length * 1000 > to.epochMilliseconds
  const soonest = from.round({ smallestUnit: 'minute', roundingIncrement: 15, roundingMode: 'ceil' })
  // Without a date to be ready by an emergency has a window even beyond the horizon.
  if (typeRules[wanted.type].emergency && !(wanted.constraints?.latest !== undefined && late(soonest)))
    consider(soonest, ['as soon as possible'])
  const starts = [...(wanted.constraints?.starts ?? policy.starts)].sort()
  for (
    let day = from.toPlainDate();
    Temporal.PlainDate.compare(day, to.toPlainDate()) <= 0;
    day = day.add({ days: 1 })
  ) {
    const shown = showDay(day)
    for (const clock of starts) {
      const { at, note } = timeOn(day, clock, policy.zone)
      if (!at) {
        const missing = { kind: 'clock' as const, text: note ?? '' }
        found.push({
          label: `${shown} ${clock}`,
          day: shown.slice(4),
          span: null,
          conflicts: [missing],
          notes: [],
        })
        continue
      }
      if (late(at) || at.epochMilliseconds < from.epochMilliseconds) continue
      consider(at, note === null ? [] : [note], shown)
    }
  }
  return found
}

/** What stands against a span: rules of the policy, then what other things hold. */
export const against = (
  span: Span,
  { type, constraints }: Pick<Wanted, 'type' | 'constraints'>,
  policy: SchedulePolicy,
  busy: readonly Busy[],
): Conflict[] => {
  const conflicts: Conflict[] = []
  const rule = (text: string) => conflicts.push({ kind: 'rule', text })
  const allow = constraints?.allow ?? []
  const days = daysOf(span, policy.zone)
  if (!typeRules[type].emergency) {
    const weekend = days.find((day) => policy.weekend.includes(weekdayOf(day)))
    if (weekend && policy.avoid.includes('weekend') && !allow.includes('weekend'))
      rule(`weekend (${showDay(weekend)})`)
    const friday = days.find((day) => weekdayOf(day) === 'friday' && !policy.weekend.includes('friday'))
    if (friday && policy.avoid.includes('friday') && !allow.includes('friday')) rule(`Friday (${friday})`)
    if (type === 'major' && !allow.includes('business-hours') && inBusinessHours(span, policy) > 0)
      rule(`business hours ${policy.business.from}–${policy.business.to}, which a major avoids`)
  }
  for (const { kind, title, source } of holding(busy, span, type, policy.gap)) {
    conflicts.push({ kind: kind as Conflict['kind'], text: `${kind} "${title}" (${source})` })
  }
  return conflicts
}

export const daysOf = ({ start, end }: Span, zone: string): readonly Temporal.PlainDate[] =>
  daysBetween(start, end, zone)

const daysBetween = remembering((start = '', end = '', zone = ''): Temporal.PlainDate[] => {
  const first = zoned(start, zone).toPlainDate()
  const last = Temporal.Instant.fromEpochMilliseconds(epoch(end) - 1)
    .toZonedDateTimeISO(zone)
    .toPlainDate()
  if (first.equals(last)) return [first]
  return Array.from({ length: Math.max(0, first.until(last).days) + 1 }, (_, index) =>
    first.add({ days: index }),
  )
})

/** Milliseconds since 1970 of a time of day, the end of the day included. */
const timeOfDay = remembering((day = '', clock = '', zone = ''): number => {
  const date = Temporal.PlainDate.from(day)
  return (
    clock === '24:00'
      ? date.add({ days: 1 }).toZonedDateTime(zone)
      : date.toZonedDateTime({ timeZone: zone, plainTime: clock })
  ).epochMilliseconds
})

/** The share (0…1) of a span inside `hours` on working days of the policy's zone. */
export const shareWithin = (
  span: Span,
  hours: SchedulePolicy['business'],
  policy: Pick<SchedulePolicy, 'zone' | 'weekend'>,
): number => {
  const [start, end] = [epoch(span.start), epoch(span.end)]
  const inside = daysOf(span, policy.zone)
    .filter((day) => !policy.weekend.includes(weekdayOf(day)))
    .map((day) => {
      const [from, to] = [hours.from, hours.to].map((clock) =>
        timeOfDay(day.toString(), clock, policy.zone),
      ) as [number, number]
      return Math.max(0, Math.min(end, to) - Math.max(start, from))
    })
  return end > start ? inside.reduce((sum, each) => sum + each, 0) / (end - start) : 0
}

const inBusinessHours = (span: Span, policy: SchedulePolicy): number =>
  shareWithin(span, policy.business, policy)

const shift = (span: Span, zone: string): string[] => {
  const [from, to] = [zoned(span.start, zone), zoned(span.end, zone)]
  return from.offsetNanoseconds === to.offsetNanoseconds
    ? []
    : [`clocks change within the window (${from.offset} to ${to.offset}); its length counts real time`]
}
