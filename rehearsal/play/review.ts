import type { Hub } from '../github/hub.ts'
import { person } from './people.ts'
import type { Decision } from './played.ts'

/** What an approver is asked, and what they answer. */
export type Question = { runId: number; environment: string; reviewer: string; page: string }
export type Answer = { state: 'approved' | 'rejected'; comment: string }
export type Ask = (question: Question) => Promise<Answer>

/** Answers every waiting sign-off as its first reviewer would; each is asked once a run. */
export const answerReviews = (hub: Hub, ask: Ask, page: (runId: number) => string, now: () => number) => {
  const decisions: Decision[] = []
  const asked = new Set<string>()
  const answer = async (runId: number, environment: string): Promise<void> => {
    const reviewer = hub.environment(environment)?.reviewers[0]
    const key = `${runId} ${environment}`
    if (!reviewer || asked.has(key)) return
    asked.add(key)
    const { state, comment } = await ask({ runId, environment, reviewer, page: page(runId) })
    await person(hub, reviewer).review(runId, environment, state, comment)
    decisions.push({ at: now(), runId, environment, by: reviewer, state, comment })
  }
  return { decisions, answer }
}
