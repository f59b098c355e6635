import type { SchedulePolicy, TrainPolicy } from '../config/schedule-policy.ts'
import { type Busy, holding } from './busy.ts'
import { epoch, instantOf, iso, momentOf, type Span } from './moment.ts'
import type { ReleaseType } from './release-types.ts'

export type Departure = {
  train: string
  type: ReleaseType
  at: string
  /** Changes merged at this instant or before are aboard. */
  cutoff: string
  /** What keeps it in the station; its changes ride the next one. */
  cancelled: string | null
}

const cadence: Record<TrainPolicy['every'], { unit: 'weeks' | 'months'; size: number }> = {
  week: { unit: 'weeks', size: 1 },
  '2 weeks': { unit: 'weeks', size: 2 },
  month: { unit: 'months', size: 1 },
  quarter: { unit: 'months', size: 3 },
}

/**
 * Departures in a span (P13). They are counted from the first one, so the 31st leaves on the last day of shorter months
 * and returns to the 31st; the time of day stays the same when clocks change.
 */
export const departures = (
  train: TrainPolicy,
  span: Span,
  policy: Pick<SchedulePolicy, 'zone'>,
  busy: readonly Busy[] = [],
): Departure[] => {
  const anchor = train.first.includes('T') ? train.first : `${train.first}T${train.time}`
  const first = momentOf(anchor, policy.zone).toPlainDateTime()
  const [start, end] = [epoch(span.start), epoch(span.end)]
  const { unit, size } = cadence[train.every]
  const from = instantOf(span.start).toZonedDateTimeISO(policy.zone).toPlainDateTime()
  const passed = first.until(from, { largestUnit: unit })[unit] / size
  const found: Departure[] = []
  for (let count = Math.max(0, Math.floor(passed) - 1); ; count++) {
    const at = first.add({ [unit]: size * count }).toZonedDateTime(policy.zone)
    if (at.epochMilliseconds >= end) return found
    if (at.epochMilliseconds < start) continue
    const moment: Span = { start: iso(at), end: iso(at.add({ hours: 1 })) }
    const held = holding(busy, moment, train.type)[0]
    found.push({
      train: train.name,
      type: train.type,
      at: iso(at),
      cutoff: iso(at.toInstant().subtract({ seconds: train.cutoff })),
      cancelled: held ? `${held.kind} "${held.title}" (${held.source})` : null,
    })
  }
}

/** The next departure of any train after `now` that is not cancelled, within `days`. */
export const nextDeparture = (
  policy: Pick<SchedulePolicy, 'zone' | 'trains'>,
  now: string,
  busy: readonly Busy[] = [],
  days = 400,
): Departure | null => {
  const from = instantOf(now)
  const span = { start: iso(from.add({ seconds: 1 })), end: iso(from.add({ hours: 24 * days })) }
  return (
    policy.trains
      .flatMap(
        (train) => departures(train, span, policy, busy).find(({ cancelled }) => cancelled === null) ?? [],
      )
      .sort((a, b) => (a.at < b.at ? -1 : 1))[0] ?? null
  )
}

export type Merged = { id: string; title: string; mergedAt: string }
export type Manifest<Change> = {
  departure: Departure
  aboard: Change[]
  /** Merged after the cutoff: rides `next`. */
  missed: Change[]
  next: Departure | null
}

/**
 * What is aboard a departure: all that is merged since the last train that really left, up to the cutoff. What came later
 * missed it. `list` are the departures of this train in order, cancelled ones included.
 */
export const aboard = <Change extends Merged>(
  departure: Departure,
  list: readonly Departure[],
  changes: readonly Change[],
): Manifest<Change> => {
  const leaving = list.filter(({ cancelled }) => cancelled === null)
  const previous = leaving.filter(({ at }) => epoch(at) < epoch(departure.at)).at(-1)
  const next = leaving.find(({ at }) => epoch(at) > epoch(departure.at)) ?? null
  const since = previous ? epoch(previous.cutoff) : Number.NEGATIVE_INFINITY
  const cutoff = epoch(departure.cutoff)
  const waiting = changes.filter(({ mergedAt }) => epoch(mergedAt) > since)
  const before = waiting.filter(({ mergedAt }) => epoch(mergedAt) <= cutoff)
  const after = waiting.filter(({ mergedAt }) => epoch(mergedAt) > cutoff)
  return departure.cancelled === null
    ? { departure, aboard: before, missed: after, next }
    : { departure, aboard: [], missed: waiting, next }
}
