import { mergeBuckets } from '../verdict/latency-edges.ts'
import type { Observation } from '../verdict/observation.ts'

/** Seconds; null with too few requests, or where the quantile lies beyond the last edge. */
export type Quantiles = { p50: number | null; p95: number | null; p99: number | null }

/** The latencies that both arms showed over some looks; null when there is no histogram. */
export const quantilesOf = (
  observations: readonly Observation[],
): { canary: Quantiles; stable: Quantiles } | null => {
  const arm = (name: 'canary' | 'stable') =>
    mergeBuckets(
      observations.flatMap((one) => one[name].flatMap(({ buckets }) => (buckets ? [buckets] : []))),
    )
  const [canary, stable] = [arm('canary'), arm('stable')]
  if (!canary && !stable) return null
  const all = (buckets: typeof canary): Quantiles => ({
    p50: buckets && quantile(buckets, 0.5),
    p95: buckets && quantile(buckets, 0.95),
    p99: buckets && quantile(buckets, 0.99),
  })
  return { canary: all(canary), stable: all(stable) }
}

/** Fewer requests beyond a quantile than these say nothing of where it lies. */
const fewest = 5

/** A quantile of a histogram, linear within its bucket as Prometheus' histogram_quantile has it. */
const quantile = ({ le, counts }: { le: number[]; counts: number[] }, share: number): number | null => {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total * (1 - share) < fewest) return null
  let below = 0
  for (const [index, edge] of le.entries()) {
    const inside = counts[index] ?? 0
    if (inside > 0 && below + inside >= share * total) {
      const low = index > 0 ? (le[index - 1] ?? 0) : Math.min(0, edge)
      return low + ((edge - low) * (share * total - below)) / inside
    }
    below += inside
  }
  return null
}
