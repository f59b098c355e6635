import type { InstanceCount } from './instance-counts.ts'
import type { Buckets, Sample } from './observation.ts'
import { normalCdf, normalQuantile } from './student.ts'

/** An edge at which latency is judged: requests slower than it are the events. Frozen before the first look at it. */
export type Edge = { edge: number; tail: number; proves: boolean }

/** Tail shares looked for. Beyond 20 % counts vary less than Poisson's, which costs power. */
const TAILS = [0.2, 0.03, 0.005]
const LARGEST_TAIL = 0.25

/** A quantile below this is about the middle of the distribution, not about its tail. */
export const LOWEST_TAIL_QUANTILE = 0.75
/** How much larger a share than the one beyond such a quantile an edge may have to stand for it. */
const BESIDE_THE_MIDDLE = 1.3

/** Histograms of several instances in one, over the edges that all of them have. */
export function mergeBuckets(histograms: readonly Buckets[]): Buckets | null {
  const [first, ...others] = histograms
  if (!first) return null
  const le = first.le.filter((edge) => others.every((other) => indexOfEdge(other.le, edge) >= 0))
  if (le.length === 0) return null
  const counts = [...le, Number.POSITIVE_INFINITY].map((edge, at) =>
    histograms.reduce((sum, one) => sum + upTo(one, edge) - (at > 0 ? upTo(one, le[at - 1] ?? 0) : 0), 0),
  )
  return { le, counts }
}

/**
 * Share of requests slower than `seconds`. Within a bucket it falls as a power of time (`power`) or as the tail of a
 * log-normal (`likely`); in the first one, which begins at nought, linearly. Tails of latency lie between the two as a rule:
 * a power is rather too few, so that a margin read off it is rather too narrow, which is right for what is to be proven.
 */
export function tailShare(buckets: Buckets, seconds: number, shape: 'power' | 'likely' = 'power'): number {
  const total = upTo(buckets, Number.POSITIVE_INFINITY)
  if (total === 0) return 0
  const after = buckets.le.findIndex((edge) => edge >= seconds)
  const high = buckets.le[after]
  if (high === undefined) return 1 - upTo(buckets, buckets.le.at(-1) ?? 0) / total
  const to = 1 - upTo(buckets, high) / total
  if (high === seconds) return to
  const low = after > 0 ? (buckets.le[after - 1] ?? 0) : 0
  const from = 1 - upTo(buckets, low) / total
  if (low === 0) return from + (to - from) * (seconds / high)
  const along = Math.log(seconds / low) / Math.log(high / low)
  // None among so many requests is less than one, not nothing; and so with all of them.
  const known = (share: number) => Math.min(Math.max(share, 0.5 / total), 1 - 0.5 / total)
  if (shape === 'power') return known(from) * (known(to) / known(from)) ** along
  const [one, other] = [normalQuantile(known(from)), normalQuantile(known(to))]
  return normalCdf(one + (other - one) * along)
}

/**
 * The edges to judge, from what the stable version showed: those nearest (on the log scale) to tails of 20, 3 and 0.5 %
 * and the one nearest to the quantile to prove, which alone must be proven. Without slow requests, the lowest edge.
 *
 * Of a quantile in the middle (p50) only the edge nearest to it: nothing of the tail is meant. Slow requests are a binomial
 * part of all requests there, and no longer few. A binomial count's moment generating function is at most that of the
 * Poisson count of the same mean, and one drawn without replacement at most that of one drawn with it (Hoeffding 1963), so
 * e-values that are exponential in the counts stay e-values: the bounds hold, and about half of the power is lost.
 */
export function chooseEdges(buckets: Buckets, quantile: number): Edge[] {
  const tails = buckets.le.map((edge) => ({ edge, tail: tailShare(buckets, edge) }))
  const middle = quantile < LOWEST_TAIL_QUANTILE
  const most = middle ? BESIDE_THE_MIDDLE * (1 - quantile) : LARGEST_TAIL
  const usable = tails.filter(({ tail }) => tail > 0 && tail <= most)
  const quiet = tails.find(({ tail }) => tail === 0)
  if (usable.length === 0) return quiet ? [{ ...quiet, proves: true }] : []
  const far = middle ? (share: number, target: number) => Math.abs(share - target) : distance
  const nearest = (target: number) =>
    usable.reduce((best, one) => (far(one.tail, target) < far(best.tail, target) - 1e-9 ? one : best))
  const proving = nearest(1 - quantile)
  const edges = new Set([proving, ...(middle ? [] : TAILS.map(nearest))])
  return [...edges].map(({ edge, tail }) => ({ edge, tail, proves: edge === proving.edge }))
}

/** Requests and slower ones per instance; instances without that edge are left out. */
export function slowerThan(samples: readonly Sample[], edge: number): InstanceCount[] {
  const counts: InstanceCount[] = []
  for (const { instance, buckets } of samples) {
    if (!buckets || indexOfEdge(buckets.le, edge) < 0) continue
    const total = upTo(buckets, Number.POSITIVE_INFINITY)
    counts.push({ instance, total, events: total - upTo(buckets, edge) })
  }
  return counts
}

function distance(share: number, target: number): number {
  return Math.abs(Math.log(share / target))
}

function indexOfEdge(le: readonly number[], edge: number): number {
  return le.findIndex((one) => Math.abs(one - edge) <= 1e-9 * Math.max(1, Math.abs(edge)))
}

/** Requests up to an edge of the histogram. */
function upTo({ le, counts }: Buckets, edge: number): number {
  const last = edge === Number.POSITIVE_INFINITY ? counts.length - 1 : indexOfEdge(le, edge)
  let sum = 0
  for (let at = 0; at <= last; at++) sum += counts[at] ?? 0
  return sum
}
