import { z } from 'zod'

/** A change that entered after the features were frozen, and what let it in. */
export const lateChange = z.object({
  sha: z.string(),
  item: z.string(),
  entry: z.enum(['fix', 'exception', 'held']).describe('held: nothing lets it in'),
  why: z.string(),
})

/** The feature freeze that a plan is under (row L4); times are ISO 8601. */
export const plannedFreeze = z.object({
  feature: z.string(),
  code: z.string().nullable(),
  source: z.string().describe('Who said so'),
  base: z
    .object({ revision: z.number().int(), digest: z.string(), sha: z.string() })
    .nullable()
    .describe('The first frozen revision, which later changes are held against; null: there is none before'),
  late: z.array(lateChange).describe('What entered since, those that nothing lets in first'),
  held: z.number().int().describe('How many nothing lets in, also of those that are too many to list'),
})

export type LateChange = z.output<typeof lateChange>
export type PlannedFreeze = z.output<typeof plannedFreeze>
