import { z } from 'zod'
import { proposedCriterion } from '../caution/propose-criteria.ts'
import { objectiveResult } from '../purpose/objective-result.ts'
import type { RecordEvent } from '../record/event.ts'
import { fold } from '../record/fold.ts'

/** How a release ended that somebody was exposed to; of any other nothing is to be reviewed. */
export const reviewedStates = ['completed', 'rolled-back', 'rollback-failed'] as const
export type ReviewedState = (typeof reviewedStates)[number]

/** What became of one criterion that the rollout was judged by. */
export const criterionReview = z.object({
  metric: z.string(),
  written: z.string().describe('What was wanted'),
  release: z.string().nullable().describe('What the rollout showed last; null: not in the record'),
  before: z.string().nullable().describe('What the previous version did before the rollout; null: not read'),
  now: z.string().nullable().describe('What the version did since it is live; null: not read'),
  outcome: z.enum(['held', 'broken', 'inconclusive']),
  why: z.string(),
})
export type CriterionReview = z.output<typeof criterionReview>

/** What somebody has to do; `id` is the name of its box in the ticket. */
export const improvement = z.object({ id: z.string(), text: z.string(), owner: z.string() })
export type Improvement = z.output<typeof improvement>

/** A post-release review (row N9) as the record keeps it with `reviewed`. Every page of it follows from this, the plan and the record. */
export const review = z.object({
  schema: z.literal(1),
  state: z.enum(reviewedStates).describe('How the release that was reviewed had ended'),
  due: z.string(),
  span: z
    .object({ from: z.string(), to: z.string() })
    .nullable()
    .describe('What "now" was measured over; null: nothing was to be measured'),
  objectives: z.array(objectiveResult).max(20),
  criteria: z.array(criterionReview).max(100),
  proposed: z.array(proposedCriterion).max(20).describe('Criteria that this release asks for'),
  improvements: z.array(improvement).max(50),
  lacks: z.array(z.string()).max(50).describe('What the record does not hold, each in one sentence'),
})
export type Review = z.output<typeof review>

export const isReviewed = (state: string | null): state is ReviewedState =>
  (reviewedStates as readonly (string | null)[]).includes(state)

/** Of one ending there is one review: what is taken back after its review gets another one. */
export const reviewKey = (state: ReviewedState, digest: string): string =>
  `reviewed:${state}:${digest.slice(0, 16)}`

export type Reviewed = {
  review: Review
  /** The event that says it. */
  event: RecordEvent
  /** The record as it was then. */
  events: readonly RecordEvent[]
}

/** The review of the ending that a release is in; null where there is none that can be read. */
export const reviewOf = (events: readonly RecordEvent[]): Reviewed | null => {
  const { state, digest } = fold(events)
  if (!isReviewed(state) || digest === null) return null
  const at = events.findIndex(({ key }) => key === reviewKey(state, digest))
  const event = events[at]
  const read = review.safeParse(event?.data)
  return event && read.success ? { review: read.data, event, events: events.slice(0, at + 1) } : null
}
