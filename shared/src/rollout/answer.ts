import type { Reported } from './progress.ts'
import { digest8, parseStatusLine } from './status-line.ts'

/** A status of the deployment as GitHub returns it; `creator` is a login. */
export type AnsweredStatus = Reported & { creator?: string }

/** What came after people were asked: somebody lets the step go on, the traffic was taken back, or neither. */
export type Answer = { is: 'none' } | { is: 'go-on'; by: string } | { is: 'returned' }

/** What a person writes as the description of a status to let an unproven step go on. */
export const goOn = 'go on'

/** Jobs and apps write as `…[bot]`: the code that is being released can write statuses, and cannot be a person. */
const isPerson = (login: string): boolean => login !== '' && !login.endsWith('[bot]')

/**
 * Statuses by which a person lets a step go on; only GitHub says who wrote one. Whose token reports the rollout is no such
 * person: a job that runs on somebody's personal token could answer its own question.
 */
export const goOnStatuses = <Status extends AnsweredStatus>(statuses: readonly Status[]): Status[] => {
  const reporters = new Set(
    statuses
      .filter(({ description }) => parseStatusLine(description) !== null)
      .map(({ creator }) => creator ?? ''),
  )
  return statuses.filter(
    ({ description, creator = '' }) =>
      description.trim().toLowerCase() === goOn && isPerson(creator) && !reporters.has(creator),
  )
}

/** Statuses of a plan with their ids, and the id of the last one by which people were asked about a step of it. */
const askedAbout = (statuses: readonly AnsweredStatus[], digest: string, step: number) => {
  const own = statuses.flatMap((status) => {
    const entry = parseStatusLine(status.description)
    return entry?.digest8 === digest8(digest) ? [{ id: status.id, word: entry.word, step: entry.step }] : []
  })
  const ids = own.filter((one) => one.word === 'asked' && one.step === step).map(({ id }) => id)
  return { own, asked: ids.length > 0 ? Math.max(...ids) : null }
}

/** Who let a step of a plan go on unproven after people were asked about it; null when nobody did. */
export const letOnBy = (statuses: readonly AnsweredStatus[], digest: string, step: number): string | null => {
  const { asked } = askedAbout(statuses, digest, step)
  if (asked === null) return null
  const later = goOnStatuses(statuses).filter(({ id }) => id > asked)
  return later.sort((a, b) => a.id - b.id)[0]?.creator ?? null
}

/** The answer to the last time that people were asked about a step of this plan. Ids of statuses ascend. */
export const readAnswer = (statuses: readonly AnsweredStatus[], digest: string, step: number): Answer => {
  const { own, asked } = askedAbout(statuses, digest, step)
  if (asked === null) return { is: 'none' }
  const back = ['returning', 'returned', 'stuck']
  if (own.some(({ id, word }) => id > asked && back.includes(word))) return { is: 'returned' }
  const by = letOnBy(statuses, digest, step)
  return by === null ? { is: 'none' } : { is: 'go-on', by }
}
