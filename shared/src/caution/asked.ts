import { z } from 'zod'
import type { Config } from '../config/config.ts'
import { cut } from '../text/visible.ts'
import type { ProposedCriterion } from './propose-criteria.ts'

/** What a past release asks this one for, and how it is answered. Only what has no answer holds the release. */
export const askedLesson = z.object({
  id: z.string().describe('lesson-answered:<version>, the id of its criterion in the gate'),
  from: z.string().describe('The release that taught it'),
  text: z.string(),
  why: z.string(),
  state: z.enum(['unanswered', 'answered', 'declined', 'waived']),
  answer: z.string().describe('By what, or by whom and why; what is wrong with the answer that is given'),
})
export type AskedLesson = z.output<typeof askedLesson>

type Policy = Pick<Config, 'caution' | 'metrics' | 'gate'>

/**
 * Row L6: what took past releases back and nothing measured would notice now becomes a go or no-go criterion of this release, until
 * the policy answers it. An emergency does not wait for it.
 */
export const askLessons = (
  proposed: readonly ProposedCriterion[],
  policy: Policy,
  emergency: boolean,
): AskedLesson[] =>
  proposed
    .filter(({ unseen }) => unseen)
    .map(({ from, text, why }) => {
      const lesson = { id: `lesson-answered:${from}`, from, text, why }
      const given = answerOf(from, policy)
      if (given.state === 'unanswered' && emergency)
        return {
          ...lesson,
          state: 'waived',
          answer: 'an emergency does not wait for it; the next release does',
        }
      return { ...lesson, ...given }
    })

const answerOf = (
  from: string,
  { caution, metrics, gate }: Policy,
): Pick<AskedLesson, 'state' | 'answer'> => {
  const found = caution.answered.find(({ release }) => bare(release) === bare(from))
  if (!found) return { state: 'unanswered', answer: '' }
  const { criterion, declined, by } = found
  if (declined !== undefined) return { state: 'declined', answer: cut(`${by ?? ''}: ${declined}`, 600) }
  const name = criterion ?? ''
  const known =
    (metrics?.checks ?? []).some((check) => check.name === name) ||
    gate.criteria.some(({ id }) => id === name)
  return known
    ? { state: 'answered', answer: name }
    : {
        state: 'unanswered',
        answer: `caution.answered names ${cut(name, 200)}, which is neither in metrics.checks nor in gate.criteria`,
      }
}

const bare = (version: string): string => version.replace(/^v(?=\d)/, '').replace(/\+.*$/, '')

/** The one line that answers it. */
export const howToAnswer = (from: string): string =>
  `add the check to metrics, or one line to caution.answered: { release: ${from}, criterion: <its name> }, or { release: ${from}, declined: <why>, by: <who> }`
