import { z } from 'zod'
import { plannedArtifacts } from '../artifact/planned-artifacts.ts'
import { learnt } from '../baseline/learnt.ts'
import { askedLesson } from '../caution/asked.ts'
import { proposedCriterion } from '../caution/propose-criteria.ts'
import { config } from '../config/config.ts'
import { riskLevels } from '../config/risk-levels.ts'
import { embargo } from '../embargo/embargo.ts'
import { plannedFeatures } from '../feature/planned-features.ts'
import { plannedFreeze } from '../freeze/planned-freeze.ts'
import { movedWindow } from '../schedule/moved-window.ts'
import { releaseSchedule } from '../schedule/release-schedule.ts'
import { change } from '../scope/change.ts'
import { plannedBake } from './planned-bake.ts'
import { plannedMigrations } from './planned-migrations.ts'
import { plannedScore } from './planned-score.ts'
import { plannedSplit } from './planned-split.ts'
import { urgency } from './urgency.ts'

export const bumps = ['major', 'minor', 'patch', 'none'] as const
export const releaseTypes = ['major', 'minor', 'patch', 'hotfix', 'security'] as const

const version = z.object({ version: z.string(), tag: z.string(), sha: z.string() })

const reason = z.object({
  sha: z.string(),
  subject: z.string(),
  rule: z.string(),
  level: z.enum(bumps),
  decides: z.boolean(),
  inside: z
    .array(z.object({ sha: z.string(), subject: z.string(), rule: z.string(), level: z.enum(bumps) }))
    .optional()
    .describe('What commits inside a merge would ask for, the strongest first, at most 10'),
})

const rollbackPlan = z.object({
  steps: z.array(z.object({ text: z.string(), seconds: z.number() })).min(1),
  executor: z.string(),
  triggers: z.array(z.string()).min(1),
  seconds: z.number().describe('Estimate of the whole way back'),
  database: z.string(),
  state: z.string(),
  previous: z.string().nullable().describe('The artifact or version that is returned to'),
})

/** Who must agree before exposure: a role of the field, and the environment whose reviewers fill it. */
export const signoff = z.object({ role: z.string(), environment: z.string() })

/**
 * The contract of a release: what, why, how risky, how it is exposed and how it is undone. Its SHA-256 digest over
 * canonical JSON is what sign-offs bind to and what every later step checks. `policy` is the configuration it was made
 * under, with the least bakes that hold for this release, so that no later job reads policy from anywhere else.
 */
export const plan = z.object({
  schema: z.literal(1),
  service: z.string(),
  repository: z.string().describe('owner/name'),
  version: z.string(),
  tag: z.string(),
  sha: z.string(),
  previous: version.nullable(),
  bump: z.enum(bumps),
  type: z.enum(releaseTypes),
  revision: z.number().int().positive(),
  state: z.enum(['provisional', 'frozen']).describe('Sign-offs bind to a frozen revision only'),
  freeze: plannedFreeze.optional().describe('Absent: no feature freeze holds it, it is frozen at once'),
  plannedAt: z.string(),
  author: z.string(),
  environment: z.string(),
  artifact: z.object({ name: z.string(), digest: z.string().nullable() }).nullable(),
  artifacts: plannedArtifacts.nullable().default(null).describe('null: no artifact is configured'),
  why: z.array(reason),
  changes: z.array(change),
  unlisted: z
    .object({
      changes: z.number().int().nonnegative(),
      people: z.array(z.string()),
      commits: z.array(z.string()).optional().describe('Commits that `from` leaves out; they ship, too'),
    })
    .default({ changes: 0, people: [] })
    .describe(
      'How many changes are too many to list, and everybody behind all of the changes and behind what `from` leaves out',
    ),
  migrations: z.array(z.string()).default([]).describe('Files of the release that change a database'),
  maintenance: z
    .boolean()
    .default(false)
    .describe('A higher final version exists: this one is not the latest'),
  gaps: z.array(z.string()).describe('What could not be read, each in one sentence'),
  risk: z.object({
    level: z.enum(riskLevels),
    reasons: z.array(z.object({ item: z.string(), why: z.string(), level: z.enum(riskLevels) })),
    blast: z.string(),
    reversibility: z.string(),
  }),
  criteria: z.array(z.object({ id: z.string(), text: z.string() })),
  rollback: rollbackPlan,
  signoffs: z.array(signoff),
  schedule: releaseSchedule
    .nullable()
    .default(null)
    .describe(
      'When: window, notice, milestones, tasks; `policy.schedule.window` says whether it holds the rollout',
    ),
  embargo: embargo.nullable().default(null).describe('null: anybody may hear of it'),
  moved: movedWindow
    .nullable()
    .default(null)
    .describe('The window is another than that of the revision before'),
  bake: plannedBake.nullable().default(null).describe('null: no check of bad requests to plan for'),
  split: plannedSplit.nullable().default(null).describe('null: the changes belong together'),
  migrationRisk: plannedMigrations.nullable().default(null).describe('null: no migration was read'),
  score: plannedScore.nullable().default(null).describe('One input of several, never a blocker'),
  features: plannedFeatures.optional().describe('Absent: no milestone was read'),
  policy: config.describe(
    'The configuration that holds for this release: least bakes are multiplied as `schedule.bake` says',
  ),
  lessons: z
    .array(z.object({ from: z.string(), why: z.string(), change: z.string() }))
    .default([])
    .describe('What past releases changed in `policy.rollout` of this one'),
  proposed: z
    .array(proposedCriterion)
    .default([])
    .describe(
      'Criteria that past releases ask for; those that nothing sees hold the release (`asked`), others do not',
    ),
  asked: z
    .array(askedLesson)
    .default([])
    .describe('What of `proposed` must be answered before this release goes on, with the answer'),
  learnt: learnt.optional().describe('What past releases teach the judge of this one'),
  urgency: urgency.optional().describe('Set where a fault decided that this does not wait'),
  policySource: z
    .object({ path: z.string(), sha: z.string().describe('SHA-256 of the text of the file') })
    .nullable()
    .describe('null: no file, the defaults hold'),
})

export type Plan = z.output<typeof plan>
export type Bump = (typeof bumps)[number]
export type ReleaseType = (typeof releaseTypes)[number]
export type Signoff = z.output<typeof signoff>
