import { z } from 'zod'

const span = z.object({ start: z.string(), end: z.string() })

/** That a revision has another window than the one before, as plan and record hold it (row P10). */
export const movedWindow = z.object({
  from: span,
  to: span,
  by: z.string(),
  at: z.string(),
  code: z.string(),
  reason: z.string(),
  affected: z.array(z.object({ who: z.string(), why: z.string() })),
  text: z.string().describe('The move in one sentence, in the zone of the schedule'),
})

export type MovedWindow = z.output<typeof movedWindow>
