import type { RecordEvent } from '../record/event.ts'
import { type Ended, endedOf, wasExposed } from './lessons.ts'

/** More releases teach little more. */
const mostLearnt = 14
/** Whether the fix of one is missing costs a look at the history. */
const mostFixes = 40

type Past = { release: string; events: readonly RecordEvent[] | null }

/** What is looked at of the past, newest first. */
export type PastReleases = {
  /** Of the last releases that anybody was exposed to. */
  events: (readonly RecordEvent[])[]
  /** These, and the last hotfixes and security releases. */
  ended: Ended[]
  gaps: string[]
}

/**
 * The past releases that teach something: those that anybody was exposed to, whatever number of pre-releases and of versions
 * that were given up lies between. What is left out is said where it could matter.
 *
 * @param all newest first; `events` are null where they cannot be trusted
 */
export const pastReleases = (all: readonly Past[]): PastReleases => {
  const broken = all.filter(({ events }) => events === null).map(({ release }) => release)
  const exposed = all.flatMap(({ release, events }) => {
    const ended = events && endedOf(release, events)
    return ended && wasExposed(ended) ? [{ events, ended }] : []
  })
  const learnt = exposed.slice(0, mostLearnt)
  const fixes = exposed.filter(({ ended: { type } }) => type === 'hotfix' || type === 'security')
  const looked = new Set([...learnt, ...fixes.slice(0, mostFixes)])
  const left = fixes.filter((one) => !looked.has(one)).map(({ ended }) => ended.version)
  return {
    events: learnt.map(({ events }) => events),
    ended: exposed.filter((one) => looked.has(one)).map(({ ended }) => ended),
    gaps: [
      ...(broken.length > 0
        ? [`nothing is learnt from ${some(broken)}: their record cannot be trusted`]
        : []),
      ...(left.length > 0
        ? [`whether the fixes of older releases are here was not looked at: ${some(left)}`]
        : []),
    ],
  }
}

const some = (versions: readonly string[]): string =>
  `${versions.slice(0, 5).join(', ')}${versions.length > 5 ? ` and ${versions.length - 5} more` : ''}`
