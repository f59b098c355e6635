import { baselineOf } from '../../baseline/baseline-faults.ts'
import { checkProvider, type MetricCheck, type MetricsPolicy } from '../../config/metrics-policy.ts'
import type { ProviderName } from '../../config/metrics-providers.ts'
import type { Look, MetricsProvider } from '../../ports/metrics.ts'
import type { RunProcess } from '../../ports/process.ts'
import { allowList } from '../network/allow-list.ts'
import { runProcess } from '../process/run-process.ts'
import { openCloudWatch } from './cloudwatch.ts'
import { openCommandMetrics } from './command.ts'
import { openDatadog } from './datadog/open-datadog.ts'
import { withEarlier } from './earlier.ts'
import { openFileMetrics } from './file.ts'
import { prometheusHeaders } from './headers.ts'
import { openHealth } from './health.ts'
import { hideSecrets, sentSecrets } from './hide-secrets.ts'
import { openHttpJson } from './http-json/open-http-json.ts'
import { openNoMetrics } from './none.ts'
import { openPrometheus } from './prometheus.ts'
import { openPrometheusApi } from './prometheus-api.ts'
import { asksOf } from './slices/asks.ts'
import { openSlices } from './slices/open-slices.ts'
import type { SliceSource } from './slices/source.ts'

export type MetricsSettings = {
  policy: MetricsPolicy | undefined
  version: string
  previous: string | null
  env: Record<string, string | undefined>
  /** When the previous release had all traffic, in Unix seconds. */
  previousLiveAt?: number | null
  /** Where programs and files are found: the caller's checkout. */
  cwd?: string
  run?: RunProcess
}

/** Everything a plan says its health is read from, as one provider. */
export const openMetrics = (settings: MetricsSettings): MetricsProvider => {
  const { policy, version, previous, previousLiveAt = null } = settings
  const open = (checks: Partial<MetricsPolicy>) =>
    openAll({ ...settings, policy: policy && { ...policy, ...checks } })
  const kindOf = (check: MetricCheck) => baselineOf(check, policy?.baseline ?? 'stable')
  const earlier = policy?.checks.filter((check) => ['previous-release', 'staging'].includes(kindOf(check)))
  if (!earlier || earlier.length === 0) return open({})
  const names = earlier.map(({ name }) => name)
  // Staging and production are never read together.
  const beside = earlier.every((check) => kindOf(check) === 'staging') ? ({ unless: 'beside' } as const) : {}
  const unknown = `${names.join(', ')}: the record does not say when ${previous ?? 'a previous release'} went live, so ${version} cannot be compared with it`
  const provider = open({ checks: earlier, health: [] })
  return withEarlier(open({}), { checks: names, liveAt: previousLiveAt, unknown, provider, ...beside })
}

/** Every provider that does not answer is named. */
const joined = (down: string[]): string | null => (down.length > 0 ? [...new Set(down)].join('; ') : null)

const openAll = (settings: MetricsSettings): MetricsProvider => {
  const { policy, version, previous, env, cwd = '.', run = runProcess } = settings
  if (!policy) return openNoMetrics()
  const { prometheus, datadog, cloudwatch, http, file, command, labels, health } = policy
  const checksOf = (provider: ProviderName) =>
    policy.checks.filter((check) => checkProvider(policy, check) === provider)
  const allowPrivate = allowList(policy.allow)
  const now = () => Date.now()
  const hide = hideSecrets(sentSecrets(policy, env))
  const providers: MetricsProvider[] = []
  const checks = checksOf('prometheus')
  if (prometheus && checks.length > 0) {
    const { url, timeout: timeoutSeconds } = prometheus
    const headers = prometheusHeaders(prometheus, env)
    const api = openPrometheusApi({ url, headers, timeoutSeconds, allowPrivate, hide })
    providers.push(openPrometheus({ api, checks, labels, version, previous }))
  }
  const [metered, filed, told] = [checksOf('cloudwatch'), checksOf('file'), checksOf('command')]
  if (cloudwatch && metered.length > 0) {
    const access = { policy: cloudwatch, checks: metered, versions: { version, previous }, cwd, env, now }
    providers.push(openCloudWatch(access, run))
  }
  if (file && filed.length > 0) providers.push(openFileMetrics({ policy: file, checks: filed, cwd }))
  if (command && told.length > 0)
    providers.push(openCommandMetrics({ policy: command, checks: told, version, previous, cwd, env }, run))
  const versions = { version, previous }
  const access = { env, allowPrivate, now, hide }
  const sliced = (source: SliceSource, of: readonly MetricCheck[]) =>
    providers.push(openSlices({ source, checks: of, versions, now }))
  const [counted, answered] = [checksOf('datadog'), checksOf('http')]
  if (datadog && counted.length > 0) {
    const asks = asksOf(counted, versions)
    sliced(openDatadog({ ...access, policy: datadog, labels, asks }), counted)
  }
  if (http && answered.length > 0) {
    const asks = asksOf(answered, versions, `${http.url}${http.body ?? ''}`)
    sliced(openHttpJson({ ...access, policy: http, asks }), answered)
  }
  if (health.length > 0) {
    providers.push(openHealth({ urls: health, timeoutSeconds: prometheus?.timeout ?? 10, allowPrivate }))
  }
  const homeless = policy.checks.filter((check) => checkProvider(policy, check) === null)
  const lacks = homeless.map(
    ({ name }) => `${name}: no metrics provider is configured, so nothing is known of it`,
  )
  const join = (looks: Look[]): Look => ({
    observations: looks.flatMap((look) => look.observations),
    down: joined(looks.flatMap(({ down }) => (down === null ? [] : [hide(down)]))),
    notes: [...lacks, ...looks.flatMap((look) => look.notes ?? []).map(hide)],
    waiting: looks.flatMap((look) => look.waiting ?? []),
  })
  const pending = new Map<MetricsProvider, number>()
  return {
    anchor: (movedAt) => {
      for (const one of providers) one.anchor?.(movedAt)
    },
    observe: async (from, to, weight, signal) => {
      const looks = providers.map(async (one) => {
        // What it could not tell while it was down is asked of it again; the others have told theirs.
        const start = Math.min(from, pending.get(one) ?? from)
        const answer = await one.observe(start, to, weight, signal)
        if (answer.down === null) pending.delete(one)
        else pending.set(one, start)
        return answer
      })
      return join(await Promise.all(looks))
    },
    range: async (...parameters) => join(await Promise.all(providers.map((one) => one.range(...parameters)))),
  }
}
