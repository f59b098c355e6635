import { z } from 'zod'

/** How an objective came out (row P21), as the record keeps it with `completed`. */
export const objectiveResult = z.object({
  text: z.string(),
  metric: z.string().nullable(),
  wanted: z.string().nullable(),
  observed: z.string().nullable().describe('null: not read'),
  outcome: z
    .enum(['met', 'missed', 'inconclusive', 'observed'])
    .describe('observed: measured, and the plan wants nothing of it'),
  why: z.string().describe('How much was seen, or why nothing was'),
})

export type ObjectiveResult = z.output<typeof objectiveResult>

/** The objectives of a `completed` event; null where it has none that can be read. */
export const recordedObjectives = (
  events: ReadonlyArray<{ kind: string; data: Readonly<Record<string, unknown>> }>,
): ObjectiveResult[] | null => {
  const data = events.findLast(({ kind }) => kind === 'completed')?.data['objectives']
  const read = z.array(objectiveResult).max(20).safeParse(data)
  return read.success ? read.data : null
}
