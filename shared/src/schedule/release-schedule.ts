import { z } from 'zod'
import { releaseTypes } from './release-types.ts'

const span = z.object({ start: z.string(), end: z.string() })
const term = z.object({
  name: z.string(),
  factor: z.number(),
  weight: z.number(),
  points: z.number(),
  source: z.string(),
})

/** When a release happens, as a plan holds it. Instants are ISO 8601 in UTC; `zone` is where people read them. */
export const releaseSchedule = z.object({
  zone: z.string(),
  type: z.enum(releaseTypes),
  governance: z.string().describe('Type and scope level side by side, and which of them governs'),
  tests: z.string(),
  notice: z.number().describe('Seconds'),
  bake: z.number().describe('By how much the least bake of each step is multiplied'),
  window: span.nullable().describe('null: none is free, and `why` and `refused` say why'),
  why: z.string(),
  score: z.object({ total: z.number(), terms: z.array(term) }).nullable(),
  considered: z.number().int(),
  ranking: z
    .array(
      z.object({
        start: z.string(),
        score: z.number(),
        points: z.array(z.number()).describe('Of each term, in the order of `score.terms`'),
        conflicts: z.array(z.string()).describe('Kinds of what stands against it; empty: it is free'),
      }),
    )
    .optional()
    .describe('The windows that were looked at with their scores, best first, at most 100'),
  refused: z.array(z.string()).describe('What stands against each window that is not free, by day'),
  milestones: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      what: z.string(),
      offset: z.string(),
      at: z.string(),
      notes: z.array(z.string()),
    }),
  ),
  tasks: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      role: z.string(),
      owner: z.string(),
      start: z.string(),
      due: z.string(),
      milestone: z.string(),
      after: z.array(z.string()),
      critical: z.boolean(),
      optional: z.boolean(),
      late: z.boolean(),
    }),
  ),
  critical: z.array(z.string()),
  shipBy: z
    .object({
      deadline: z.string(),
      parallel: z.array(z.array(z.string())).describe('Groups of tasks that can run side by side, in order'),
      cannotSkip: z.array(z.string()),
      maySkip: z.array(z.object({ id: z.string(), saves: z.number().describe('Hours') })),
      reasons: z.array(z.string()),
    })
    .nullable()
    .default(null)
    .describe('Set where the release is asked for by a date'),
  train: z
    .object({
      name: z.string(),
      at: z.string(),
      cutoff: z.string(),
      aboard: z.number().int(),
      missed: z.array(z.string()).describe('What was merged after the cutoff and rides the next one'),
      next: z.string().nullable(),
    })
    .nullable()
    .default(null)
    .describe('The next departure of the trains, for the type of this release where one has it'),
})

export type ReleaseSchedule = z.output<typeof releaseSchedule>
