import { z } from 'zod'
import { isDay } from './day.ts'
import { duration } from './units.ts'

const date = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d$/, 'write a date like 2026-12-24')
  .refine(isDay, 'write a day of the calendar')
const name = z.string().min(1).max(100)

const absence = z
  .strictObject({
    who: name,
    from: date,
    to: date.describe('Included to its end'),
    deputy: name.optional().describe('Who stands in'),
  })
  .refine(({ from, to }) => from <= to, 'it ends before it begins: swap from and to')

/** Who is there and who comes next. Roles are filled in `schedule.owners`. An empty map is valid. */
export const peoplePolicy = z.strictObject({
  away: z.array(absence).max(200).default([]),
  escalation: z
    .array(
      z.strictObject({
        who: name,
        within: duration.describe('Until then they answer, else the next is called'),
      }),
    )
    .max(20)
    .default([])
    .describe('Who is called, in this order'),
  continuity: z
    .string()
    .max(500)
    .default(
      'the record and the ticket hold all that is known: whoever takes over a role goes on from them; the undo needs nobody',
    )
    .describe('What happens when somebody drops out on the day'),
  incident: z.string().max(500).optional().describe('Where the incident plan is: an address or a sentence'),
})

/** The moments of a release that people hear of. */
export const moments = [
  'planned',
  'feature-freeze',
  'code-freeze',
  'start',
  'rollback',
  'completed',
  'disclosure',
] as const

const stakeholder = z.strictObject({
  who: name,
  channel: z.string().min(1).max(200).describe('A name of channels, or where they are reached'),
  hears: z.array(z.enum(moments)).min(1).default(['planned', 'start', 'rollback', 'completed']),
})

/** Who hears of a release beside those whom relman tells by itself. */
export const communicationPolicy = z.strictObject({ stakeholders: z.array(stakeholder).max(100).default([]) })

export type PeoplePolicy = z.output<typeof peoplePolicy>
export type Moment = (typeof moments)[number]
