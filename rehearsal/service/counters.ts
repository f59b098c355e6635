/** Upper edges of the latency histogram in seconds; +Inf follows. */
export const latencyEdges = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

/** What one request adds to the counters. */
export interface Served {
  version: string
  instance: string
  status: number
  /** Milliseconds. */
  latency: number
  order: boolean
  dependencyFailed: boolean
}

interface Tally {
  version: string
  instance: string
  codes: Map<number, number>
  /** Requests in each bucket alone, the last above every edge; made cumulative when they are written. */
  buckets: number[]
  seconds: number
  orders: number
  dependencyFailures: number
}

export interface Counters {
  /** Begins the series of a version at zero, so that no request is lost to a series that begins later. */
  begin(version: string, instances: readonly string[]): void
  count(served: Served): void
  /** Every series in Prometheus' text format, without those of the hidden versions. */
  write(hidden?: ReadonlySet<string>): string
}

/** The counters of the proxy, by version and instance. They never go back while the proxy lives. */
export function openCounters(): Counters {
  const tallies = new Map<string, Tally>()
  const tally = (version: string, instance: string): Tally => {
    const key = `${version} ${instance}`
    let found = tallies.get(key)
    if (found === undefined) {
      const codes = new Map([200, 500, 502].map((code) => [code, 0]))
      const buckets = new Array<number>(latencyEdges.length + 1).fill(0)
      found = { version, instance, codes, buckets, seconds: 0, orders: 0, dependencyFailures: 0 }
      tallies.set(key, found)
    }
    return found
  }
  return {
    begin(version, instances) {
      for (const instance of instances) tally(version, instance)
    },
    count(served) {
      const found = tally(served.version, served.instance)
      const seconds = served.latency / 1000
      const edge = latencyEdges.findIndex((upper) => seconds <= upper)
      const bucket = edge < 0 ? latencyEdges.length : edge
      found.codes.set(served.status, (found.codes.get(served.status) ?? 0) + 1)
      found.buckets[bucket] = (found.buckets[bucket] ?? 0) + 1
      found.seconds += seconds
      if (served.order) found.orders++
      if (served.dependencyFailed) found.dependencyFailures++
    },
    write(hidden) {
      return exposition([...tallies.values()].filter(({ version }) => !hidden?.has(version)))
    },
  }
}

function exposition(tallies: Tally[]): string {
  const labels = ({ version, instance }: Tally) =>
    `version="${escape(version)}",instance="${escape(instance)}"`
  const single = (name: string, read: (tally: Tally) => number) =>
    tallies.map((tally) => `${name}{${labels(tally)}} ${read(tally)}`)
  return [
    '# TYPE http_requests_total counter',
    ...tallies.flatMap((tally) =>
      [...tally.codes].map(([code, n]) => `http_requests_total{${labels(tally)},code="${code}"} ${n}`),
    ),
    '# TYPE http_request_duration_seconds histogram',
    ...tallies.flatMap((tally) => histogram(tally, labels(tally))),
    '# TYPE orders_total counter',
    ...single('orders_total', ({ orders }) => orders),
    '# TYPE dependency_failures_total counter',
    ...single('dependency_failures_total', ({ dependencyFailures }) => dependencyFailures),
    '',
  ].join('\n')
}

function histogram({ buckets, seconds }: Tally, labels: string): string[] {
  const name = 'http_request_duration_seconds'
  let below = 0
  const lines = buckets.map((n, at) => {
    below += n
    return `${name}_bucket{${labels},le="${latencyEdges[at] ?? '+Inf'}"} ${below}`
  })
  return [...lines, `${name}_sum{${labels}} ${seconds}`, `${name}_count{${labels}} ${below}`]
}

function escape(value: string): string {
  return value.replace(/[\\"\n]/g, (found) => (found === '\n' ? '\\n' : `\\${found}`))
}
