import { z } from 'zod'
import { riskLevels } from '../config/risk-levels.ts'
import type { Plan } from '../plan/plan.ts'
import { releaseStates } from '../record/event.ts'
import { releaseTypes } from '../schedule/release-types.ts'
import { itemName } from '../scope/item-name.ts'

/** How a change went, as the record has it. */
const outcome = z.object({
  result: z.enum(['successful', 'backed-out', 'failed', 'not-implemented']),
  release: z.enum(releaseStates).describe('The state of the release in the record'),
  start: z.string().nullable().describe('When exposure began; null: it never did'),
  end: z.string().nullable().describe('When all traffic was on the new version, or back on the previous one'),
  inWindow: z.boolean().nullable().describe('null: nothing was exposed, or no window was planned'),
  reason: z.string().nullable().describe('Why it did not succeed'),
  approvals: z.array(z.object({ role: z.string(), by: z.string(), at: z.string() })),
  rollback: z
    .object({ recovered: z.boolean(), seconds: z.number().nullable(), error: z.string().nullable() })
    .nullable(),
  record: z
    .object({ events: z.number().int(), hash: z.string() })
    .describe('The newest event of the record that this is of; its hash covers all before it'),
})

/** What the post-release review found of a change. */
const reviewed = z.object({
  outcome: z
    .enum(['as-intended', 'with-findings', 'not-known'])
    .describe(
      'with-findings: something wanted did not come out, or it was taken back; not-known: nothing could be measured',
    ),
  measured: z.object({ kept: z.number().int(), not: z.number().int(), unknown: z.number().int() }),
  improvements: z.number().int(),
  due: z.string(),
  at: z.string(),
  by: z.string(),
})

const closure = outcome.extend({
  state: z.literal('closed'),
  review: reviewed.nullable().default(null).describe('null: closed without a review'),
  closedBy: z.string(),
  closedAt: z.string(),
})

/**
 * What change management gets of a release (row P19), in the terms that ITIL, PCI DSS 6.5.1 and SOC 2 CC8.1 ask for. Sent by
 * nobody: it lies beside the plan for the tool at hand.
 */
export const changeRequest = z.object({
  schema: z.literal(1),
  id: z.string().describe('<service>/<version>/<revision>'),
  title: z.string(),
  kind: z.enum(['standard', 'normal', 'emergency']),
  cab: z.boolean().describe('Whether the change advisory board must see it: majors'),
  service: z.string(),
  version: z.string(),
  type: z.enum(releaseTypes),
  digest: z.string().describe('Of the plan that is asked for'),
  repository: z.string(),
  commit: z.string(),
  requestedBy: z.string(),
  requestedAt: z.string(),
  reason: z.string(),
  objectives: z.array(z.object({ text: z.string(), metric: z.string().nullable() })),
  changes: z.array(z.object({ item: z.string(), author: z.string(), level: z.enum(riskLevels) })),
  unlisted: z.number().int(),
  risk: z.object({ level: z.enum(riskLevels), reasons: z.array(z.string()) }),
  impact: z.string(),
  securityImpact: z.string(),
  start: z.string().nullable(),
  end: z.string().nullable(),
  testing: z.array(z.string()).describe('The criteria that must hold'),
  backout: z.object({
    steps: z.array(z.string()),
    seconds: z.number(),
    triggers: z.array(z.string()),
    previous: z.string().nullable(),
    database: z.string(),
  }),
  approvers: z.array(z.object({ role: z.string(), environment: z.string() })),
  outcome: outcome
    .extend({ reviewDue: z.string() })
    .nullable()
    .default(null)
    .describe('How it ended, while the review that closes it is due; null before and after'),
  closure: closure.nullable().default(null).describe('How it was closed; null while it is open'),
})

export type ChangeRequest = z.output<typeof changeRequest>

const mostChanges = 500

/** The change request of a plan. Standard: pre-approved, as low risk that asks nobody; emergency: hotfix and security. */
export const requestChange = (plan: Plan, digest: string): ChangeRequest => {
  const standing = plan.changes.filter(({ reverted }) => !reverted)
  const emergency = plan.type === 'hotfix' || plan.type === 'security'
  const standard = plan.risk.level === 'low' && plan.signoffs.length === 0
  const security = standing.filter(
    ({ kind, levelWhy }) => kind === 'security' || /auth|secur|payment/i.test(levelWhy),
  )
  const { purpose } = plan.policy
  return changeRequest.parse({
    schema: 1,
    id: `${plan.service}/${plan.version}/${plan.revision}`,
    title: `${plan.service} ${plan.version} to ${plan.environment}`,
    kind: emergency ? 'emergency' : standard ? 'standard' : 'normal',
    cab: plan.type === 'major',
    service: plan.service,
    version: plan.version,
    type: plan.type,
    digest,
    repository: plan.repository,
    commit: plan.sha,
    requestedBy: plan.author,
    requestedAt: plan.plannedAt,
    reason: purpose.theme ?? `${plan.type} release: ${standing.length + plan.unlisted.changes} changes`,
    objectives: purpose.objectives.map(({ text, metric }) => ({ text, metric: metric ?? null })),
    changes: standing
      .slice(0, mostChanges)
      .map((change) => ({ item: itemName(change), author: change.author, level: change.level })),
    unlisted: plan.unlisted.changes + Math.max(0, standing.length - mostChanges),
    risk: { level: plan.risk.level, reasons: plan.risk.reasons.map(({ item, why }) => `${item}: ${why}`) },
    impact: plan.risk.blast,
    securityImpact:
      security.length === 0
        ? 'no change is classed as security, authentication or payment'
        : `${security.length} ${security.length === 1 ? 'change' : 'changes'}: ${security.slice(0, 20).map(itemName).join('; ')}`,
    start: plan.schedule?.window?.start ?? null,
    end: plan.schedule?.window?.end ?? null,
    testing: plan.criteria.map(({ text }) => text),
    backout: {
      steps: plan.rollback.steps.map(({ text }) => text),
      seconds: plan.rollback.seconds,
      triggers: plan.rollback.triggers,
      previous: plan.rollback.previous,
      database: plan.rollback.database,
    },
    approvers: plan.signoffs,
  })
}
