import type { Trace, TracedPod } from './trace.ts'

/** More in one bucket are no requests: the judge leaves such counts out, too. */
const most = 1e11

/**
 * What is wrong with the counts of a trace, in one sentence that names the first place; null where all of them can be.
 * The judge takes none of them for evidence, and goes on with the rest.
 */
export function impossibleCounts({ arms, history = [], interval }: Trace): string | null {
  const places = Object.entries({ ...arms, history }).flatMap(([arm, pods]) =>
    pods.flatMap((pod) =>
      pod.requests.flatMap((_, at) => {
        const wrong = wrongIn(pod, at)
        return wrong === null ? [] : [{ arm, pod: pod.pod, at, wrong }]
      }),
    ),
  )
  const [first] = places
  if (!first) return null
  const { arm, pod, at, wrong } = first
  const when = arm === 'history' ? '' : `, ${at * interval} to ${(at + 1) * interval} s after the start`
  const others = places.length > 1 ? `; so do ${places.length - 1} more buckets of its pods` : ''
  return `${arm}: pod ${JSON.stringify(pod.slice(0, 80))} has ${wrong} in bucket ${at + 1}${when}, which says nothing${others}`
}

function wrongIn({ requests, errors, latency }: TracedPod, at: number): string | null {
  const [all, bad] = [requests[at] ?? 0, errors[at] ?? 0]
  if (!isCount(all)) return `${all} requests`
  if (!isCount(bad)) return `${bad} errors`
  if (bad > all && typeof requests[at] === 'number') return `${bad} errors in ${all} requests`
  const counts = latency?.counts[at] ?? []
  const odd = counts.find((count) => !isCount(count))
  if (odd !== undefined) return `${odd} requests in a bucket of latency`
  const edges = latency?.edges.length ?? 0
  if (counts.length > 0 && ![edges, edges + 1].includes(counts.length))
    return `${counts.length} counts of latency for ${edges} edges`
  const timed = counts.reduce((sum, count) => sum + count, 0)
  const short = latency !== undefined && counts.length === edges
  return short && timed > all ? `${timed} requests in its latency, and ${all} in all` : null
}

function isCount(value: number): boolean {
  return value >= 0 && value <= most
}
