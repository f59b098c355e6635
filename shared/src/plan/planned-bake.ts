import { z } from 'zod'

/** The traffic that a bake is planned for: of the whole service, and where it comes from. */
export const bakeTraffic = z.object({
  rate: z.number().describe('Requests a second of the whole service'),
  errors: z.number().describe('Share of bad requests of the stable version, in percent'),
  instances: z.number().int().positive().describe('Instances of the stable version'),
  source: z.string(),
  each: z
    .literal(true)
    .optional()
    .describe('Probes: the rate is that to each version, whatever its share of the traffic'),
})

const step = z.object({
  weight: z.number(),
  margin: z.number().describe('Percentage points'),
  half: z.number().nullable().describe('Seconds after which half of such steps have proven the margin'),
  most: z.number().nullable().describe('… and nine of ten; null: it cannot be proven'),
  min: z.number().describe('The least bake of the policy, in seconds'),
  max: z.number().describe('The patience of the policy, in seconds'),
  smallest: z
    .number()
    .nullable()
    .describe('The smallest margin that the patience is expected to prove, in percentage points'),
  warning: z.string().nullable(),
})

const check = z.object({ name: z.string(), traffic: bakeTraffic, steps: z.array(step) })

/** Row P20: how long each step must bake before its verdict can mean anything. */
export const plannedBake = z.object({
  known: z.boolean().describe('false: the traffic is unknown, and each case is an example'),
  cases: z.array(check),
  probes: z
    .array(check)
    .default([])
    .describe('The same for checks that are read from probes, whose rate is known'),
  notes: z.array(z.string()).describe('What was not planned, and why'),
})

export type BakeTraffic = z.output<typeof bakeTraffic>
export type PlannedBake = z.output<typeof plannedBake>
export type BakedStep = z.output<typeof step>
