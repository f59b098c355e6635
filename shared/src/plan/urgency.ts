import { z } from 'zod'
import { severities } from '../schedule/severity.ts'
import { inline } from '../text/escape-markdown.ts'

/** Why this fix does not wait for the next release (row P12), and what its shorter path keeps. */
export const urgency = z.object({
  severity: z.enum(severities),
  affected: z.number().nullable().describe('Percent of users; null: not known, counted as many'),
  workaround: z.boolean(),
  why: z.string(),
  path: z.array(z.string()),
})

export type Urgency = z.output<typeof urgency>

/** In one line of Markdown. */
export const showUrgency = ({ why, path }: Urgency): string =>
  `${inline(why, 300)}. Kept of the path: ${inline(path.join(', '), 400)}`
