import type { Config } from '../config/config.ts'
import { criteriaOf } from '../rollout/criteria.ts'
import { ladder, type Rung } from '../rollout/ladder.ts'
import type { MetricCriterion } from '../verdict/criterion.ts'
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

/** What the plan itself must not be: several releases in one, or a schema that the way back cannot use. */
export const planCriteria = ({
  split,
  migrationRisk,
  artifacts,
  features,
  freeze,
  asked,
}: Partial<
  Pick<Plan, 'split' | 'migrationRisk' | 'artifacts' | 'features' | 'freeze' | 'asked'>
>): Plan['criteria'] => [
  ...(split
    ? [{ id: 'coherent-scope', text: '0 reasons to split the release stand without an exception' }]
    : []),
  ...(migrationRisk
    ? [
        {
          id: 'migrations',
          text: '0 migrations take something away that the previous version uses, and 0 are without a way back, unless excepted',
        },
      ]
    : []),
  ...(freeze
    ? [
        {
          id: 'late-changes',
          text: '0 changes that are neither fix nor approved exception entered since the freeze',
        },
      ]
    : []),
  ...(features
    ? [
        {
          id: 'features-complete',
          text: '0 features of the milestone are incomplete and not deferred',
        },
        { id: 'bugs-triaged', text: '0 open bugs of the milestone are without an owner or a priority' },
      ]
    : []),
  ...(asked ?? []).map(({ id, from, text }) => ({
    id,
    text: `0 lessons of ${from} are without an answer: ${text}`,
  })),
  ...(artifacts ? artifactTexts(artifacts) : []),
]

const artifactTexts = ({ items, candidate, previous }: NonNullable<Plan['artifacts']>): Plan['criteria'] => [
  ...items.flatMap(({ name, digest, pointer }) =>
    digest === null
      ? []
      : [
          {
            id: `artifact-digest:${name}`,
            text: `${name} is there as ${digest}${pointer ? `, and ${pointer} leads to it` : ''}`,
          },
        ],
  ),
  ...(candidate
    ? [
        {
          id: 'artifact-candidate',
          text: `0 artifacts differ from those of ${candidate.version}, and 0 commits came after it`,
        },
      ]
    : []),
  ...previous
    .filter(({ digest }) => digest !== null)
    .map(({ name, digest, version }) => ({
      id: `rollback-artifact:${name}`,
      text: `the artifact of ${version} is still there as ${digest}`,
    })),
]

const checks = ({ gate }: Config, sha: string) => ({
  id: 'checks',
  text:
    gate.checks.length > 0
      ? `${gate.checks.length} named checks have the result success on ${sha.slice(0, 7)}: ${gate.checks.join(', ')}`
      : `0 checks that ran on ${sha.slice(0, 7)} failed or are pending`,
})

const health = ({ metrics, rollout }: Config): Plan['criteria'] => {
  const rungs = ladder(rollout).filter((rung) => rung.margin !== null)
  const criteria = criteriaOf(metrics, rungs).filter(({ kind }) => kind !== 'health')
  if (criteria.length === 0) {
    return [
      {
        id: 'health',
        text: 'No metric is configured, so no step can be proven: with rollout.inconclusive "return" the release goes back',
      },
    ]
  }
  return criteria.map((criterion) => ({
    id: `health-${criterion.metric.replace(/[^A-Za-z0-9-]+/g, '-')}`,
    text: healthText(criterion, rungs, rollout.alpha),
  }))
}

/** What the judge proves of one criterion, in the figures that it is judged by. */
const healthText = (criterion: MetricCriterion, rungs: readonly Rung[], alpha: number): string => {
  const { metric, kind, direction, margins, unit, ceiling, source } = criterion
  const side = direction === 'higher-is-better' ? 'below' : 'above'
  const what = {
    ratio: 'share of bad requests',
    rate: 'count per request',
    latency: unit === 'share' ? 'share of slow requests' : `p${points(criterion.quantile ?? 0.99)}`,
    value: 'value, in most looks,',
    health: '',
  }[kind]
  const each = rungs.map((_, index) => points(margins[Math.min(index, margins.length - 1)] ?? 0))
  const by = unit === 'share' ? 'percentage points' : '%'
  const compared = `at ${rungs.map((rung) => rung.weight).join(' / ')} % of traffic the ${what} is ${side} that of the stable version by less than ${each.join(' / ')} ${by}`
  const limit =
    ceiling === undefined
      ? []
      : [`never ${side} ${kind === 'ratio' ? `${points(ceiling)} %` : String(ceiling)}`]
  const parts = margins.length > 0 ? [compared, ...limit.map((text) => `and ${text}`)] : limit
  const of = source === 'probes' ? ', of probes and not of requests of users' : ''
  return `${metric}: ${parts.join(', ')}${of}; proven with at most ${points(alpha)} % chance of a false alarm`
}

/** A share as percent, without the noise of binary fractions. */
const points = (share: number): number => Number((share * 100).toPrecision(6))
