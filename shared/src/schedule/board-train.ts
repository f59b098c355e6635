import type { SchedulePolicy } from '../config/schedule-policy.ts'
import type { Busy } from './busy.ts'
import { instantOf, iso, zoned } from './moment.ts'
import type { ReleaseSchedule } from './release-schedule.ts'
import type { ReleaseType } from './release-types.ts'
import { aboard, departures, type Merged } from './train.ts'

/** How far ahead a departure is looked for, in days. */
export const boardingDays = 400

export type Boarding = { train: NonNullable<ReleaseSchedule['train']>; day: string }

/**
 * The train that a release rides (P13): the next departure of those of its type, after its notice. All of its changes
 * are unreleased, so those merged by the cutoff are aboard and the others ride the next one. Null where no train has the type.
 */
export const boardTrain = (
  policy: Pick<SchedulePolicy, 'zone' | 'trains'>,
  release: { type: ReleaseType; changes: readonly Merged[]; earliest: string },
  busy: readonly Busy[],
): Boarding | null => {
  const from = instantOf(release.earliest)
  const span = { start: iso(from), end: iso(from.add({ hours: 24 * boardingDays })) }
  const lines = policy.trains
    .filter(({ type }) => type === release.type)
    .map((train) => departures(train, span, policy, busy))
  const first = (list: (typeof lines)[number]) => list.find(({ cancelled }) => cancelled === null)
  const [line] = lines.filter(first).sort((a, b) => ((first(a)?.at ?? '') < (first(b)?.at ?? '') ? -1 : 1))
  const departure = line && first(line)
  if (!line || !departure) return null
  const { aboard: ride, missed, next } = aboard(departure, line, release.changes)
  return {
    day: zoned(departure.at, policy.zone).toPlainDate().toString(),
    train: {
      name: departure.train,
      at: departure.at,
      cutoff: departure.cutoff,
      aboard: ride.length,
      missed: missed.map(({ id }) => id),
      next: next?.at ?? null,
    },
  }
}
