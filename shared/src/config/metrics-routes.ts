import type { ProviderName } from './metrics-providers.ts'
import { type Asked, prometheusFaults } from './prometheus-query.ts'

/** What of a check decides where it can be read. */
type Routed = Asked & {
  provider?: ProviderName | undefined
  edges?: readonly number[] | undefined
}

/** Providers that are handed the names of checks and need no queries. */
const byName: readonly ProviderName[] = ['file', 'command', 'probes']
/** Providers that can be asked how many requests took at most so long, but keep no histograms of fixed edges. */
const byEdge: readonly ProviderName[] = ['datadog', 'cloudwatch', 'http']

/** What was measured of users: a check is read from probes only where it says so. */
const measuring = (configured: readonly ProviderName[]) => configured.filter((name) => name !== 'probes')

/** The provider of a check: the one it names, else the only one configured; null when none is. */
export const providerOf = (check: Routed, configured: readonly ProviderName[]): ProviderName | null => {
  const [only = null, ...more] = measuring(configured)
  return check.provider ?? (more.length === 0 ? only : null)
}

/** What is wrong with a check, given the providers that are configured; each sentence with its fix. */
export const checkFaults = (check: Routed, configured: readonly ProviderName[]): string[] => {
  const { provider: named } = check
  if (named && !configured.includes(named))
    return [`provider: ${named} is not configured; add metrics.${named}${others(configured)}`]
  if (!named && measuring(configured).length > 1)
    return [`several providers are configured; add provider: ${configured.join(' or provider: ')}`]
  if (!named && configured.length > measuring(configured).length && measuring(configured).length === 0)
    return ['it does not say where it is read from; add provider: probes']
  const provider = providerOf(check, configured)
  if (provider && byName.includes(provider)) return []
  const needed = {
    ratio: ['total', 'events'],
    rate: ['total', 'events'],
    latency: ['histogram'],
    value: ['value'],
  }
  const missing = needed[check.kind].filter((key) => !check[key as 'total'])
  const faults = missing.map((key) => `${key} is missing; write a query of the provider`)
  if (check.kind === 'latency' && missing.length === 0) faults.push(...latencyFaults(check, provider))
  if (provider === 'prometheus') faults.push(...prometheusFaults(check))
  if (provider === 'datadog' && check.kind !== 'value' && faults.length === 0)
    faults.push(
      ...['total', 'events', 'histogram'].filter((key) => isRate(check[key as 'total'])).map(rateFault),
    )
  return faults
}

const latencyFaults = (check: Routed, provider: ProviderName | null): string[] => {
  const { edges, total, histogram = '' } = check
  if (provider === 'prometheus' && edges)
    return ['edges are those of the histogram in Prometheus; leave edges and total away']
  if (!provider || !byEdge.includes(provider)) return []
  if (!edges && provider === 'http') return []
  const what = provider === 'datadog' ? 'Datadog' : provider
  if (!edges)
    return [
      `${what} gives quantiles without counts, which prove nothing; write edges, total and a histogram query with {{le}} that counts the requests that took at most {{le}} seconds`,
    ]
  if (!histogram.includes('{{le}}')) return ['histogram must name {{le}}, the edge that it counts up to']
  return total ? [] : ['total is missing; write the query that counts all requests']
}

const others = (configured: readonly ProviderName[]): string =>
  configured.length > 0 ? `, or name ${configured.join(' or ')}` : ''

/** Datadog answers with a rate per second unless it is asked for counts. */
const isRate = (query: string | undefined): boolean => Boolean(query) && !query?.includes('.as_count()')
const rateFault = (key: string): string =>
  `${key}: write .as_count() after the query; a rate per second is no count`
