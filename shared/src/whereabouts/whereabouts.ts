import type { Plan } from '../plan/plan.ts'
import type { RecordEvent } from '../record/event.ts'
import { fold } from '../record/fold.ts'
import { entriesOf, type Reported } from '../rollout/progress.ts'
import { timeLeft } from '../rollout/time-left.ts'

/** Where a change is (row C6), as the status of a commit. */
export type Whereabouts = { sha: string; state: 'success' | 'failure'; description: string }

/** Changes that get a status; the newest. The head of the release always gets one. */
export const mostChanges = 50

/** The context of the statuses. What begins so is relman's own word and proves nothing to its gates. */
export const contextOf = (service: string): string => `relman/${service}`
export const isOwnContext = (context: string): boolean => context.startsWith('relman/')

export type ReleaseNow = {
  plan: Plan
  digest: string
  events: readonly RecordEvent[]
  /** What the deployment of a rollout under way was told so far; for showing only, it can be forged. */
  statuses: readonly Reported[]
}

/**
 * Where the changes of a release are. Never pending, so that it holds up no merge and no deployment of anybody, and red only
 * where the release was taken back or failed. Null where there is nothing to say.
 */
export const whereabouts = (release: ReleaseNow): Whereabouts[] | null => {
  const { plan, events } = release
  const { state } = fold(events)
  // What commits a release under embargo holds is nobody's business before its completion.
  if (plan.embargo?.public && state !== 'completed') return null
  const place = placeOf(release, state)
  if (place === null) return null
  const description = `${plan.service} ${plan.version}: ${place.words}`.slice(0, 140)
  const changes = plan.changes
    .filter(({ reverted }) => !reverted)
    .slice(0, mostChanges)
    .map(({ sha }) => sha)
  return [...new Set([plan.sha, ...changes])].map((sha) => ({ sha, state: place.state, description }))
}

type Place = { words: string; state: Whereabouts['state'] }

const placeOf = (release: ReleaseNow, state: ReturnType<typeof fold>['state']): Place | null => {
  const fine = (words: string): Place => ({ words, state: 'success' })
  const bad = (words: string): Place => ({ words, state: 'failure' })
  switch (state) {
    case null:
    case 'planning-failed':
      return null
    case 'planning':
      return fine(planned(release.plan))
    case 'approved':
      return fine('approved, not live yet')
    case 'rejected':
      return fine('rejected, not live')
    case 'executing': {
      const weight = weightOf(release)
      return fine(weight === 0 ? 'the rollout begins' : `live at ${weight} %${doneBy(release)}`)
    }
    case 'deployed':
    case 'completed':
      return fine('live')
    case 'execution-failed':
      return fine('not live, nobody was exposed')
    case 'rolled-back':
      return bad('rolled back')
    case 'deployment-failed':
      return bad('failed, on its way back')
    case 'rollback-failed':
      return bad('failed, and its way back failed')
  }
}

const planned = ({ schedule }: Plan): string => {
  const day = schedule?.window?.start.slice(0, 10)
  const train = schedule?.train
  return `${train ? 'aboard' : 'planned'}${day ? ` for ${day}` : ''}`
}

/** What was confirmed last: a move that was only begun is not told. */
const weightOf = ({ statuses, digest, events }: ReleaseNow): number => {
  const told = entriesOf(statuses, digest).findLast(({ word }) =>
    ['confirmed', 'done', 'returned'].includes(word),
  )
  if (told) return told.word === 'returned' ? 0 : told.weight
  const weight = events.findLast(({ kind }) => kind === 'stepped')?.data['weight']
  return typeof weight === 'number' ? weight : 0
}

/** When it is done if all goes well, as times of the day: a status is written once and read later. */
const doneBy = ({ plan, statuses, digest }: ReleaseNow): string => {
  const last = entriesOf(statuses, digest).findLast(({ word }) => word === 'confirmed')
  if (!last || last.weight === 100) return ''
  const { least, most } = timeLeft(plan.policy.rollout, last.step, 0)
  const at = (seconds: number) => new Date((last.at + seconds) * 1000).toISOString().slice(11, 16)
  return `, everywhere from ${at(least)} to ${at(most)} UTC on if all goes well`
}

/** One word for each commit: of two releases that hold it, that of the later plan. `releases` from the older to the newer. */
export const latestWord = (releases: readonly (readonly Whereabouts[])[]): Whereabouts[] => [
  ...new Map(releases.flat().map((one) => [one.sha, one])).values(),
]
