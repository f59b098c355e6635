import type { SchedulePolicy } from '../config/schedule-policy.ts'
import { boardingDays } from './board-train.ts'
import type { Busy } from './busy.ts'
import { instantOf, iso, type Span } from './moment.ts'
import type { ReleaseType } from './release-types.ts'
import { type Departure, departures } from './train.ts'

/** GitHub starts schedules late: so many hours after its time a train still counts as departing. */
export const lateHours = 12

/** Where departures are looked for: from the earliest that still counts to the farthest one ahead. */
export const departureSpan = (now: string): Span => {
  const at = instantOf(now)
  return {
    start: iso(at.subtract({ hours: lateHours }).add({ seconds: 1 })),
    end: iso(at.add({ hours: 24 * boardingDays })),
  }
}

/**
 * Row P13: the train of a type that departs now, and the next one that will. `held` is a departure whose time it is and that
 * a freeze or a holiday keeps in the station.
 */
export const departed = (
  policy: Pick<SchedulePolicy, 'zone' | 'trains'>,
  type: ReleaseType,
  now: string,
  busy: readonly Busy[],
): { now: Departure | null; held: Departure | null; next: Departure | null } => {
  const moment = instantOf(now).epochMilliseconds
  const all = policy.trains
    .filter((train) => train.type === type)
    .flatMap((train) => departures(train, departureSpan(now), policy, busy))
    .sort((a, b) => instantOf(a.at).epochMilliseconds - instantOf(b.at).epochMilliseconds)
  const past = all.filter(({ at }) => instantOf(at).epochMilliseconds <= moment)
  return {
    now: past.findLast(({ cancelled }) => cancelled === null) ?? null,
    held: past.findLast(({ cancelled }) => cancelled !== null) ?? null,
    next:
      all.find(({ at, cancelled }) => cancelled === null && instantOf(at).epochMilliseconds > moment) ?? null,
  }
}
