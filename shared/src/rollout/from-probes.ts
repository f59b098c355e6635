import type { MetricCheck, MetricsPolicy } from '../config/metrics-policy.ts'
import type { MetricCriterion } from '../verdict/criterion.ts'

type Measured = { policy: { metrics?: MetricsPolicy | undefined } }

const isProbed = ({ provider }: Pick<MetricCheck, 'provider'>): boolean => provider === 'probes'

/** The names of the checks that are read from probes. */
export const probedChecks = (metrics: MetricsPolicy | undefined): string[] =>
  (metrics?.checks ?? []).filter(isProbed).map(({ name }) => name)

/** A criterion of a check that is read from probes says so wherever it is shown. */
export const fromProbes = (
  criterion: MetricCriterion,
  check: Pick<MetricCheck, 'provider'>,
): MetricCriterion =>
  isProbed(check)
    ? { ...criterion, source: 'probes', written: `${criterion.written ?? criterion.metric} (probes)` }
    : criterion

/** The plan with what can be read again later: probes have no past, and only a walk sends them. */
export const withoutProbes = <Some extends Measured>(plan: Some): Some => {
  const { metrics } = plan.policy
  const checks = metrics?.checks.filter((check) => !isProbed(check)) ?? []
  return metrics ? { ...plan, policy: { ...plan.policy, metrics: { ...metrics, checks } } } : plan
}

/**
 * Whether a promotion rests on probes: nothing that was measured of users has to be proven, and something that was
 * measured of probes has.
 */
export const restsOnProbes = (metrics: MetricsPolicy | undefined): boolean => {
  const required = (metrics?.checks ?? []).filter((check) => check.required)
  return required.length > 0 && required.every(isProbed)
}
