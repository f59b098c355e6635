import type { Config } from '../config/config.ts'
import type { RiskLevel } from '../config/risk-levels.ts'
import type { Change } from '../scope/change.ts'
import { assessRelease } from './assess-release.ts'
import { bytes, fitChanges, planLimit } from './fit-changes.ts'
import { goCriteria } from './go-criteria.ts'
import { type Plan, plan, type Signoff } from './plan.ts'
import { rollbackPlan } from './rollback-plan.ts'

/** What is known when a plan is drawn; the rest follows from it. */
export type PlanFacts = Pick<
  Plan,
  | 'service'
  | 'repository'
  | 'version'
  | 'tag'
  | 'sha'
  | 'previous'
  | 'bump'
  | 'type'
  | 'revision'
  | 'plannedAt'
  | 'author'
  | 'why'
  | 'changes'
  | 'gaps'
  | 'policy'
  | 'policySource'
  | 'migrations'
  | 'maintenance'
>

/** Draws the plan. Nothing but its facts goes in: the same facts give the same plan, and so the same digest. */
export const drawPlan = (facts: PlanFacts): Plan => {
  const { policy, migrations } = facts
  const rollback = rollbackPlan({ policy, version: facts.version, previous: facts.previous, migrations })
  const risk = assessRelease(facts.changes, policy, rollback, migrations)
  const signoffs = signoffsFor(policy, risk.level)
  const whole = {
    ...facts,
    schema: 1,
    state: 'frozen',
    environment: policy.rollout.environment,
    artifact: policy.artifact === undefined ? null : { name: policy.artifact, digest: null },
    risk,
    rollback,
    signoffs,
    criteria: goCriteria(policy, facts.sha, signoffs),
    gaps: [...facts.gaps, ...policyGaps(policy, facts.changes)],
  }
  const rest = bytes({ ...whole, changes: [], why: [], migrations: [] })
  const { gaps, ...lists } = fitChanges(facts, planLimit - rest)
  return plan.parse({ ...whole, ...lists, gaps: [...whole.gaps, ...gaps] })
}

/** Who must agree at this level. A role that names no environment has the environment `signoff-<role>`. */
export const signoffsFor = (policy: Config, level: RiskLevel): Signoff[] =>
  [...new Set(policy.signoff[level])].map((role) => ({
    role,
    environment: policy.signoff.roles[role]?.environment ?? `signoff-${role}`,
  }))

const policyGaps = (policy: Config, changes: readonly Change[]): string[] => {
  const gaps: string[] = []
  if (!policy.traffic)
    gaps.push('no traffic driver is configured (traffic): exposure cannot be moved step by step')
  if ((policy.metrics?.checks ?? []).length === 0)
    gaps.push('no metric is configured (metrics.checks): no step can be proven healthy')
  if (policy.artifact === undefined)
    gaps.push('no artifact is configured (artifact): the plan names versions only')
  const unread = changes.filter((change) => !change.readable && !change.reverted)
  if (unread.length > 0)
    gaps.push(
      `${unread.length} of ${changes.length} changes are not in a form that a rule reads; they are listed and count as a patch`,
    )
  return gaps
}
