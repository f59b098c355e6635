import { z } from 'zod'

/** How much the arms of a metric differ in releases that changed nothing. */
export const learntSpread = z.object({
  metric: z.string(),
  spread: z.number().nonnegative().describe('standard deviation of the log ratio of the arms'),
  releases: z.number().int().describe('past releases it was learnt from'),
  steps: z.number().int().describe('steps of these releases'),
})

/** What past releases teach the judge of this one. It is part of the plan, so that its approver sees it. */
export const learnt = z.object({
  previousLiveAt: z
    .number()
    .nullable()
    .default(null)
    .describe(
      'Unix seconds at which the previous release had all traffic; null when the record does not say',
    ),
  armSpread: z.array(learntSpread).default([]),
})

export type LearntSpread = z.output<typeof learntSpread>
export type Learnt = z.output<typeof learnt>
