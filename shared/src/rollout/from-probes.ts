import { baselineOf } from '../baseline/baseline-faults.ts'
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
  const required = (metrics?.checks ?? []).filter(
    // What staging shows proves nothing of production.
    (check) => check.required && baselineOf(check, metrics?.baseline ?? 'stable') !== 'staging',
  )
  return required.length > 0 && required.every(isProbed)
}

/** What an approver must know of probes, each in one sentence; empty without them. */
export const probeWords = (metrics: MetricsPolicy | undefined): string[] => {
  const { probes } = metrics ?? {}
  const names = probedChecks(metrics).join(', ')
  if (!probes || names === '') return []
  const { rate, requests, answers } = probes
  const unsafe = requests.filter(({ method }) => !['GET', 'HEAD', 'OPTIONS'].includes(method))
  return [
    restsOnProbes(metrics)
      ? `Not proven by requests of users, of which no check is required: promotion would rest on probes (${names})`
      : `${names}: read from probes beside the requests of users`,
    `${names}: relman sends ${rate} requests a second to each version; the service counts them among its own unless it leaves out the user agent relman-probe. What they prove holds for these requests, and cannot be read again later`,
    ...(answers.version
      ? []
      : [
          `${names}: no answer is asked which version gave it (metrics.probes.answers.version), so an address that leads to the wrong version would prove nothing unnoticed`,
        ]),
    ...unsafe.map(
      ({ method, path }) =>
        `${method} ${path} is sent to production as a probe, and may change something there`,
    ),
  ]
}
