import { z } from 'zod'
import { isDay } from './day.ts'
import { duration } from './units.ts'

const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
const types = ['major', 'minor', 'patch', 'hotfix', 'security'] as const

const known = (name: string): boolean => {
  if (name === 'UTC') return true
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

const zone = z
  .string()
  .refine(known, 'write an IANA time zone such as Europe/Berlin or UTC')
  .describe('An IANA time zone')
const startOf = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write a time of day like 09:30')
const endOf = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'write a time of day like 17:00; the end of a day is 24:00')
const hours = z
  .strictObject({ from: startOf, to: endOf })
  .refine(({ from, to }) => from < to, 'from must come before to')
const moment = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d(T\d\d:\d\d)?$/, 'write a date like 2026-12-24, or a time like 2026-12-24T18:00')
  .refine(isDay, 'write a day of the calendar')

const calendar = z.strictObject({
  source: z.string().min(1).describe('A file of the repository, or an https address, of an iCalendar file'),
  kind: z.enum(['freeze', 'holiday', 'team', 'release']).default('freeze'),
  name: z.string().optional().describe('How plans call it; the source when absent'),
  zone: zone.optional().describe('Where its all-day events are days; schedule.zone when absent'),
  exempt: z.array(z.enum(types)).optional().describe('Releases that it does not hold'),
})

const freeze = z
  .strictObject({
    name: z.string().min(1),
    from: moment,
    to: moment.describe('A date is included to its end; a time is not'),
    exempt: z.array(z.enum(types)).optional(),
  })
  .refine(
    ({ from, to }) => from < (to.includes('T') ? to : `${to}T24:00`),
    'a freeze ends before it begins: swap from and to',
  )

const train = z.strictObject({
  name: z.string().min(1),
  every: z.enum(['week', '2 weeks', 'month', 'quarter']),
  first: moment.describe('The first departure; later ones keep its weekday (weeks) or day of the month'),
  time: startOf.default('10:00').describe('When it leaves, if first is a date'),
  cutoff: duration.default(86_400).describe('How long before it leaves a change must be merged'),
  type: z.enum(types).default('minor'),
})

/** When releases may happen. An empty map is valid: UTC, no Fridays and weekends, no calendar. */
export const schedulePolicy = z.strictObject({
  zone: zone.default('UTC'),
  avoid: z.array(z.enum(['friday', 'weekend'])).default(['friday', 'weekend']),
  weekend: z.array(z.enum(days)).default(['saturday', 'sunday']),
  business: hours
    .prefault({ from: '09:00', to: '17:00' })
    .describe('When users are at work; majors avoid it'),
  staffed: hours.prefault({ from: '07:00', to: '20:00' }).describe('When the team can be reached unwoken'),
  starts: z
    .array(startOf)
    .min(1)
    .default(['06:00', '08:00', '10:00', '12:00', '14:00', '16:00', '18:00', '20:00'])
    .describe('Times of day at which a window may begin'),
  horizon: duration
    .refine((seconds) => seconds <= 366 * 86_400, 'at most 366d')
    .default(28 * 86_400)
    .describe('How far to look for a window, from the earliest day on'),
  gap: duration.default(0).describe('Distance to keep from other releases'),
  window: z
    .enum(['advise', 'enforce'])
    .default('advise')
    .describe('enforce: nothing is exposed outside the window of the plan'),
  together: z
    .array(z.string().min(1).max(100))
    .max(100)
    .default([])
    .describe('Other services of the record whose releases may share a window with those of this one'),
  calendars: z.array(calendar).default([]),
  freezes: z.array(freeze).default([]),
  allow: z
    .array(z.string())
    .default([])
    .describe('Hosts (host or host:port) of calendars that may be on a private network'),
  inflight: z
    .enum(['finish', 'return'])
    .default('finish')
    .describe('What a rollout does when a freeze begins under way; it never stays where it is'),
  notice: z
    .partialRecord(z.enum(types), duration)
    .default({})
    .describe(
      'How long people are told before a release of a type, where that is not the usual: { minor: 3d }',
    ),
  trains: z.array(train).default([]),
  owners: z.record(z.string(), z.string()).default({}).describe('Who fills a role of the timeline'),
})

export type SchedulePolicy = z.output<typeof schedulePolicy>
export type TrainPolicy = SchedulePolicy['trains'][number]
