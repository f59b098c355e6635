import { z } from 'zod'

/** One visit of a weight: from the confirmed move to the end of its bake. Times are Unix seconds. */
export const visit = z.object({
  step: z.number().int().nonnegative(),
  weight: z.number(),
  movedAt: z.number(),
  confirmedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  verdict: z.enum(['healthy', 'unhealthy', 'inconclusive']).nullable(),
  reason: z.string().nullable(),
  askedAt: z.number().optional().describe('when people were asked about the unproven step'),
})

/** Where a rollout stands. `seq` counts the statuses reported, so that a reader sees a missing one. */
export const rolloutState = z.object({
  schema: z.literal(1),
  digest: z.string(),
  version: z.string(),
  previous: z.string().nullable(),
  token: z.number().int(),
  seq: z.number().int().nonnegative(),
  weight: z.number(),
  phase: z.enum(['ready', 'moving', 'draining', 'baking', 'done', 'returning', 'returned', 'stuck']),
  visits: z.array(visit),
})

export type RolloutState = z.output<typeof rolloutState>
export type Visit = z.output<typeof visit>
