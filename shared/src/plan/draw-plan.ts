import type { Config } from '../config/config.ts'
import type { RiskLevel } from '../config/risk-levels.ts'
import { widerSteps } from '../config/step-faults.ts'
import { type Governance, governRelease } from '../schedule/release-types.ts'
import type { Change } from '../scope/change.ts'
import { assessRelease, releaseLevel } from './assess-release.ts'
import { bytes, fitChanges, planLimit } from './fit-changes.ts'
import { goCriteria, planCriteria } from './go-criteria.ts'
import { type LeftOut, withLeft } from './left-out.ts'
import { type Plan, plan, type Signoff } from './plan.ts'
import { hasChecks, unprovable } from './provable.ts'
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
> &
  Partial<
    Pick<
      Plan,
      | 'artifacts'
      | 'schedule'
      | 'bake'
      | 'split'
      | 'migrationRisk'
      | 'score'
      | 'learnt'
      | 'lessons'
      | 'features'
      | 'state'
      | 'freeze'
      | 'urgency'
      | 'proposed'
      | 'asked'
      | 'moved'
      | 'embargo'
    >
  > & {
    /** How many commits ship that are not among the changes, so that nobody judged them. */
    hidden?: number
    /** Which these are, and who is behind them. */
    left?: LeftOut | null
  }

/**
 * Draws the plan. Nothing but its facts goes in: the same facts give the same plan, and so the same digest. Type of release
 * and level of its scope stand side by side, and the higher one sets sign-offs and least bakes (row P3).
 */
export const drawPlan = (facts: PlanFacts): Plan => {
  const { migrations, version, previous } = facts
  const migrationRisk = facts.migrationRisk ?? null
  const { hidden = 0 } = facts
  const level = releaseLevel(facts.changes, migrationRisk, hidden)
  const governance = governRelease(facts.type, level)
  const policy = governedPolicy(facts.policy, governance)
  const rollback = rollbackPlan({
    policy,
    version,
    previous,
    migrations,
    migrationRisk,
    artifacts: facts.artifacts ?? null,
  })
  const risk = assessRelease({
    ...{ changes: facts.changes, level, policy, rollback, migrations, migrationRisk },
    hidden,
  })
  const signoffs = signoffsFor(policy, governance.signoff)
  const whole = {
    ...facts,
    schema: 1,
    state: facts.state ?? 'frozen',
    environment: policy.rollout.environment,
    artifact: mainArtifact(policy, facts.artifacts ?? null),
    risk,
    rollback,
    signoffs,
    criteria: [...goCriteria(policy, facts.sha, signoffs), ...planCriteria(facts)],
    policy,
    gaps: [...facts.gaps, ...policyGaps(policy, facts.changes), ...artifactGaps(facts.artifacts ?? null)],
  }
  const rest = bytes({ ...whole, changes: [], why: [], migrations: [] })
  const { gaps, ...lists } = fitChanges(facts, planLimit - rest)
  const unlisted = withLeft(lists.unlisted, facts.left ?? null)
  return plan.parse({ ...whole, ...lists, unlisted, gaps: [...whole.gaps, ...gaps] })
}

/** The policy with the least bakes of this release: more where more can go wrong, and never above the patience. */
export const governedPolicy = (policy: Config, { bake }: Pick<Governance, 'bake'>): Config => {
  const steps = policy.rollout.steps.map((step) => ({
    ...step,
    // A step that would end before it may is a fault of the configuration, and stays one.
    min: step.min > step.max ? step.min : Math.min(step.min * bake, step.max),
  }))
  return { ...policy, rollout: { ...policy.rollout, steps } }
}

/** Who must agree at this level. A role that names no environment has the environment `signoff-<role>`. */
export const signoffsFor = (policy: Config, level: RiskLevel): Signoff[] =>
  [...new Set(policy.signoff[level])].map((role) => ({
    role,
    environment: policy.signoff.roles[role]?.environment ?? `signoff-${role}`,
  }))

const mainArtifact = (policy: Config, artifacts: Plan['artifacts']): Plan['artifact'] => {
  if (policy.artifact === undefined) return null
  const main = artifacts?.items[0]
  return { name: main?.name ?? policy.artifact, digest: main?.digest ?? null }
}

const artifactGaps = (artifacts: Plan['artifacts']): string[] =>
  (artifacts?.items ?? [])
    .filter(({ digest }) => digest === null)
    .map(({ name, why }) => `the digest of ${name} is not known (artifact): ${why}`)

const policyGaps = (policy: Config, changes: readonly Change[]): string[] => {
  const gaps: string[] = []
  const refused = unprovable(policy) === null ? '' : '; the gate refuses that before anybody is asked'
  if (!policy.traffic)
    gaps.push(`no traffic driver is configured (traffic): exposure cannot be moved step by step${refused}`)
  if (!hasChecks(policy))
    gaps.push(
      `no metric is configured (metrics.checks): no step can be proven healthy${policy.traffic ? refused : ''}`,
    )
  if (policy.artifact === undefined)
    gaps.push('no artifact is configured (artifact): the plan names versions only')
  gaps.push(...widerSteps(policy.rollout))
  const unread = changes.filter((change) => !change.readable && !change.reverted)
  if (unread.length > 0)
    gaps.push(
      `${unread.length} of ${changes.length} changes are not in a form that a rule reads; they are listed and count as a patch`,
    )
  return gaps
}
