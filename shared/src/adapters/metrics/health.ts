import { ConfigurationError } from '../../config/configuration-error.ts'
import type { MetricsProvider } from '../../ports/metrics.ts'
import type { Sample } from '../../verdict/observation.ts'
import { request } from '../network/request.ts'
import { UnreachedError } from '../network/unreached-error.ts'
import { downUnless } from './down-unless.ts'

export type HealthAccess = {
  urls: readonly string[]
  timeoutSeconds: number
  allowPrivate: (host: string, port: string) => boolean
}

/** Looks that are closer together than so many seconds see one and the same hiccup. */
const apart = 1

/**
 * Asks the health endpoints of the new version at every look: status 2xx is up. Another status or no answer is not known
 * yet at the first look and a failure at the next one, so that a connection that was cut for a moment returns no release.
 * Where the way failed, or an address is not allowed, nothing was learnt of the version: that is down, too. The age of an
 * endpoint counts from the first exposure. Health has no past, so a range holds none.
 */
export const openHealth = ({ urls, timeoutSeconds, allowPrivate }: HealthAccess): MetricsProvider => {
  let exposedAt: number | null = null
  let told = Number.NEGATIVE_INFINITY
  /** Since when an endpoint is not well, look after look. */
  const badSince = new Map<string, number>()
  /** What is wrong, or null. @throws Error where nothing was learnt */
  const ask = async (url: string, signal: AbortSignal | undefined): Promise<string | null> => {
    const access = { url, timeoutSeconds, limit: 65_536, allowPrivate }
    try {
      const { status } = await request({ ...access, ...(signal ? { signal } : {}) })
      return status >= 200 && status < 300 ? null : `status ${status}`
    } catch (error) {
      if (error instanceof ConfigurationError || error instanceof UnreachedError || signal?.aborted)
        throw error
      return error instanceof Error ? error.message : String(error)
    }
  }
  const look = async (url: string, at: number, signal: AbortSignal | undefined) => {
    const { host, pathname } = new URL(url)
    const instance = host + pathname
    const age = at - (exposedAt ?? at)
    const fault = await ask(url, signal)
    if (fault === null) badSince.delete(url)
    else badSince.set(url, badSince.get(url) ?? at)
    const sample = (up: boolean): Sample => ({ instance, age, total: 1, events: up ? 0 : 1, up })
    if (fault === null) return { sample: sample(true), unsure: null }
    if (at - (badSince.get(url) ?? at) >= apart) return { sample: sample(false), unsure: null }
    return { sample: null, unsure: `health: ${instance} is not well (${fault}); the next look tells` }
  }
  return {
    anchor: (movedAt) => {
      exposedAt = movedAt
    },
    observe: async (from, to, weight, signal) => {
      exposedAt ??= from
      try {
        const seen = await Promise.all(urls.map((url) => look(url, to, signal)))
        const canary = seen.flatMap(({ sample }) => sample ?? [])
        // What was told once is not told again with an interval that begins before it.
        const span = { from: Math.max(from, told), to }
        if (canary.length > 0) told = to
        return {
          observations:
            canary.length > 0
              ? [{ schema: 1, metric: 'health', kind: 'health', ...span, weight, canary, stable: [] }]
              : [],
          down: seen.find(({ unsure }) => unsure !== null)?.unsure ?? null,
        }
      } catch (error) {
        return downUnless(signal)(error)
      }
    },
    range: async () => ({ observations: [], down: null }),
  }
}
