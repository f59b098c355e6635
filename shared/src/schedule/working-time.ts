import { Temporal } from 'temporal-polyfill'
import type { SchedulePolicy } from '../config/schedule-policy.ts'
import { epoch, instantOf, type Span, timeOn, weekdayOf } from './moment.ts'

export type WorkingTime = Pick<SchedulePolicy, 'zone' | 'weekend' | 'staffed'>

/** Further back nobody looks: a calendar without a working day in a year has none. */
const mostDays = 366

/**
 * The last moment until `at` at which somebody is at work: a time of day within `schedule.staffed`, on no day of the weekend and no
 * public holiday. `at` itself where there is none within a year.
 */
export const lastWorking = (
  at: Temporal.Instant,
  { zone, weekend, staffed }: WorkingTime,
  holidays: readonly Span[] = [],
): Temporal.Instant => {
  let date = at.toZonedDateTimeISO(zone).toPlainDate()
  let latest = at
  for (let looked = 0; looked < mostDays; looked += 1) {
    const [open, close] = [clock(date, staffed.from, zone), clock(date, staffed.to, zone)]
    const end = earlier(latest, close)
    const closed = holidays.find(
      (each) => epoch(each.start) < end.epochMilliseconds && end.epochMilliseconds <= epoch(each.end),
    )
    if (weekend.includes(weekdayOf(date)) || Temporal.Instant.compare(end, open) <= 0)
      date = date.subtract({ days: 1 })
    else if (closed === undefined) return end
    else {
      latest = instantOf(closed.start)
      const before = latest.toZonedDateTimeISO(zone).toPlainDate()
      date = Temporal.PlainDate.compare(before, date) < 0 ? before : date
    }
  }
  return at
}

/** What clocks skip counts as the moment after the gap. */
const clock = (date: Temporal.PlainDate, time: string, zone: string): Temporal.Instant =>
  (timeOn(date, time, zone).at ?? date.toZonedDateTime({ timeZone: zone, plainTime: time })).toInstant()

const earlier = (a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant =>
  Temporal.Instant.compare(a, b) < 0 ? a : b
