import { type AskedLesson, howToAnswer } from '../caution/asked.ts'
import type { Plan } from '../plan/plan.ts'
import type { Criterion } from './criterion.ts'

/** Row L6: what past releases taught and nothing sees is answered. Each is asked only where the plan speaks of it. */
export const lessonCriteria = ({ asked }: Pick<Plan, 'asked'>): Criterion[] =>
  asked.map((lesson) => ({
    schema: 1,
    id: lesson.id,
    text: `what the release ${lesson.from} taught is answered`,
    source: 'plan',
    operator: '=',
    threshold: 'answered',
    observed: lesson.state,
    evidence: lesson.text,
    owner: 'the release owner',
    ...judged(lesson),
  }))

const judged = ({ from, state, answer }: AskedLesson): Pick<Criterion, 'state' | 'reason' | 'remedy'> => {
  if (state === 'answered') return { state: 'pass', reason: '', remedy: `seen by ${answer}` }
  if (state !== 'unanswered') return { state: 'excepted', reason: '', remedy: answer }
  const remedy = answer === '' ? howToAnswer(from) : `${answer}; ${howToAnswer(from)}`
  return { state: 'fail', reason: 'lesson-unanswered', remedy }
}
