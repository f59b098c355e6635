import { classify } from '@relman/core/adapters/network/address'
import type { MetricsPolicy } from '@relman/core/config/metrics-policy'

/**
 * Hosts that metrics or health are read from, written as private addresses, that `metrics.allow` does not list: each look
 * would find the provider down. Names are not resolved here: where the rollout runs they may lead elsewhere.
 */
export const unreachable = ({
  allow,
  health,
  prometheus,
  datadog,
  http,
}: Pick<MetricsPolicy, 'allow' | 'health' | 'prometheus' | 'datadog' | 'http'>): string[] => {
  const written = [prometheus?.url, datadog?.url, http?.url.replace(/[?{].*$/s, ''), ...health]
  const hosts = written.flatMap((text) => {
    if (text === undefined || !URL.canParse(text)) return []
    const { hostname, host, protocol, port } = new URL(text)
    const name = hostname.replace(/^\[|\]$/g, '')
    const full = port === '' ? `${host}:${protocol === 'https:' ? 443 : 80}` : host
    const isPrivate = classify(name) === 'private' || name === 'localhost'
    return isPrivate && ![name, host, full].some((entry) => allow.includes(entry)) ? [host] : []
  })
  return [...new Set(hosts)]
}
