import type { Config } from '@relman/core/config/config'
import { ConfigurationError } from '@relman/core/config/configuration-error'
import { type ReleaseType, releaseTypes } from '@relman/core/plan/plan'
import type { Planning } from '@relman/core/ports/planning'
import type { Outcome } from '@relman/core/runtime/outcome'
import { departed, departureSpan } from '@relman/core/schedule/departed'
import type { Departure } from '@relman/core/schedule/train'
import { itemName } from '@relman/core/scope/item-name'
import { inline } from '@relman/core/text/escape-markdown'
import type { Found } from './find-release.ts'
import { empty } from './no-plan.ts'

type Ask = {
  found: Found
  /** The commit that was asked for; what is aboard may be an earlier one. */
  sha: string
  now: string
  ports: Pick<Planning, 'calendars' | 'git'>
  file: (path: string) => Promise<string | null>
  kindOf: (found: Found) => ReleaseType
  find: (sha: string) => Promise<Found | Outcome>
}

/** A release that rides a train: what was merged by the cutoff, and what missed it. */
export type Ride = {
  found: Found
  sha: string
  at: string
  missed: string[]
  schedule: Config['schedule']
}

/**
 * Row P13: the release of the train that departs now, of what was merged by its cutoff; else why none, and when the next one
 * leaves. A train takes a release of its own type only.
 *
 * @throws ConfigurationError when no train is configured
 */
export const departingTrain = async (ask: Ask): Promise<Ride | Outcome> => {
  const { found, now, ports, file, kindOf, find } = ask
  const { schedule } = found.policy
  if (schedule.trains.length === 0)
    throw new ConfigurationError(
      'input "departure": no train is configured; write schedule.trains, or leave it out',
    )
  const busy = await ports.calendars(schedule, departureSpan(now), file)
  const types = [...new Set(schedule.trains.map(({ type }) => type))]
  const all = types.map((type) => ({ type, ...departed(schedule, type, now, busy) }))
  const why: string[] = all.flatMap(({ held }) =>
    held ? [`${held.train} of ${held.at} is kept by ${held.cancelled}`] : [],
  )
  for (const { type, now: departure } of all) {
    if (departure === null) continue
    const sha = await newestBy(departure.cutoff, ask)
    const aboard = sha === null ? null : sha === ask.sha ? found : await find(sha)
    if (sha === null || aboard === null || 'decision' in aboard) {
      why.push(`nothing for ${departure.train} was merged by ${departure.cutoff}`)
      continue
    }
    if (kindOf(aboard) !== type) {
      why.push(`${departure.train} takes a ${type} release, and this is a ${kindOf(aboard)}`)
      continue
    }
    // Its timetable has told everybody: a departure needs no notice of its own.
    const notice = Object.fromEntries(releaseTypes.map((each) => [each, 0]))
    const missed = sha === ask.sha ? [] : await namesAfter(sha, ask)
    return { found: aboard, sha, at: departure.at, missed, schedule: { ...schedule, notice } }
  }
  const type = kindOf(found)
  return none(type, why, all.find((each) => each.type === type)?.next ?? null, types.includes(type))
}

/** The newest commit of the main line that was there at a time; null where the release has none. */
const newestBy = async (cutoff: string, { found, sha, ports }: Ask): Promise<string | null> => {
  const line = await ports.git.commits(found.range.previous?.sha ?? null, sha, { firstParent: true })
  return line.find(({ date }) => Date.parse(date) <= Date.parse(cutoff))?.sha ?? null
}

const namesAfter = async (aboard: string, { found, sha, ports }: Ask): Promise<string[]> => {
  const after = new Set((await ports.git.commits(aboard, sha)).map((commit) => commit.sha))
  return found.scope.changes.filter((change) => after.has(change.sha)).map(itemName)
}

const none = (type: ReleaseType, why: readonly string[], next: Departure | null, taken: boolean): Outcome => {
  const ahead = next
    ? `the next is ${next.train} at ${next.at}`
    : taken
      ? 'none departs within 400 days'
      : `no train takes a ${type} release`
  const message = `no train departs now: ${[...why, ahead].join('; ')}`
  return {
    decision: 'no-release',
    reasonCode: 'no-departure',
    message,
    failed: false,
    outputs: empty,
    data: { type, next: next?.at ?? null, train: next?.train ?? null },
    summary: `**No departure.** ${inline(message, 500)}.`,
  }
}
