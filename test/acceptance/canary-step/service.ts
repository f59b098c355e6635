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
  metrics: 'up' | 'down' | 'empty' | 'html'
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

/** Requests a second, over both versions. */
const rate = 1000
const instances = 4

export const openService = async (versions: { canary: string; stable: string }): Promise<DemoService> => {
  const start = Date.now() - 120_000
  const moves: { at: number; weight: number }[] = []
  const requests: string[] = []
  const segments: { from: number; weight: number; canary: number; stable: number }[] = []
  const faults: ServiceFaults = {
    errors: { canary: 0.001, stable: 0.001 },
    lies: false,
    refuses: null,
    metrics: 'up',
    moveMilliseconds: 0,
  }
  const weight = () => moves.at(-1)?.weight ?? 0
  const mark = () =>
    segments.push({
      from: Date.now(),
      weight: weight(),
      canary: faults.errors.canary,
      stable: faults.errors.stable,
    })
  segments.push({ from: start, weight: 0, canary: 0.001, stable: 0.001 })

  const counters = (at: number) => {
    const sums = { canary: { total: 0, bad: 0 }, stable: { total: 0, bad: 0 } }
    for (const [index, segment] of segments.entries()) {
      const end = Math.min(at, segments[index + 1]?.from ?? at)
      const seconds = Math.max(0, end - segment.from) / 1000
      const canary = (rate * seconds * segment.weight) / 100
      const stable = rate * seconds - canary
      sums.canary.total += canary
      sums.canary.bad += canary * segment.canary
      sums.stable.total += stable
      sums.stable.bad += stable * segment.stable
    }
    return sums
  }
  const series = (query: string, times: number[]) =>
    (['canary', 'stable'] as const).flatMap((arm) =>
      Array.from({ length: instances }, (_, number) => ({
        metric: { version: versions[arm], instance: `${arm}-${number}` },
        values: times
          .filter((at) => at >= start && at <= Date.now() + 1000)
          .map((at) => {
            const { total, bad } = counters(at)[arm]
            const value = query.includes('errors') ? bad : total
            return [at / 1000, String(Math.floor(value / instances))]
          }),
      })),
    )

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
