import type { Config } from '@relman/core/config/config'
import { ConfigurationError } from '@relman/core/config/configuration-error'
import { inline } from '@relman/core/notes/escape-markdown'
import { releaseTypes } from '@relman/core/plan/plan'
import type { Planning } from '@relman/core/ports/planning'
import type { Outcome } from '@relman/core/runtime/outcome'
import { departed, departureSpan } from '@relman/core/schedule/departed'
import type { ReleaseType } from '@relman/core/schedule/release-types'
import { empty } from './no-plan.ts'

type Ask = {
  policy: Config
  type: ReleaseType
  now: string
  ports: Pick<Planning, 'calendars'>
  file: (path: string) => Promise<string | null>
}

/**
 * Row P13: when the train that takes this release departs, if that is now; else why not, and when the next one does.
 *
 * @throws ConfigurationError when no train is configured
 */
export const departingTrain = async ({
  policy,
  type,
  now,
  ports,
  file,
}: Ask): Promise<{ at: string; schedule: Config['schedule'] } | Outcome> => {
  const { schedule } = policy
  if (schedule.trains.length === 0)
    throw new ConfigurationError(
      'input "departure": no train is configured; write schedule.trains, or leave it out',
    )
  const busy = await ports.calendars(schedule, departureSpan(now), file)
  const found = departed(schedule, type, now, busy)
  // Its timetable has told everybody: a departure needs no notice of its own.
  if (found.now !== null)
    return {
      at: found.now.at,
      schedule: { ...schedule, notice: Object.fromEntries(releaseTypes.map((each) => [each, 0])) },
    }
  const held = found.held
    ? `${found.held.train} of ${found.held.at} is kept by ${found.held.cancelled}; `
    : ''
  const next = found.next
    ? `the next is ${found.next.train} at ${found.next.at}`
    : schedule.trains.some((train) => train.type === type)
      ? 'none departs within 400 days'
      : `no train takes a ${type} release`
  const message = `no train departs now: ${held}${next}`
  return {
    decision: 'no-release',
    reasonCode: 'no-departure',
    message,
    failed: false,
    outputs: empty,
    data: { type, next: found.next?.at ?? null, train: found.next?.train ?? null },
    summary: `**No departure.** ${inline(message, 500)}.`,
  }
}
