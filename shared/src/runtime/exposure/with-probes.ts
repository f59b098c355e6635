import type { Look, MetricsProvider } from '../../ports/metrics.ts'
import type { Prober } from '../../ports/prober.ts'

/** What a provider measured of users, and beside it what probes came to: each under the names of its own checks. */
export const withProbes = (provider: MetricsProvider, prober: Prober | null): MetricsProvider => {
  if (!prober) return provider
  const join = (measured: Look, probed: Look): Look => ({
    observations: [...measured.observations, ...probed.observations],
    down: measured.down ?? probed.down,
    notes: [...(measured.notes ?? []), ...(probed.notes ?? [])],
    waiting: [...(measured.waiting ?? []), ...(probed.waiting ?? [])],
  })
  return {
    anchor: (movedAt) => provider.anchor?.(movedAt),
    observe: async (from, to, weight, signal) =>
      // Asked first: what is counted ends with the look, not with the answer of the provider.
      join(...(await both(prober.observe(), provider.observe(from, to, weight, signal)))),
    range: async (from, to, seconds, weight, signal) =>
      join(...(await both(prober.past(from, to), provider.range(from, to, seconds, weight, signal)))),
  }
}

const both = async (probed: Look, measured: Promise<Look>): Promise<[Look, Look]> => [await measured, probed]
