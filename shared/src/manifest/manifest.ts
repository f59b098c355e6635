import { z } from 'zod'

/** One team's part of a release of several repositories. */
const part = z.strictObject({
  component: z.string(),
  team: z.string(),
  repository: z.string().describe('owner/name'),
  version: z.string().optional(),
  needs: z.array(z.string()).default([]).describe('Components that must be deployed before'),
  external: z.array(z.string()).default([]),
  ready: z.array(z.strictObject({ item: z.string(), done: z.boolean() })).default([]),
  confirmed: z.strictObject({ by: z.string(), revision: z.number().int() }).optional(),
})

/** `release-manifest.yml`: who ships what together, in which order; the way back is the reverse. */
export const manifest = z.strictObject({
  schema: z.literal(1),
  name: z.string(),
  owner: z.string(),
  revision: z.number().int().positive().default(1),
  checkpoint: z.string().optional().describe('Date and time of the go or no-go decision'),
  components: z.array(part).min(1),
})

export type Manifest = z.output<typeof manifest>
