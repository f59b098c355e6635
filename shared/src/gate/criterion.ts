import { z } from 'zod'

export const criterionStates = ['pass', 'fail', 'missing', 'excepted'] as const

/** One measurable condition of a go or no-go decision, with what was seen. Missing evidence is never a pass. */
export const criterion = z.object({
  schema: z.literal(1),
  id: z.string(),
  text: z.string().describe('The condition as a person reads it'),
  source: z.string(),
  operator: z.enum(['=', '<', '<=', '>', '>=', 'exists']),
  threshold: z.union([z.string(), z.number()]),
  observed: z.union([z.string(), z.number(), z.null()]),
  state: z.enum(criterionStates),
  reason: z.string().describe('The reason code when it does not pass').default(''),
  evidence: z.string().default(''),
  remedy: z.string().default(''),
  owner: z.string().default(''),
})

export type Criterion = z.output<typeof criterion>
