import { z } from 'zod'
import { semverRange, semverVersion } from './version-text.ts'

const name = z.string().min(1).max(100)

const confirmation = z.strictObject({ by: name, revision: z.number().int().positive() })

const need = z
  .union([name, z.strictObject({ component: name, version: semverRange.optional() })])
  .transform((value) => (typeof value === 'string' ? { component: value } : value))
  .describe('A component that must be deployed before, and the versions of it that will do')

const item = z.strictObject({ item: z.string().min(1), done: z.boolean(), owner: name.optional() })

const workflowFile = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9._-]+\.ya?ml$/, 'write the name of a file in .github/workflows such as release.yml')

/** One team's part of a release of several repositories. */
const part = z.strictObject({
  component: name,
  team: name,
  repository: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9._-]+$/, 'write owner/name')
    .describe('owner/name'),
  version: semverVersion.optional().describe('What it will be'),
  previous: semverVersion.optional().describe('What runs now, and what is returned to'),
  changes: z.array(z.string().min(1)).default([]).describe('What ships with it, one line each'),
  needs: z.array(need).default([]).describe('Components that must be deployed before'),
  external: z.array(name).default([]).describe('Systems of others that it calls'),
  ready: z.array(item).default([]).describe('Its readiness checklist'),
  blocked: z.string().min(1).optional().describe('Why it cannot ship now: it is deferred, the rest ships'),
  confirmed: confirmation.optional(),
  service: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'write a service as in .github/relman.yml')
    .optional()
    .describe('Its service in the record of its repository; the name of the repository when absent'),
  workflow: workflowFile.default('release.yml').describe('The workflow of its repository that releases it'),
  rollback: workflowFile
    .default('rollback.yml')
    .describe('The workflow of its repository that brings it back'),
})

const team = z.strictObject({
  owners: z
    .array(z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/, 'write a GitHub login'))
    .min(1)
    .optional()
    .describe('Logins that may confirm; everybody who may push to the repositories of the team when absent'),
  contact: z.string().min(1).optional().describe('Where the team is reached'),
  blocked: z.string().min(1).optional().describe('Why the team cannot ship now: its components are deferred'),
  confirmed: confirmation.optional().describe('Confirms all components of the team'),
})

const system = z.strictObject({
  owner: name.optional(),
  ready: z.boolean().default(true).describe('false holds the release'),
  note: z.string().optional(),
})

const checkpoint = z.union([
  z.string(),
  z.strictObject({
    at: z.string(),
    minutes: z.number().int().min(5).max(480).default(30),
    place: z.string().optional().describe('A room or an address of a call'),
    invite: z
      .array(z.string().regex(/^[^\s@<>,;:"]+@[^\s@<>,;:"]+$/, 'write an e-mail address'))
      .default([])
      .describe('E-mail addresses of those who decide'),
  }),
])

/** `release-manifest.yml`: who ships what together, in which order; the way back is the reverse. */
export const manifest = z.strictObject({
  $schema: z.string().optional(),
  schema: z.literal(1),
  name,
  owner: name.describe('The one person who leads this release'),
  revision: z
    .number()
    .int()
    .positive()
    .default(1)
    .describe('Counts up with every change of the manifest; confirmations are of one revision'),
  checkpoint: checkpoint.optional().describe('Date and time of the go or no-go decision'),
  teams: z.record(name, team).optional().describe('When written, every component belongs to one of these'),
  systems: z
    .record(name, system)
    .optional()
    .describe('External systems; when written, `external` names only these'),
  installed: z
    .record(name, semverVersion)
    .default({})
    .describe('Components that run and are not part of this release, with their version'),
  ready: z.array(item).default([]).describe('The readiness checklist of the whole'),
  components: z.array(part).min(1).max(500),
})

export type Manifest = z.output<typeof manifest>
export type Part = Manifest['components'][number]
