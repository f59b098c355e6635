import type { MetricCriterion } from '../verdict/criterion.ts'
import type { Buckets, Observation, Sample } from '../verdict/observation.ts'
import type { Trace, TracedPod } from './trace.ts'

/** The observation of one criterion in bucket number `at`, ending `ends` seconds after the trace began. */
export function observationOf(
  { metric, kind }: Pick<MetricCriterion, 'metric' | 'kind'>,
  arms: Trace['arms'],
  at: number,
  { ends, interval, weight }: { ends: number; interval: number; weight: number },
): Observation {
  const samples = (pods: readonly TracedPod[]) =>
    pods.flatMap((pod) => {
      const sample = kind === 'latency' ? timed(pod, at) : counted(pod, at)
      return sample ? [sample] : []
    })
  const [canary, stable] = [samples(arms.canary), samples(arms.stable)]
  return { schema: 1, metric, kind, from: ends - interval, to: ends, weight, canary, stable }
}

function counted({ pod, requests, errors }: TracedPod, at: number): Sample | null {
  const [total, events] = [requests[at], errors[at]]
  return typeof total === 'number' && typeof events === 'number' ? { instance: pod, total, events } : null
}

function timed({ pod, requests, latency }: TracedPod, at: number): Sample | null {
  const [total, counts] = [requests[at], latency?.counts[at]]
  if (typeof total !== 'number' || !latency || !counts?.length) return null
  const buckets: Buckets = { le: latency.edges, counts: complete(latency.edges, counts, total) }
  return { instance: pod, total, buckets }
}

/** Where the last bucket is missing, what the others leave of the requests. */
function complete(edges: readonly number[], counts: number[], total: number): number[] {
  if (counts.length !== edges.length) return counts
  return [...counts, total - counts.reduce((sum, count) => sum + count, 0)]
}
