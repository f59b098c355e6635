import { z } from 'zod'
import { riskLevels } from '../config/risk-levels.ts'

/** What a message may say about its change in footers of these names, for example `Workaround: turn caching off`. */
export const changeDetails = [
  'impact',
  'workaround',
  'before',
  'after',
  'upgrade',
  'known-issue',
  'flag',
] as const
export type ChangeDetail = (typeof changeDetails)[number]

/** One change of a release: a commit of the first-parent history, with what is known of its pull request. */
export const change = z.object({
  sha: z.string(),
  subject: z.string(),
  kind: z.string().describe('Conventional type (feat, fix, …) or "other"'),
  area: z.string().nullable().describe('Conventional scope'),
  title: z.string().describe('The subject without type, scope and pull request number'),
  breaking: z.boolean(),
  breakingNote: z.string().nullable(),
  author: z.string().describe('Login when the pull request is known, else the name that git has'),
  people: z.array(z.string()).default([]).describe('Logins known of who wrote, co-wrote or merged it'),
  date: z.string(),
  pull: z.number().int().nullable(),
  issues: z.array(z.number().int()),
  labels: z.array(z.string()),
  details: z
    .partialRecord(z.enum(changeDetails), z.string())
    .default({})
    .describe('Footers of the message that notes show'),
  files: z.number().int().nullable().describe('null: not read'),
  lines: z
    .object({ added: z.number().int(), deleted: z.number().int() })
    .nullable()
    .default(null)
    .describe('null: not read'),
  owners: z.array(z.string()).default([]).describe('Teams and people that CODEOWNERS names for its files'),
  components: z.array(z.string()).default([]).describe('The components of the configuration that it touches'),
  level: z.enum(riskLevels),
  levelWhy: z.string(),
  reverted: z.boolean().describe('Undone by a later change of the same release'),
  inside: z
    .object({
      commits: z.number().int().describe('How many commits the merge brought'),
      apart: z.boolean().describe('They are changes of their own beside it'),
      named: z
        .array(z.object({ sha: z.string(), subject: z.string(), breaking: z.boolean() }))
        .describe('Those that ask for the highest version, at most 10'),
    })
    .optional()
    .describe('Absent: no merge, or one of a single change'),
  readable: z.boolean().describe('false: no rule could read it; it is listed and counted, never dropped'),
})

export type Change = z.output<typeof change>
