import type { Config } from '../config/config.ts'
import type { MetricCheck } from '../config/metrics-policy.ts'
import { defaultValueMargin } from '../rollout/criteria.ts'
import { ladder } from '../rollout/ladder.ts'
import type { Plan, Signoff } from './plan.ts'

/** Row P14: every condition of going, written so that it can be measured. The gate and the judge decide by the same policy. */
export const goCriteria = (policy: Config, sha: string, signoffs: readonly Signoff[]): Plan['criteria'] => [
  checks(policy, sha),
  ...policy.gate.criteria.map(({ id, name, source, operator, threshold }) => ({
    id,
    text: `${source}${name ? ` "${name}"` : ''} ${operator} ${threshold}`,
  })),
  {
    id: 'rollback-plan',
    text: 'The rollback plan has steps, an executor, triggers and a version to return to',
  },
  ...signoffs.map(({ role, environment }) => ({
    id: `signoff-${role}`,
    text: `1 person other than the authors and the starter of the run approves as ${role} (environment ${environment}), for this plan`,
  })),
  ...health(policy),
]

const checks = ({ gate }: Config, sha: string) => ({
  id: 'checks',
  text:
    gate.checks.length > 0
      ? `${gate.checks.length} named checks have the result success on ${sha.slice(0, 7)}: ${gate.checks.join(', ')}`
      : `0 checks that ran on ${sha.slice(0, 7)} failed or are pending`,
})

const health = ({ metrics, rollout }: Config): Plan['criteria'] => {
  const checks = metrics?.checks ?? []
  if (checks.length === 0) {
    return [
      {
        id: 'health',
        text: 'No metric is configured, so no step can be proven: with rollout.inconclusive "return" the release goes back',
      },
    ]
  }
  return checks.map((check) => ({ id: `health-${check.name}`, text: healthText(check, rollout) }))
}

const healthText = (check: MetricCheck, rollout: Config['rollout']): string => {
  if (check.kind === 'value') return valueText(check, rollout)
  const rungs = ladder(rollout).filter((rung) => rung.margin !== null)
  const margins = rungs.map(
    (rung, index) => check.margins?.[Math.min(index, check.margins.length - 1)] ?? rung.margin,
  )
  const unit = check.kind === 'rate' ? '%' : 'percentage points'
  const worse = {
    ratio: 'share of bad requests is above that of the stable version by less than',
    rate: `count per request is ${check.kind === 'rate' && check.direction === 'lower-is-better' ? 'above' : 'below'} that of the stable version by less than`,
    latency: 'share of slow requests is above that of the stable version by less than',
  }[check.kind]
  const ceiling =
    check.kind === 'ratio' && check.ceiling !== undefined ? `, and never above ${check.ceiling} %` : ''
  return `${check.name}: at ${rungs.map((rung) => rung.weight).join(' / ')} % of traffic the ${worse} ${margins.join(' / ')} ${unit}${ceiling}; proven with at most ${rollout.alpha * 100} % chance of a false alarm`
}

/** A plain value has no counts: what is proven of it is that it was within the margin in most looks. */
const valueText = (
  { name, direction, margins, ceiling }: Extract<MetricCheck, { kind: 'value' }>,
  rollout: Config['rollout'],
): string => {
  const side = direction === 'lower-is-better' ? 'above' : 'below'
  const limit = ceiling === undefined ? '' : `, and never ${side} ${ceiling}`
  const allowed = (margins ?? [defaultValueMargin * 100]).join(' / ')
  return `${name}: in most looks the value is ${side} that of the stable version by less than ${allowed} %${limit}; rolled back with at most ${rollout.alpha * 100} % chance of a false alarm`
}
