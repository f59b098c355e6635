import { ConfigurationError } from '../../config/configuration-error.ts'
import type { MetricsProvider } from '../../ports/metrics.ts'
import type { Sample } from '../../verdict/observation.ts'
import { request } from '../network/request.ts'

export type HealthAccess = {
  urls: readonly string[]
  timeoutSeconds: number
  allowPrivate: (host: string, port: string) => boolean
}

/**
 * Asks the health endpoints of the new version at every look: status 2xx is up, anything else or no answer is not. Health
 * has no past, so a range holds none. An address that is not allowed is down: nothing was asked there.
 */
export const openHealth = ({ urls, timeoutSeconds, allowPrivate }: HealthAccess): MetricsProvider => {
  const probe = async (url: string, signal: AbortSignal | undefined): Promise<Sample> => {
    const instance = new URL(url).host + new URL(url).pathname
    const answer = request({
      url,
      timeoutSeconds,
      limit: 65_536,
      allowPrivate,
      ...(signal ? { signal } : {}),
    })
    const up = await answer.then(
      ({ status }) => status >= 200 && status < 300,
      (error: unknown) => {
        if (error instanceof ConfigurationError || signal?.aborted) throw error
        return false
      },
    )
    return { instance, total: 1, events: up ? 0 : 1, up }
  }
  return {
    observe: async (from, to, weight, signal) => {
      try {
        const canary = await Promise.all(urls.map((url) => probe(url, signal)))
        return {
          observations: [
            { schema: 1, metric: 'health', kind: 'health', from, to, weight, canary, stable: [] },
          ],
          down: null,
        }
      } catch (error) {
        if (signal?.aborted) throw signal.reason
        return { observations: [], down: error instanceof Error ? error.message : String(error) }
      }
    },
    range: async () => ({ observations: [], down: null }),
  }
}
