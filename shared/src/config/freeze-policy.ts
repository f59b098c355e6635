import { z } from 'zod'
import { canRead } from '../text/glob.ts'
import { isDay } from './day.ts'

const moment = z
  .string()
  .regex(
    /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?$/,
    'write a date like 2026-12-24, or a time like 2026-12-24T18:00',
  )
  .refine(isDay, 'write a day of the calendar')

const branch = z
  .string()
  .min(1)
  .max(256)
  .refine((text) => !text.startsWith('!') && canRead(text), 'write a glob of branch names such as release/**')

const dates = z.strictObject({ feature: moment.optional(), code: moment.optional() })

/** What may enter the branch of a release, and from when on. An empty map is valid. */
export const freezePolicy = z.strictObject({
  branches: z
    .array(branch)
    .max(50)
    .default(['release/**'])
    .describe('Branches that freezes hold; a version at the end of the name says of which release'),
  kinds: z
    .array(z.string().regex(/^[a-z]{2,20}$/))
    .default(['fix', 'security', 'revert'])
    .describe('Types of change that enter after feature freeze'),
  label: z
    .string()
    .min(1)
    .max(50)
    .default('freeze-exception')
    .describe('The label that asks for an exception'),
  approvers: z
    .array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/, 'write a login without @'))
    .max(100)
    .default([])
    .describe('Who may approve an exception; anyone who may write, other than the author, when empty'),
  plans: z
    .enum(['stated', 'timeline'])
    .default('stated')
    .describe(
      'Until when a plan is provisional: stated: until the feature freeze that dates states for its version, without one it is frozen at once; timeline: else until the feature freeze of its own timeline',
    ),
  dates: z
    .record(z.string(), dates)
    .default({})
    .describe(
      'Freezes of a version in schedule.zone, { "1.4.0": { feature: 2026-12-01, code: 2026-12-08 } }; those of its plan when absent',
    ),
})

export type FreezePolicy = z.output<typeof freezePolicy>
