import type { MetricsPolicy } from '../../config/metrics-policy.ts'
import type { Look, MetricsProvider } from '../../ports/metrics.ts'
import { bearer } from '../traffic/open.ts'
import { openHealth } from './health.ts'
import { openNoMetrics } from './none.ts'
import { openPrometheus } from './prometheus.ts'
import { openPrometheusApi } from './prometheus-api.ts'

export type MetricsSettings = {
  policy: MetricsPolicy | undefined
  version: string
  previous: string | null
  env: Record<string, string | undefined>
}

/** Everything a plan says its health is read from, as one provider. */
export const openMetrics = ({ policy, version, previous, env }: MetricsSettings): MetricsProvider => {
  if (!policy) return openNoMetrics()
  const { prometheus, checks, labels, health } = policy
  const allowPrivate = (host: string, port: string) =>
    policy.allow.some(
      (entry) => entry === host || entry === `${host}:${port}` || entry === `[${host}]:${port}`,
    )
  const providers: MetricsProvider[] = []
  if (prometheus && checks.length > 0) {
    const { url, timeout: timeoutSeconds } = prometheus
    const token = bearer('metrics.prometheus.secret', prometheus.secret, env)
    const api = openPrometheusApi({ url, token, timeoutSeconds, allowPrivate })
    providers.push(openPrometheus({ api, checks, labels, version, previous }))
  }
  if (health.length > 0) {
    providers.push(openHealth({ urls: health, timeoutSeconds: prometheus?.timeout ?? 10, allowPrivate }))
  }
  const join = (looks: Look[]): Look => ({
    observations: looks.flatMap((look) => look.observations),
    down: looks.find((look) => look.down !== null)?.down ?? null,
    notes: looks.flatMap((look) => look.notes ?? []),
  })
  return {
    observe: async (...parameters) =>
      join(await Promise.all(providers.map((one) => one.observe(...parameters)))),
    range: async (...parameters) => join(await Promise.all(providers.map((one) => one.range(...parameters)))),
  }
}
