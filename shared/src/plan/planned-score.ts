import { z } from 'zod'

/** Row G12 in a plan: where to look first. It ranks; it decides nothing by itself and says nothing about rollbacks. */
export const plannedScore = z.object({
  changes: z.number().int().describe('How many were scored'),
  expected: z.number().describe('Sum of the scores: changes expected to need repair, in an average project'),
  average: z.number().describe('Score of an average change'),
  known: z.array(z.string()).describe('The measures that were known of at least one change'),
  first: z
    .array(z.object({ sha: z.string(), item: z.string(), probability: z.number(), words: z.string() }))
    .describe('The changes to look at first'),
})

export type PlannedScore = z.output<typeof plannedScore>
