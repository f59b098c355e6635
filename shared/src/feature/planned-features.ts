import { z } from 'zod'

const named = { number: z.number().int(), title: z.string(), owners: z.array(z.string()) }

/** An issue of the milestone that shall be in the release. */
export const plannedFeature = z.object({
  ...named,
  state: z.enum(['open', 'closed', 'dropped']),
  criteria: z.object({
    met: z.number().int(),
    unmet: z.number().int(),
    open: z.array(z.string()).describe('The first that are not met'),
  }),
  inRange: z
    .boolean()
    .nullable()
    .describe('Whether a change of it is in this release; null: no pull request is linked'),
  verdict: z.enum(['ready', 'incomplete', 'deferred']),
  why: z.string(),
})

export const plannedBug = z.object({
  ...named,
  priority: z.string().nullable(),
  missing: z.array(z.enum(['owner', 'priority'])),
})

/** What the milestone of a release holds (row P22): what must be ready first, then what is not in it, then the rest. */
export const plannedFeatures = z.object({
  milestone: z.object({ title: z.string(), url: z.string() }),
  features: z.array(plannedFeature),
  bugs: z.array(plannedBug).describe('Those that are open, the highest priority first'),
  counts: z
    .object({
      ready: z.number().int(),
      incomplete: z.number().int(),
      deferred: z.number().int(),
      bugs: z.number().int(),
      untriaged: z.number().int().describe('Bugs without owner or priority'),
      unread: z.number().int().describe('Issues that were too many to read'),
    })
    .describe('Of all, also of those that are too many to list'),
  defer: z.string().describe('The label that takes a feature out of the release'),
})

export type PlannedFeature = z.output<typeof plannedFeature>
export type PlannedBug = z.output<typeof plannedBug>
export type PlannedFeatures = z.output<typeof plannedFeatures>
