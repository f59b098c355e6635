import { prometheusHeaders } from '@relman/core/adapters/metrics/headers'
import { openMetrics } from '@relman/core/adapters/metrics/open'
import { openPrometheusApi } from '@relman/core/adapters/metrics/prometheus-api'
import { partsOf } from '@relman/core/adapters/metrics/selector'
import { ConfigurationError } from '@relman/core/config/configuration-error'
import type { MetricsPolicy } from '@relman/core/config/metrics-policy'
import { firstSight, searchStep } from '@relman/core/replay/first-sight'
import type { Past } from '@relman/core/replay/replay-past'
import type { Observation } from '@relman/core/verdict/observation'

/** Opens the past of a Prometheus API at `url`. @throws ConfigurationError when nothing is to be read there */
export const openPastMetrics = (
  metrics: MetricsPolicy,
  url: string,
  env: Record<string, string | undefined>,
): Past => {
  const { host } = new URL(url)
  const timeout = metrics.prometheus?.timeout ?? 30
  const prometheus = { headers: {}, ...metrics.prometheus, url, timeout }
  const checks = metrics.checks.filter(({ provider }) => provider === undefined || provider === 'prometheus')
  const [main] = checks.filter(({ kind }) => kind !== 'value').concat(checks)
  if (!main) throw new ConfigurationError('replay: the configuration has no check that Prometheus answers')
  const policy: MetricsPolicy = {
    ...metrics,
    prometheus,
    checks,
    health: [],
    baseline: 'stable',
    // Whoever writes an address on the command line may reach it.
    allow: [...metrics.allow, host],
  }
  const [series] = Object.values(partsOf(main, metrics.labels))
  const api = openPrometheusApi({
    url,
    headers: prometheusHeaders(prometheus, env),
    timeoutSeconds: timeout,
    allowPrivate: (name, port) =>
      [name, `${name}:${port}`, `[${name}]:${port}`].includes(host) || metrics.allow.includes(name),
  })
  /** Each series with the moments at which it had counted something. */
  const search = async (expression: string, from: number, to: number, step: number) => {
    const found = await api.range(expression, Math.round(from * 1000), Math.round(to * 1000), step * 1000)
    return found.map(({ labels, values }) => ({
      labels,
      moments: [...values].flatMap(([at, value]) => (value > 0 ? [at / 1000] : [])),
    }))
  }
  const read = async (
    [version, labels]: [string, MetricsPolicy['labels']],
    [from, to, seconds]: [number, number, number],
  ): Promise<Observation[]> => {
    const plain = checks.map((check) => ({ ...check, baseline: undefined }))
    const opened = openMetrics({ policy: { ...policy, labels, checks: plain }, version, previous: null, env })
    const { observations, down } = await opened.range(from, to, seconds, 50)
    if (down !== null) throw new Error(down)
    return observations
  }
  return {
    knownFrom: async (since, until) => {
      const all = await search(`sum(${series})`, since, until, searchStep(since, until))
      const oldest = all.flatMap(({ moments }) => moments).sort((a, b) => a - b)[0]
      return oldest ?? null
    },
    firstSeen: (version, from, to) => {
      const plain = (label: string | undefined) => (label ?? '').replace(/^v(?=\d)/, '')
      const own = async (since: number, until: number, step: number) => {
        const all = await search(`sum by (${metrics.labels.version}) (${series})`, since, until, step)
        return all
          .filter(({ labels }) => plain(labels[metrics.labels.version]) === plain(version))
          .flatMap(({ moments }) => moments)
      }
      return firstSight(own, Math.ceil(from), to)
    },
    beside: (version, from, to, seconds) => read([version, metrics.labels], [from, to, seconds]),
    // By instance alone: series without a label of the version count too.
    whole: (from, to, seconds) => {
      const { instance } = metrics.labels
      return read(['\u0000', { version: instance, instance }], [from, to, seconds])
    },
  }
}
