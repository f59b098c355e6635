import { z } from 'zod'
import { canRead, mostAlternatives } from '../text/glob.ts'
import { channels } from './channels.ts'
import { metricsPolicy } from './metrics-policy.ts'
import { riskLevels } from './risk-levels.ts'
import { rolloutPolicy } from './rollout-policy.ts'
import { schedulePolicy } from './schedule-policy.ts'
import { trafficPolicy } from './traffic-policy.ts'
import { command, duration } from './units.ts'

const role = z.strictObject({ environment: z.string().min(1) })

const versionPolicy = z.strictObject({
  from: z.enum(['relman', 'tag', 'release-please', 'changesets', 'semantic-release']).default('relman'),
  prefix: z
    .string()
    .optional()
    .describe('What stands before the version in a tag; inferred from the tags when absent'),
  type: z.enum(['major', 'minor', 'patch']).optional().describe('Wins over everything that the changes say'),
  channel: z
    .enum(['final', ...channels])
    .default('final')
    .describe('final, or the label of a pre-release, whose counter goes on from the tags: 1.3.0-beta.2'),
  build: z.boolean().default(false).describe('Whether the version ends in +<commit>.<time of the commit>'),
  quiet: z
    .enum(['patch', 'none'])
    .default('patch')
    .describe(
      'What a release is in which nothing but housekeeping changed (chore, ci, test): a patch, or none at all',
    ),
  zero: z
    .enum(['shift', 'strict'])
    .default('shift')
    .describe('Before 1.0.0: shift makes a breaking change a minor, strict a major'),
  kinds: z
    .record(z.string().regex(/^[a-z]{2,20}$/), z.enum(['major', 'minor', 'patch', 'none']))
    .default({})
    .describe('What a type of change asks for, where that is not the usual: { feat: patch }'),
  policy: z
    .enum(['stated', 'inferred'])
    .default('stated')
    .describe('inferred: the summary says which policy the last 20 releases followed'),
  labels: z.record(z.string(), z.enum(['major', 'minor', 'patch', 'none'])).default({
    'semver:major': 'major',
    'semver:minor': 'minor',
    'semver:patch': 'patch',
    breaking: 'major',
    'skip-release': 'none',
  }),
})

const glob = z
  .string()
  .min(1)
  .max(256)
  .refine((text) => !text.startsWith('!'), 'a glob may not begin with !; add a rule before this one instead')
  .refine((text) => canRead(text), `braces may stand for at most ${mostAlternatives} alternatives`)

const riskRule = z.strictObject({
  level: z.enum(riskLevels),
  why: z.string().min(1).describe('The reason in business terms'),
  paths: z.array(glob).max(100).default([]),
  labels: z.array(z.string().max(100)).max(100).default([]),
  keywords: z.array(z.string().max(100)).max(100).default([]),
})

const gateCriterion = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/, 'write small letters, digits and dashes'),
  source: z.enum(['check', 'status', 'risk', 'age']),
  name: z.string().default(''),
  operator: z.enum(['=', '<', '<=', '>', '>=']).default('='),
  threshold: z.union([z.string(), z.number()]).default('success'),
  remedy: z.string().default(''),
  owner: z.string().default(''),
})

const channel = z.strictObject({ kind: z.enum(['webhook', 'slack']), secret: z.string().min(1) })

/** The whole of `.github/relman.yml`. An empty file is valid; every default is a safe one. */
export const config = z.strictObject({
  $schema: z.string().optional(),
  service: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
      'write letters, digits, dots, dashes and underscores, a letter or digit first',
    )
    .optional()
    .describe('The repository name when absent'),
  artifact: z.string().optional().describe('What is deployed, for example ghcr.io/acme/checkout'),
  mode: z.enum(['observe', 'advise', 'enforce']).default('enforce'),
  version: versionPolicy.prefault({}),
  risk: z.strictObject({ rules: z.array(riskRule).max(100).default([]) }).prefault({}),
  schedule: schedulePolicy.prefault({}),
  gate: z
    .strictObject({
      checks: z
        .array(z.string())
        .default([])
        .describe('Checks that must have passed; all that ran when empty'),
      criteria: z.array(gateCriterion).default([]),
    })
    .prefault({}),
  signoff: z
    .strictObject({
      roles: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), role).default({}),
      low: z.array(z.string()).default([]),
      medium: z.array(z.string()).default(['engineering']),
      high: z.array(z.string()).default(['engineering', 'operations']),
    })
    .prefault({}),
  rollout: rolloutPolicy.prefault({}),
  deploy: z.strictObject({ command: command.optional(), timeout: duration.default(900) }).prefault({}),
  traffic: trafficPolicy.optional(),
  metrics: metricsPolicy.optional(),
  rollback: z
    .strictObject({
      executor: z.string().default('relman, by the undo job'),
      database: z.string().default('no migration in this release is reversed automatically'),
      state: z.string().default('none declared'),
      window: duration.default(86_400).describe('How long the previous version is kept ready to return to'),
    })
    .prefault({}),
  notes: z
    .strictObject({ draft: z.boolean().default(false), changelog: z.boolean().default(false) })
    .prefault({}),
  channels: z.record(z.string(), channel).default({}),
})

export type Config = z.output<typeof config>
