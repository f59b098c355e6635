import { ConfigurationError } from '../../config/configuration-error.ts'
import type { MetricCheck, MetricsPolicy } from '../../config/metrics-policy.ts'
import { histogramSelector } from '../../config/prometheus-query.ts'

/** The expressions of one check; each is the raw, cumulative counter per version and instance. */
export type Parts =
  | { total: string; events: string }
  | { buckets: string; native: string }
  | { value: string }

const labelName = /^[A-Za-z_][A-Za-z0-9_]*$/

/** @throws ConfigurationError for a label or a histogram selector that Prometheus would not take as meant */
export const partsOf = (check: MetricCheck, { version, instance }: MetricsPolicy['labels']): Parts => {
  for (const label of [version, instance]) {
    if (!labelName.test(label))
      throw new ConfigurationError(`metrics.labels: "${label}" is not a label name of Prometheus`)
  }
  const sum = (selector: string, ...more: string[]) =>
    `sum by (${[version, instance, ...more].join(', ')}) (${selector})`
  if (check.kind === 'value') return { value: `avg by (${version}, ${instance}) (${check.value})` }
  if (check.kind !== 'latency') return { total: sum(check.total), events: sum(check.events) }
  const [, name, matchers = ''] = histogramSelector.exec(check.histogram) ?? []
  if (!name) {
    throw new ConfigurationError(
      `metrics.checks "${check.name}": histogram must be a name with or without matchers, like http_request_duration_seconds{job="x"}`,
    )
  }
  const base = name.replace(/_bucket$/, '')
  return { buckets: sum(`${base}_bucket${matchers}`, 'le'), native: sum(`${base}${matchers}`) }
}
