/** A service behind a weighted proxy, as an HTTP driver and a Prometheus API show it: counters follow from the clock. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type ServiceFaults = {
  /** Share of requests that fail, by version. */
  errors: { canary: number; stable: number }
  /** Takes a weight and forgets it: the driver lies. */
  lies: boolean
  /** Refuses to be set to this weight. */
  refuses: number | null
  /** The metrics provider hangs, answers nothing, or has no data. */
  metrics: 'up' | 'down' | 'empty' | 'html' | 'stable-only' | 'canary-only'
  /** Mean latency as a multiple of 50 ms, by version. */
  latency: { canary: number; stable: number }
  /** The new version gets its share and serves nothing of it: no count of it grows. */
  idle: boolean
  /** How long a move takes. */
  moveMilliseconds: number
}

export type DemoService = {
  url: string
  faults: ServiceFaults
  weight(): number
  /** Every weight that was set, with the time in milliseconds. */
  moves: { at: number; weight: number }[]
  requests: string[]
  close(): Promise<void>
}

const instances = 4
/** Upper edges of the histogram in seconds. */
const edges = [0.05, 0.1, 0.25, 0.5, 1]

/** `rate` is in requests a second over both versions. */
export const openService = async (
  versions: { canary: string; stable: string },
  rate = 1000,
): Promise<DemoService> => {
  const start = Date.now() - 120_000
  const moves: { at: number; weight: number }[] = []
  const requests: string[] = []
  const segments: {
    from: number
    weight: number
    canary: number
    stable: number
    latency: ServiceFaults['latency']
    idle: boolean
  }[] = []
  const faults: ServiceFaults = {
    errors: { canary: 0.001, stable: 0.001 },
    lies: false,
    refuses: null,
    metrics: 'up',
    moveMilliseconds: 0,
    idle: false,
    latency: { canary: 1, stable: 1 },
  }
  const weight = () => moves.at(-1)?.weight ?? 0
  const mark = () =>
    segments.push({
      from: Date.now(),
      weight: weight(),
      canary: faults.errors.canary,
      stable: faults.errors.stable,
      latency: faults.latency,
      idle: faults.idle,
    })
  segments.push({
    ...{ from: start, weight: 0, canary: 0.001, stable: 0.001 },
    ...{ latency: faults.latency, idle: false },
  })

  /** Requests, bad ones and those that took at most `edge` seconds; latencies are exponential. */
  const counters = (at: number, edge: number) => {
    const sums = { canary: { total: 0, bad: 0, fast: 0 }, stable: { total: 0, bad: 0, fast: 0 } }
    const fast = (mean: number) => 1 - Math.exp(-edge / (0.05 * mean))
    for (const [index, segment] of segments.entries()) {
      const end = Math.min(at, segments[index + 1]?.from ?? at)
      const seconds = Math.max(0, end - segment.from) / 1000
      const meant = (rate * seconds * segment.weight) / 100
      const canary = segment.idle ? 0 : meant
      const stable = rate * seconds - meant
      sums.canary.total += canary
      sums.canary.bad += canary * segment.canary
      sums.stable.total += stable
      sums.stable.bad += stable * segment.stable
      sums.canary.fast += canary * fast(segment.latency.canary)
      sums.stable.fast += stable * fast(segment.latency.stable)
    }
    return sums
  }
  /** Whole requests of one instance up to an edge: sums of whole buckets, so that every increase is cumulative, too. */
  const upTo = (at: number, edge: number, arm: 'canary' | 'stable') => {
    let sum = 0
    let below = 0
    for (const one of [...edges, Number.POSITIVE_INFINITY].filter((each) => each <= edge)) {
      const { fast } = counters(at, one)[arm]
      sum += Math.floor((fast - below) / instances)
      below = fast
    }
    return sum
  }
  const series = (query: string, times: number[]) => {
    // The histogram is a classic one: it has buckets and nothing under its own name.
    const isHistogram = query.includes('seconds')
    if (isHistogram && !query.includes('_bucket')) return []
    const arms = (['canary', 'stable'] as const).filter(
      (arm) => faults.metrics !== `${arm === 'stable' ? 'canary' : 'stable'}-only`,
    )
    return arms.flatMap((arm) =>
      Array.from({ length: instances }, (_, number) => number).flatMap((number) =>
        (isHistogram ? [...edges, Number.POSITIVE_INFINITY] : [0]).map((edge) => ({
          metric: {
            version: versions[arm],
            instance: `${arm}-${number}`,
            ...(isHistogram ? { le: edge === Number.POSITIVE_INFINITY ? '+Inf' : String(edge) } : {}),
          },
          values: times
            .filter((at) => at >= start && at <= Date.now() + 1000)
            .map((at) => {
              const { total, bad } = counters(at, 0)[arm]
              const value = isHistogram ? upTo(at, edge, arm) : query.includes('errors') ? bad : total
              return [at / 1000, String(isHistogram ? value : Math.floor(value / instances))]
            }),
        })),
      ),
    )
  }

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    requests.push(`${request.method} ${url.pathname}`)
    const json = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    if (url.pathname === '/weight') {
      if (request.method === 'GET') return json(200, { weight: weight() })
      let text = ''
      for await (const chunk of request) text += chunk
      const wanted = (JSON.parse(text) as { weight: number }).weight
      if (faults.moveMilliseconds > 0) await new Promise((done) => setTimeout(done, faults.moveMilliseconds))
      if (faults.refuses === wanted) return json(500, {})
      if (!faults.lies) {
        moves.push({ at: Date.now(), weight: wanted })
        mark()
      }
      return json(200, { weight: wanted })
    }
    if (faults.metrics === 'down') return
    if (faults.metrics === 'html')
      return response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')
    const query = url.searchParams.get('query') ?? ''
    const number = (name: string) => Math.round(Number(url.searchParams.get(name)) * 1000)
    if (faults.metrics === 'empty')
      return json(200, { status: 'success', data: { resultType: 'matrix', result: [] } })
    if (url.pathname === '/api/v1/query') {
      const result = series(query, [number('time')]).map(({ metric, values }) => ({
        metric,
        value: values[0],
      }))
      return json(200, {
        status: 'success',
        data: { resultType: 'vector', result: result.filter(({ value }) => value) },
      })
    }
    const step = number('step')
    const times: number[] = []
    for (let at = number('start'); at <= number('end'); at += step) times.push(at)
    json(200, { status: 'success', data: { resultType: 'matrix', result: series(query, times) } })
  }

  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults: new Proxy(faults, {
      set: (target, key, value) => {
        Reflect.set(target, key, value)
        mark()
        return true
      },
    }),
    weight,
    moves,
    requests,
    close: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}
