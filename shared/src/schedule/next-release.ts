import type { SchedulePolicy } from '../config/schedule-policy.ts'
import type { Busy } from './busy.ts'
import { epoch, instantOf, iso, type Span } from './moment.ts'
import { departures } from './train.ts'

/** A release that is scheduled: its name and when it begins, ISO 8601. */
export type ScheduledRelease = { name: string; at: string }

/** How far ahead a release is looked for. */
export const lookAhead = (now: string, days = 400): Span => ({
  start: iso(instantOf(now).add({ seconds: 1 })),
  end: iso(instantOf(now).add({ hours: 24 * days })),
})

/**
 * The next release that a change merged now rides: of the departures of trains that are not cancelled and not past their
 * cutoff, and of the releases that are `planned`, the earliest after `now`. Null where nothing is scheduled.
 */
export const nextRelease = (
  policy: Pick<SchedulePolicy, 'zone' | 'trains'>,
  now: string,
  busy: readonly Busy[],
  planned: readonly ScheduledRelease[],
): ScheduledRelease | null => {
  const trains = policy.trains.flatMap((train) => {
    const first = departures(train, lookAhead(now), policy, busy).find(
      ({ cancelled, cutoff }) => cancelled === null && epoch(cutoff) >= epoch(now),
    )
    return first ? [{ name: `the train "${first.train}"`, at: first.at }] : []
  })
  const ahead = planned.filter(({ at }) => epoch(at) > epoch(now))
  return [...trains, ...ahead].sort((a, b) => epoch(a.at) - epoch(b.at))[0] ?? null
}
