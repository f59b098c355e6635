import { type Answer, readAnswer } from '@relman/core/rollout/answer'
import { entriesOf, fold } from '@relman/core/rollout/progress'
import type { RolloutState } from '@relman/core/rollout/rollout-state'
import { sentence } from '@relman/core/runtime/exposure/move-traffic'
import type { Walk } from './walk.ts'

/** The answer, with the rollout as its statuses tell it where somebody else took the traffic back. */
export type Heard = { answer: Answer; state: RolloutState | null }

export type Answers = {
  /** Asks GitHub in the background; what it says is `heard` at a later look. */
  ask(): void
  heard(): Heard
  forget(): void
}

const nothing: Heard = { answer: { is: 'none' }, state: null }
/** Least seconds between two questions to GitHub; with the usual look of 15 s there are 240 an hour. */
const pause = 5

/** Reads the statuses beside the looks: an unproven step stays watched while GitHub is slow or away. */
export const openAnswers = ({ plan, statuses, reporter, clock, log }: Walk): Answers => {
  const between = Math.max(plan.policy.rollout.look, pause) * 1000
  let heard = nothing
  let reading = false
  let asked = Number.NEGATIVE_INFINITY
  /** Answers of what was forgotten meanwhile are not heard. */
  let round = 0
  const read = async (): Promise<void> => {
    const now = round
    const present = reporter.state()
    const all = await statuses()
    const answer = readAnswer(all, present.digest, present.visits.at(-1)?.step ?? 0)
    if (now !== round) return
    heard = { answer, state: answer.is === 'returned' ? fold(present, entriesOf(all, present.digest)) : null }
  }
  return {
    ask: () => {
      if (reading || clock.now() < asked + between) return
      reading = true
      asked = clock.now()
      read()
        .catch((error: unknown) => log(`the answer could not be read: ${sentence(error)}`))
        .finally(() => {
          reading = false
        })
    },
    heard: () => heard,
    forget: () => {
      heard = nothing
      asked = Number.NEGATIVE_INFINITY
      round += 1
    },
  }
}
