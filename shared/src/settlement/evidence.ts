import { z } from 'zod'
import { verdictValues } from '../verdict/verdict.ts'

/** What the provider's range query says of one visit of a weight, judged again after the rollout. */
const judged = z.looseObject({
  step: z.number().int().nonnegative(),
  weight: z.number(),
  verdict: z.enum(verdictValues).nullable(),
  reason: z.string().nullable(),
  ratios: z
    .array(
      z.object({ metric: z.string().max(100), logRatio: z.number(), variance: z.number().nonnegative() }),
    )
    .max(100)
    .default([])
    .describe('how the arms differed: natural logarithm of the ratio of their rates, and its variance'),
})

/**
 * The `evidence` output of verify-metrics for a whole rollout: the same ladder judged again from the provider, by a job
 * that runs none of the caller's code. `down` says what did not answer. Keys beyond these are kept for people.
 */
export const evidence = z.looseObject({
  schema: z.literal(1),
  digest: z.string(),
  deployment: z.number().int(),
  verdict: z.enum(verdictValues).nullable(),
  down: z.string().nullable().default(null),
  visits: z.array(judged),
  probes: z
    .looseObject({ visits: z.array(judged) })
    .nullable()
    .default(null)
    .describe('the same with the probes that the walk reported: its word, which nobody can read again'),
})

export type Evidence = z.output<typeof evidence>

/** Reads the output; null when it is empty or not of this form. */
export const readEvidence = (text: string): Evidence | null => {
  if (text.trim() === '' || text.length > 1_000_000) return null
  try {
    return evidence.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
