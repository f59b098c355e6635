import type { ServerResponse } from 'node:http'
import { openMetrics } from '@relman/core/adapters/metrics/open'
import { metricsPolicy } from '@relman/core/config/metrics-policy'
import { type Answer, json, openServer, type TestServer } from '../traffic/server.ts'

/** Counter values by `metric version instance [le]`, each a function of Unix seconds; undefined where it has none. */
export type World = Record<string, (at: number) => number | string | undefined>

/** A Prometheus API over such a world; it answers any query that names a metric. */
export const openPrometheusServer = async (world: World): Promise<TestServer> => {
  const series = (query: string, times: number[]) =>
    Object.entries(world).flatMap(([key, value]) => {
      const [metric = '', version = '', instance = '', le] = key.split(' ')
      if (!query.includes(`(${metric}`)) return []
      const values = times.flatMap((at) => {
        const one = value(at)
        return one === undefined ? [] : [[at, String(one)]]
      })
      const labels = {
        ...(version === '-' ? {} : { version }),
        ...(instance === '-' ? {} : { instance }),
        ...(le ? { le } : {}),
      }
      return values.length > 0 ? [{ metric: labels, values }] : []
    })
  const answer: Answer = (request, response, body) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const parameters = request.method === 'POST' ? new URLSearchParams(body) : url.searchParams
    const query = parameters.get('query') ?? ''
    const number = (name: string) => Number(parameters.get(name))
    if (url.pathname.endsWith('/query')) {
      const result = series(query, [number('time')]).map(({ metric, values }) => ({
        metric,
        value: values[0],
      }))
      return success(response, 'vector', result)
    }
    const times: number[] = []
    for (let at = number('start'); at <= number('end') + 1e-6; at += number('step'))
      times.push(Math.round(at * 1000) / 1000)
    success(response, 'matrix', series(query, times))
  }
  return openServer(answer)
}

const success = (response: ServerResponse, resultType: string, result: unknown): void =>
  json(response, { status: 'success', data: { resultType, result } })

export const ratio = { kind: 'ratio', name: 'errors', total: 'requests', events: 'errors' }
export const latency = { kind: 'latency', name: 'latency', histogram: 'seconds{job="x"}' }

/** The provider of a policy whose Prometheus stands at `url`. */
export const open = (url: string, more: Record<string, unknown> = {}, env: Record<string, string> = {}) => {
  const { timeout = 1, secret, prometheus: own = {}, ...rest } = more
  const prometheus = { url, timeout, ...(secret ? { secret } : {}), ...(own as object) }
  // The configuration takes no other scheme; the adapter must not trust that.
  const written = { ...prometheus, url: /^https?:/.test(url) ? url : 'http://written.test' }
  const parsed = metricsPolicy.parse({
    prometheus: written,
    allow: [new URL(url).host],
    checks: [ratio],
    ...rest,
  })
  const policy = { ...parsed, prometheus: parsed.prometheus && { ...parsed.prometheus, url } }
  return openMetrics({ policy, version: '1.2.0', previous: '1.1.0', env })
}
