import { z } from 'zod'
import { artifactsPolicy } from './artifact-policy.ts'
import { branchesPolicy, branchFaults } from './branches-policy.ts'
import { calendarPolicy } from './calendar-policy.ts'
import { cautionPolicy } from './caution-policy.ts'
import { componentsPolicy } from './components-policy.ts'
import { featuresPolicy } from './features-policy.ts'
import { freezePolicy } from './freeze-policy.ts'
import { lateFaults } from './late-metrics.ts'
import { metricsPolicy } from './metrics-policy.ts'
import { communicationPolicy, peoplePolicy } from './people-policy.ts'
import { elsewherePolicy, promotionPolicy, purposePolicy } from './purpose-policy.ts'
import { reversedMigrations } from './reversed-migrations.ts'
import { riskPolicy } from './risk-policy.ts'
import { rolloutPolicy } from './rollout-policy.ts'
import { schedulePolicy } from './schedule-policy.ts'
import { stepFaults } from './step-faults.ts'
import { trafficPolicy } from './traffic-policy.ts'
import { command, duration } from './units.ts'
import { versionPolicy } from './version-policy.ts'

const role = z.strictObject({ environment: z.string().min(1) })

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

const deployPolicy = z.strictObject({ command: command.optional(), timeout: duration.default(900) })

/** Who takes the way back where nobody else is named: relman itself. */
export const ownExecutor = 'relman, by the undo job'

const rollbackPolicy = z.strictObject({
  executor: z.string().default(ownExecutor),
  database: z.string().default('no migration in this release is reversed automatically'),
  state: z.string().default('none declared'),
  reversed: reversedMigrations,
  window: duration.default(86_400).describe('How long the previous version is kept ready to return to'),
})

/** What a component may have of its own, in place of the whole section of the file. */
const ownSections = {
  artifact: z.string().optional(),
  artifacts: artifactsPolicy.optional(),
  rollout: rolloutPolicy.optional(),
  deploy: deployPolicy.optional(),
  traffic: trafficPolicy.optional(),
  metrics: metricsPolicy.optional(),
  rollback: rollbackPolicy.optional(),
}

/** The whole of `.github/relman.yml`. An empty file is valid; every default is a safe one. */
export const config = z
  .strictObject({
    $schema: z.string().optional(),
    service: z
      .string()
      .regex(
        /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
        'write letters, digits, dots, dashes and underscores, a letter or digit first',
      )
      .optional()
      .describe('The repository name when absent'),
    artifact: z
      .string()
      .optional()
      .describe(
        'What is deployed, for example ghcr.io/acme/checkout; also release:FILE, workflow:NAME, file:PATH, npm:NAME',
      ),
    artifacts: artifactsPolicy.prefault({}),
    mode: z.enum(['observe', 'advise', 'enforce']).default('enforce'),
    version: versionPolicy.prefault({}),
    components: componentsPolicy(ownSections),
    risk: riskPolicy.prefault({}),
    schedule: schedulePolicy.prefault({}),
    freeze: freezePolicy.prefault({}),
    calendar: calendarPolicy.optional().describe('Without it the calendar starts nothing'),
    features: featuresPolicy.prefault({}),
    caution: cautionPolicy.prefault({}),
    branches: branchesPolicy.prefault({}),
    purpose: purposePolicy.prefault({}),
    people: peoplePolicy.prefault({}),
    communication: communicationPolicy.prefault({}),
    promotion: promotionPolicy.prefault({}),
    elsewhere: elsewherePolicy,
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
    deploy: deployPolicy.prefault({}),
    traffic: trafficPolicy.optional(),
    metrics: metricsPolicy.optional(),
    rollback: rollbackPolicy.prefault({}),
    notes: z
      .strictObject({ draft: z.boolean().default(false), changelog: z.boolean().default(false) })
      .prefault({}),
    channels: z.record(z.string(), channel).default({}),
  })
  .superRefine((whole, context) => {
    const { rollout, metrics } = whole
    for (const message of branchFaults(whole))
      context.addIssue({ code: 'custom', path: ['branches', 'release'], message })
    const parts = Object.entries(whole.components).flatMap(([name, own]) =>
      stepFaults(own.rollout ?? { steps: [] }, own.metrics ?? metrics, ['components', name]),
    )
    const steps = [...stepFaults(rollout, metrics), ...parts]
    for (const { path, message } of [...steps, ...lateFaults(rollout, metrics)])
      context.addIssue({ code: 'custom', path, message })
  })

export type Config = z.output<typeof config>
