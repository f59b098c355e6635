import { z } from 'zod'

/** The `result` output of every action: one versioned JSON document. `decision` and `reasonCode` repeat the outputs. */
export const result = z.object({
  schema: z.literal(1),
  action: z.string(),
  decision: z.string(),
  reasonCode: z.string().regex(/^[a-z0-9-]+$/),
  message: z.string(),
  dryRun: z.boolean(),
  data: z.record(z.string(), z.json()),
})

export type Result = z.output<typeof result>
