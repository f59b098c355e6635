import { ownExecutor } from '../config/config.ts'
import { metricsSources } from '../config/metrics-policy.ts'
import { restsOnProbes } from '../rollout/from-probes.ts'
import { ladder, type Rung } from '../rollout/ladder.ts'
import { code, inline } from '../text/escape-markdown.ts'
import { showSeconds } from '../text/show-seconds.ts'
import type { Plan } from './plan.ts'
import { isByHand } from './rollback-plan.ts'

/** The deployment plan as a person works from it: the sections of row P16 in their order, and nothing else. */
export const deploymentPlan = (plan: Plan, digest: string): string => {
  const sections = [risk(plan), checklist(plan, digest), steps(plan), rollback(plan), monitoring(plan)]
  return `## Deployment Plan: ${inline(plan.version)}\n\n${sections.join('\n\n')}\n`
}

const risk = (plan: Plan): string => `### Risk Assessment

- **Risk Level**: ${plan.risk.level}${plan.risk.reasons[0] ? `, because of ${inline(plan.risk.reasons[0].item)}: ${inline(plan.risk.reasons[0].why)}` : ''}
- **Rollback Time**: ${rollbackTime(plan)}
- **Blast Radius**: ${inline(plan.risk.blast)}`

/** No time is promised for what relman does not do. */
const rollbackTime = ({ rollback, policy }: Plan): string => {
  if (!isByHand(policy)) return `at most ${showSeconds(rollback.seconds)}`
  return rollback.previous === null
    ? 'none is known: there is no earlier version'
    : `none is known: ${inline(rollback.previous)} is brought back by hand, since relman neither moves traffic nor deploys here`
}

const checklist = (plan: Plan, digest: string): string => {
  const channels = Object.keys(plan.policy.channels)
  const told =
    channels.length > 0
      ? channels.map((name) => inline(name)).join(', ')
      : 'the release ticket and the GitHub Release'
  return [
    '### Pre-Deployment Checklist',
    '',
    `- [ ] The plan that was approved is the plan that runs: ${code(digest)}`,
    ...plan.criteria.map(({ id, text }) => `- [ ] ${code(id)}: ${inline(text, 600)}`),
    `- [ ] The previous version can be started: ${plan.rollback.previous === null ? 'there is none' : inline(plan.rollback.previous)}`,
    `- [ ] Communication plan: ${told} are told at the start, at a roll back and at the end`,
    ...plan.gaps.map((gap) => `- [ ] Known gap: ${inline(gap, 600)}`),
  ].join('\n')
}

const steps = (plan: Plan): string => {
  const rungs = ladder(plan.policy.rollout)
  const { rollout, traffic, deploy } = plan.policy
  const lines = [
    `1. Deploy ${inline(plan.version)} (commit ${code(plan.sha.slice(0, 12))}) to ${inline(plan.environment)} without traffic: ${deploy.command ? `${code(deploy.command.join(' '))}, at most ${showSeconds(deploy.timeout)}` : 'the deployment action of the repository'}. Checkpoint: it ends with success`,
    '2. Flags: none is moved by this plan',
    ...rungs.map((rung, index) => `${index + 3}. ${step(rung, plan)}`),
  ]
  const before = plan.policy.metrics?.probes?.before ?? 0
  const total = rungs.reduce(
    (sum, rung) => ({
      least: sum.least + rung.min + rollout.drain,
      most: sum.most + Math.max(rung.min, rung.max) + rollout.drain,
    }),
    { least: before, most: before },
  )
  const driver = traffic ? `by the ${traffic.driver} driver` : 'by nobody: no traffic driver is configured'
  return `### Deployment Steps\n\n${lines.join('\n')}\n\nTraffic is moved ${driver}. Expected duration: ${showSeconds(total.least)} to ${showSeconds(total.most)}`
}

const step = (rung: Rung, plan: Plan): string => {
  const { drain } = plan.policy.rollout
  if (rung.margin === null || rung.last)
    return `Rollout ${rung.weight} %: expected ${showSeconds(rung.min + drain)}. Checkpoint: the share read back is ${rung.weight} %, and nothing speaks against it`
  const errors = restsOnProbes(plan.policy.metrics) ? 'errors of probes' : 'errors'
  return `Rollout ${rung.weight} %: expected ${showSeconds(rung.min + drain)} to ${showSeconds(rung.max + drain)}. Checkpoint: ${errors} above stable by less than ${rung.margin} percentage points, proven`
}

const rollback = ({ rollback, policy }: Plan): string =>
  [
    '### Rollback Procedure',
    '',
    '**Trigger conditions**',
    '',
    ...rollback.triggers.map((trigger) => `- ${inline(trigger)}`),
    '',
    `**Steps**, ${executor(rollback.executor, policy)}`,
    '',
    ...rollback.steps.map(
      ({ text, seconds }, index) =>
        `${index + 1}. ${inline(text)}${seconds > 0 ? ` (at most ${showSeconds(seconds)})` : ''}`,
    ),
    '',
    `- Database: ${inline(rollback.database, 1_000)}`,
    `- State written by the new version: ${inline(rollback.state, 1_000)}`,
  ].join('\n')

const executor = (named: string, policy: Plan['policy']): string => {
  if (!isByHand(policy)) return `by ${inline(named)}`
  return named === ownExecutor ? 'by hand' : `by hand: ${inline(named)}`
}

const monitoring = ({ policy }: Plan): string => {
  const { metrics, rollout } = policy
  const checks = metrics?.checks ?? []
  const dashboards = metrics?.dashboards ?? []
  const sources = metrics ? metricsSources(metrics).map((source) => inline(source)) : []
  const source = sources.length > 0 ? sources.join(', ') : 'none configured'
  return [
    '### Monitoring',
    '',
    `- **Dashboards**: ${dashboards.length > 0 ? dashboards.map((address) => inline(address)).join(', ') : `none configured; metrics are read from ${source}`}`,
    `- **Key metrics**: ${checks.length > 0 ? checks.map(({ name, kind, provider }) => `${inline(name)} (${kind}${provider === 'probes' ? ' of probes' : ''})`).join(', ') : 'none configured'}`,
    `- **Alert thresholds**: rollback at evidence of ${Math.round(1 / rollout.alpha)} to 1 against the new version, looked at each ${showSeconds(rollout.look)}${checks.flatMap((check) => (check.kind === 'ratio' && check.ceiling !== undefined ? [`; ${inline(check.name)} above ${check.ceiling} %`] : [])).join('')}`,
  ].join('\n')
}
