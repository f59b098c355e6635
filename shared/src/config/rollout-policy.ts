import { z } from 'zod'
import { duration, percent } from './units.ts'

const step = z.strictObject({
  weight: z.number().gt(0).max(100).describe('Percent of traffic on the new version'),
  margin: percent.describe('How much worse than stable the error rate may be, in percentage points'),
  min: duration.default(120).describe('The least bake'),
  max: duration.default(900).describe('The patience: then `inconclusive` decides'),
})

// Ladder margins of facts: what a step of this exposure can prove at 200 requests a second in about ten minutes.
const ladder = [
  { weight: 1, margin: '1 %' },
  { weight: 5, margin: '0.5 %' },
  { weight: 10, margin: '0.2 %' },
  { weight: 25, margin: '0.1 %' },
  { weight: 50, margin: '0.1 %' },
]

/** How exposure grows. 100 % is never a first step: it follows when every step is proven. */
export const rolloutPolicy = z.strictObject({
  environment: z.string().min(1).default('production'),
  steps: z
    .array(step)
    .min(1)
    .refine(
      (steps) => steps.every(({ weight }, index) => weight > (steps[index - 1]?.weight ?? 0)),
      'each step needs a larger weight than the one before',
    )
    .prefault(ladder),
  look: duration.pipe(z.number().positive()).default(15).describe('Time between two looks of the judge'),
  drain: duration.default(30).describe('Time for old connections to end after a move'),
  warmup: duration.default(90).describe('Age under which an instance is not judged'),
  history: duration.default(1800).describe('How much of the stable version is read before the first step'),
  inconclusive: z
    .enum(['return', 'ask', 'promote-unproven'])
    .default('return')
    .describe('What a step does that is unproven when its `max` is over'),
  answer: duration
    .pipe(z.number().positive().max(18_000))
    .default(1800)
    .describe('With `inconclusive: ask`: how long an unproven step is watched on while people decide'),
  assume: z
    .strictObject({
      dispersion: z
        .number()
        .min(1)
        .default(1.5)
        .describe('Variance of error counts over that of independent errors'),
      spread: z
        .number()
        .positive()
        .default(0.1)
        .describe('How much instances differ: standard deviation of the log rate'),
      rate: z
        .number()
        .positive()
        .optional()
        .describe('Requests a second of the whole service, for planning where metrics do not tell'),
      errors: percent.default(0.1).describe('Share of bad requests, for planning where metrics do not tell'),
      instances: z
        .number()
        .int()
        .positive()
        .default(10)
        .describe('Instances of the stable version, for planning where metrics do not tell'),
    })
    .prefault({})
    .describe('What plan and judge assume of your service until its history says otherwise'),
  alpha: z.number().gt(0).lt(0.5).default(0.01).describe('The bound on the chance of a false rollback'),
})

export type RolloutPolicy = z.output<typeof rolloutPolicy>
export type RolloutStep = RolloutPolicy['steps'][number]
