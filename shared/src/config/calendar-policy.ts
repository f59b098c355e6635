import { z } from 'zod'

const file = z
  .string()
  .max(100)
  .regex(
    /^[A-Za-z0-9_][A-Za-z0-9._-]*\.ya?ml$/,
    'write the name of a file in .github/workflows, such as relman-release.yml',
  )

/** Which workflow of the repository the calendar starts for which phase of a release (row L5). */
export const calendarPolicy = z.strictObject({
  plan: file
    .optional()
    .describe('Started at feature freeze, to plan the frozen revision; only told when absent'),
  release: file
    .optional()
    .describe('Started when the window of a frozen plan opens, to release it; only told when absent'),
  review: file
    .optional()
    .describe('Started when the review of a release that is live is due; only told when absent'),
  hold: z
    .string()
    .min(1)
    .max(50)
    .default('hold')
    .describe('Label of a release ticket: while it is there, nothing of that release is started'),
  most: z.int().min(1).max(20).default(3).describe('Runs that one pass starts at most'),
})

export type CalendarPolicy = z.output<typeof calendarPolicy>
