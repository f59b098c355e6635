import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { answerApi } from '../../../../rehearsal/service/prometheus/api.ts'
import { openSeriesStore } from '../../../../rehearsal/service/prometheus/series-store.ts'
import { openPrometheus, type Prometheus } from '../../../../rehearsal/service/prometheus/server.ts'
import { seededRandom } from '../../../../rehearsal/service/random.ts'
import { eventually } from '../bench-process.ts'
import { comparable, hasPrometheus, type RealPrometheus, startRealPrometheus } from './real-prometheus.ts'

jest.setTimeout(60_000)

const present = hasPrometheus()
if (!present) console.warn('prometheus and promtool are not on the PATH: not compared with the real one')
const compared = present ? describe : describe.skip

compared('the same samples in both, each query the same answer', () => {
  const start = Math.floor(Date.now() / 1000) - 3600
  const store = openSeriesStore()
  let real: RealPrometheus

  beforeAll(async () => {
    real = await startRealPrometheus({ samples: fill() })
  })
  afterAll(() => real?.close())

  /** Two minutes of jittered scrapes with gaps, resets and a series that ends; the text for promtool. */
  function fill(): string {
    const random = seededRandom(42)
    const lines: string[] = []
    const series = (name: string, labels: Record<string, string>, from: number, to: number, grow: number) => {
      let value = Math.floor(random() * 50)
      for (let second = from; second < to; second++) {
        value += Math.floor(random() * grow)
        if (random() < 0.02) value = Math.floor(random() * 5)
        if (random() < 0.05) continue
        const time = (start + second) * 1000 + Math.floor(random() * 300)
        store.append({ __name__: name, ...labels }, time, value)
        const text = Object.entries(labels).map(([label, text]) => `${label}="${text}"`)
        lines.push(`${name}{${text.join(',')}} ${value} ${time / 1000}`)
      }
    }
    for (const [version, instances, from, to] of [
      ['1.1.0', 4, 0, 120],
      ['1.2.0', 1, 20, 90],
    ] as const) {
      for (let instance = 1; instance <= instances; instance++) {
        const labels = { version, instance: `i-${instance}` }
        for (const code of ['200', '500', '502']) {
          series('http_requests', { ...labels, code }, from, to, code === '200' ? 300 : 2)
        }
        for (const le of ['0.1', '0.25', '+Inf']) series('latency_bucket', { ...labels, le }, from, to, 100)
        series('orders', labels, from, to, 20)
      }
    }
    const families = [...new Set(lines.map((line) => line.split('{')[0]))]
    const sorted = families.flatMap((family) => lines.filter((line) => line.startsWith(`${family}{`)))
    return `${sorted.join('\n')}\n# EOF\n`
  }

  const queries = [
    'http_requests',
    'sum by (version, instance) (http_requests)',
    'sum by (version, instance) (http_requests{code=~"5.."})',
    'sum(http_requests{code!~"5..", version="1.2.0"}) by (version)',
    'sum by (version, instance, le) (latency_bucket)',
    'sum by (version, instance) (orders{version!="1.1.0"})',
    'sum(orders)',
    'sum without (instance, code) (http_requests)',
    'sum by (absent) (http_requests)',
    'sum by (version) (rate(http_requests{code=~"5.."}[30s]))',
    'rate(http_requests{version="1.2.0"}[5s])',
    'increase(orders[1m30s])',
    'increase(http_requests{absent=""}[10s]) * 2',
    '1.5 * sum by (le) (latency_bucket{le=~"0.1|.Inf"})',
    '2 * 3 * 4',
    '({__name__="orders", version=~"1\\\\.1.*"})',
    '{__name__=~"orders|latency_bucket", instance="i-2"} # a comment',
    "orders{version='1.1.0'}",
    'orders{version=`1.2.0`,}',
    'nothing_of_that_name',
    'sum(nothing_of_that_name)',
    'orders[15s]',
    // Wrong, in both.
    '',
    'sum by (version (orders)',
    'orders{',
    'orders{version}',
    'orders{version=~"("}',
    'orders}',
    '{}',
    '{version=""}',
    'rate(orders)',
    'rate(orders[0s])',
    'rate(5)',
    'sum(orders[5s])',
    'sum(3)',
    'orders[5s] * 2',
    'orders orders',
    'orders[5]',
    'no_function(orders)',
    'rate({__name__=~"orders|latency_bucket|http_requests"}[10s])',
    'orders $ 2',
    '"text" "more"',
  ]

  const both = async (path: string, parameters: Record<string, string>, post = false) => {
    const form = new URLSearchParams(parameters)
    const response = await (post
      ? fetch(`${real.url}${path}`, { method: 'POST', body: form })
      : fetch(`${real.url}${path}?${form}`))
    const theirs = comparable({ status: response.status, body: await response.json() })
    const query = post ? new URLSearchParams() : form
    const method = post ? 'POST' : 'GET'
    const reply = answerApi(store, () => Date.now(), { method, path, query, body: post ? String(form) : '' })
    return { ours: comparable(JSON.parse(JSON.stringify(reply))), theirs }
  }

  test('there is something to compare', async () => {
    const { theirs } = await both('/api/v1/query', { query: 'http_requests', time: String(start + 60) })
    expect((theirs as { rows: unknown[] }).rows).toHaveLength(15)
  })

  test.each(queries)('query %s', async (query) => {
    // The last one is beyond the five minutes for which a series is looked back at.
    for (const second of [-5, 10.25, 21, 60, 89.9, 95, 119, 200, 391, 460]) {
      const { ours, theirs } = await both('/api/v1/query', { query, time: String(start + second) })
      expect(ours).toEqual(theirs)
    }
  })

  test.each(queries)('query_range %s', async (query) => {
    for (const step of ['1', '7s', '0.5', '1m']) {
      const window = { query, start: String(start - 2), end: String(start + 130.5), step }
      const { ours, theirs } = await both('/api/v1/query_range', window, step === '1')
      expect(ours).toEqual(theirs)
    }
  })

  test.each([
    { query: 'orders', start: '1', end: '0', step: '1' },
    { query: 'orders', start: '0', end: '1', step: '0' },
    { query: 'orders', start: '0', end: '1', step: '-1' },
    { query: 'orders', start: '0', end: '1', step: 'x' },
    { query: 'orders', start: '0', end: '1' },
    { query: 'orders', start: 'noon', end: '1', step: '1' },
    { query: 'orders', end: '1', step: '1' },
    { query: 'orders', start: '0', end: '11000', step: '1' },
    { query: 'orders', start: '0', end: '11001', step: '1' },
    { query: 'orders', start: '2026-01-01T00:00:00Z', end: '2026-01-01T00:01:00.5+00:00', step: '5s' },
    { query: 'orders', start: '2026-01-01', end: '2026-01-02', step: '5s' },
  ] as Record<string, string>[])('query_range parameters %j', async (parameters) => {
    const { ours, theirs } = await both('/api/v1/query_range', parameters)
    expect(ours).toEqual(theirs)
  })

  test.each([{ query: 'orders', time: 'noon' }, {}, { query: '7', time: '1700000000.1234' }] as Record<
    string,
    string
  >[])('query parameters %j', async (parameters) => {
    const { ours, theirs } = await both('/api/v1/query', parameters)
    expect(ours).toEqual(theirs)
  })
})

compared('the same target scraped by both', () => {
  let text = ''
  let broken = false
  const target = createServer((_, response) => {
    response.writeHead(broken ? 500 : 200, { 'content-type': 'text/plain; version=0.0.4' }).end(text)
  })
  let real: RealPrometheus
  let ours: Prometheus
  let oursUrl = ''

  beforeAll(async () => {
    const address = await new Promise<string>((resolve) => {
      target.listen(0, '127.0.0.1', () => resolve(`127.0.0.1:${(target.address() as AddressInfo).port}`))
    })
    const labels = { instance: 'target-0' }
    ours = openPrometheus({
      interval: 100,
      clock: () => Date.now(),
      targets: () => [{ job: 'job-0', url: `http://${address}/metrics`, labels }],
    })
    await new Promise<void>((resolve) => ours.server.listen(0, '127.0.0.1', resolve))
    oursUrl = `http://127.0.0.1:${(ours.server.address() as AddressInfo).port}`
    real = await startRealPrometheus({ targets: [address] })
  })
  afterAll(async () => {
    await real?.close()
    ours.close()
    target.close()
    target.closeAllConnections()
  })

  test('values, up, series that vanish and come back, a target that fails', async () => {
    const stages: [string, boolean][] = [
      ['a_total{version="1",instance="own"} 5\na_total{version="2"} 1e3\nb 0.000001\n', false],
      ['a_total{version="1",instance="own"} 6\nb NaN\n', false],
      ['a_total{version="1",instance="own"} 6\na_total{version="2"} 1e21\nb +Inf\n', false],
      ['a_total{version="1",instance="own"} 6\n', true],
      [
        '# HELP a_total with "words"\n# TYPE a_total counter\na_total{version="q\\"\\\\\\n,}"} -0.5\nb 1e-9\n',
        false,
      ],
    ]
    const ask = async (url: string, path: string, parameters: Record<string, string>) => {
      const response = await fetch(`${url}${path}?${new URLSearchParams(parameters)}`)
      return comparable({ status: response.status, body: await response.json() })
    }
    const scraping = async () =>
      JSON.stringify(await ask(real.url, '/api/v1/query', { query: 'up' })).includes('job-0')
    await eventually(scraping)
    const middles: number[] = []
    for (const [next, failing] of stages) {
      ;[text, broken] = [next, failing]
      await new Promise((resolve) => setTimeout(resolve, 800))
      middles.push(Date.now() / 1000 - 0.3)
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    for (const query of ['a_total', 'b', 'sum by (version) (a_total)', 'sum(a_total)', 'up']) {
      for (const [stage, time] of middles.entries()) {
        const [mine, theirs] = await Promise.all(
          [oursUrl, real.url].map((url) => ask(url, '/api/v1/query', { query, time: String(time) })),
        )
        expect([stage, mine]).toEqual([stage, theirs])
      }
      const window = { query, start: String(middles[0]), end: String(middles.at(-1)), step: '1.002' }
      const [mine, theirs] = await Promise.all(
        [oursUrl, real.url].map((url) => ask(url, '/api/v1/query_range', window)),
      )
      expect(mine).toEqual(theirs)
    }
  })
})
