import { openMetrics } from '@relman/core/adapters/metrics/open'
import { type MetricsPolicy, metricsPolicy } from '@relman/core/config/metrics-policy'
import type { MetricsProvider } from '@relman/core/ports/metrics'
import { type Answer, openServer, type TestServer } from '../../traffic/server.ts'
import { openPrometheusServer } from '../prometheus.ts'
import { datadog } from './datadog.ts'
import { graphite, influx, loki, newRelic } from './http-json.ts'
import { recipe } from './recipe.ts'
import type { World } from './world.ts'

/** A vendor as the suite asks it: how it is configured, and a server that answers as it does. */
export type Vendor = {
  name: string
  answer: ((world: World) => Answer) | null
  policy: (server: string) => MetricsPolicy
  /** Slices of time that it counts in, and when they are complete; 0 where any time can be asked. */
  interval: number
  delay: number
}

const example = (
  name: string,
  answer: (world: World) => Answer,
  interval: number,
  delay: number,
): Vendor => ({
  name,
  answer,
  policy: (server) => recipe(name, server),
  interval,
  delay,
})

export const vendors: Vendor[] = [
  {
    name: 'Prometheus',
    answer: null,
    policy: (url) =>
      metricsPolicy.parse({
        prometheus: { url },
        labels: { instance: 'instance' },
        allow: [new URL(url).host],
        checks: [{ name: 'errors', kind: 'ratio', total: 'requests', events: 'errors' }],
      }),
    interval: 0,
    delay: 0,
  },
  example('Datadog', datadog, 20, 60),
  example('New Relic', newRelic, 60, 120),
  example('InfluxDB', influx, 60, 30),
  example('Graphite', graphite, 60, 60),
  example('Loki', loki, 60, 30),
]

export const env = {
  DD_API_KEY: 'key-a',
  DD_APP_KEY: 'key-b',
  NEW_RELIC_API_KEY: 'nr-key',
  INFLUX_TOKEN: 'influx-token',
  LOKI_TOKEN: 'loki-token',
}

export type Served = { server: TestServer; provider: MetricsProvider }
type More = {
  policy?: (policy: MetricsPolicy) => MetricsPolicy
  version?: string
  previous?: string | null
  previousLiveAt?: number
}

/** The vendor's server over a world, and the product's provider of its recipe; only the check `errors` is read. */
export const serve = async (vendor: Vendor, world: World, more: More = {}): Promise<Served> => {
  const server = await (vendor.answer ? openServer(vendor.answer(world)) : openPrometheusServer(world))
  return { server, provider: providerAt(vendor, server.url, more) }
}

export const providerAt = (vendor: Vendor, url: string, more: More = {}): MetricsProvider => {
  const { checks, ...rest } = vendor.policy(url)
  const errors = { ...rest, checks: checks.filter(({ name }) => name === 'errors') }
  const policy = more.policy ? more.policy(errors) : errors
  return openMetrics({
    policy,
    version: more.version ?? '1.2.0',
    previous: more.previous === undefined ? '1.1.0' : more.previous,
    previousLiveAt: more.previousLiveAt ?? null,
    env,
  })
}

/** The same policy with another patience, so that a test of silence is short. */
export const patience =
  (seconds: number) =>
  (policy: MetricsPolicy): MetricsPolicy => ({
    ...policy,
    ...(policy.prometheus ? { prometheus: { ...policy.prometheus, timeout: seconds } } : {}),
    ...(policy.datadog ? { datadog: { ...policy.datadog, timeout: seconds } } : {}),
    ...(policy.http ? { http: { ...policy.http, timeout: seconds } } : {}),
  })
