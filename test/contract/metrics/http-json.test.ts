import { afterEach, describe, expect, test } from '@jest/globals'
import { openMetrics } from '@relman/core/adapters/metrics/open'
import { readConfig } from '@relman/core/config/read-config'
import type { Sample } from '@relman/core/verdict/observation'
import { type Answer, json, openServer, type TestServer } from '../traffic/server.ts'
import { recipe } from './vendors/recipe.ts'

let server: TestServer
afterEach(() => server.close())

type Row = { version?: string; pod?: string; le?: string; at: number; n: unknown }
type Given = {
  http?: Record<string, unknown>
  read?: Record<string, unknown>
  checks?: unknown[]
  env?: Record<string, string>
  version?: string
  previous?: string | null
}
const ratio = { name: 'errors', kind: 'ratio', total: 'requests', events: 'errors' }

/** A provider of a vendor of our own: rows of JSON for a query, in slices of ten seconds that are complete at once. */
const open = async (rows: (query: string) => Row[], given: Given = {}) => {
  const answer: Answer = (request, response, body) => {
    const query = new URL(request.url ?? '/', 'http://x').searchParams.get('q') ?? body
    json(response, { rows: rows(query) })
  }
  server = await openServer(answer)
  const http = {
    url: `${server.url}/query?q={{query}}&from={{from}}&to={{to}}`,
    interval: 10,
    delay: 0,
    read: { series: 'rows[*]', version: 'version', instance: 'pod', time: 'at', value: 'n', ...given.read },
    ...given.http,
  }
  const text = JSON.stringify({ metrics: { http, allow: ['127.0.0.1'], checks: given.checks ?? [ratio] } })
  const { metrics: policy } = readConfig(text, 'relman.yml')
  const { version = '1.2.0', previous = '1.1.0', env = {} } = given
  return openMetrics({ policy, version, previous, env })
}
const slice = (n: unknown, version = '1.2.0', at = 6000): Row[] => [{ version, pod: `p-${version}`, at, n }]
const asked = () => server.seen.map((line) => line.split(' ')[1] ?? '')

describe('V1: HTTP JSON', () => {
  test('the example of the page reads what its paths say', async () => {
    server = await openServer((request, response) => {
      const bad = request.url?.includes('errors')
      const points = [6000, 6060].map((at) => [at, bad ? '3' : '300'])
      json(response, { data: { series: [{ tags: { version: 'v1.2.0', 'pod.name': 'a' }, points }] } })
    })
    const policy = recipe('HTTP JSON', server.url)
    const provider = openMetrics({
      policy,
      version: '1.2.0',
      previous: '1.1.0',
      env: { METRICS_TOKEN: 'secret-1' },
    })
    const { observations } = await provider.observe(6000, 6180, 5)
    expect(observations.map(({ from, canary }) => [from, canary])).toEqual([
      [6000, [{ instance: 'a', age: 60, total: 300, events: 3 }]],
      [6060, [{ instance: 'a', age: 120, total: 300, events: 3 }]],
    ])
    expect(server.seen[0]).toBe('GET /query?q=sum(requests)&from=5940&to=6120&step=60 Bearer secret-1 ')
  })

  test('a query that names {{version}} alone is asked for each version, and needs no label', async () => {
    const checks = [{ ...ratio, total: 'requests{v={{version}}}', events: 'errors{v={{version}}}' }]
    const provider = await open(
      (query) => [{ at: 6000, n: query.startsWith('req') ? (query.includes('1.2.0') ? 10 : 90) : 1 }],
      {
        checks,
        read: { version: undefined },
      },
    )
    const { observations } = await provider.observe(6000, 6010, 10)
    expect(observations[0]).toMatchObject({
      canary: [{ instance: 'canary', total: 10, events: 1 }],
      stable: [{ instance: 'stable', total: 90, events: 1 }],
    })
    expect(asked()).toHaveLength(4)
  })

  test('with {{previous}} in it too, a query is asked once', async () => {
    const checks = [{ ...ratio, total: 'requests in {{version}},{{previous}}' }]
    const provider = await open(() => [...slice(1), ...slice(2, '1.1.0')], { checks })
    await provider.observe(6000, 6010, 10)
    expect(asked().map(decodeURIComponent)).toEqual([
      '/query?q=requests in 1.2.0,1.1.0&from=5990&to=6010',
      '/query?q=errors&from=5990&to=6010',
    ])
  })

  test('before the first release stable is whatever is not new', async () => {
    const provider = await open(() => [...slice(1), ...slice(2, '0.9.0')], { previous: null })
    const { observations } = await provider.observe(6000, 6010, 10)
    expect(observations[0]?.stable).toMatchObject([{ instance: 'p-0.9.0', total: 2 }])
  })

  test.each([
    ['s', '5990', '6010'],
    ['ms', '5990000', '6010000'],
    ['us', '5990000000', '6010000000'],
    ['ns', '5990000000000', '6010000000000'],
    ['iso', '1970-01-01T01:39:50.000Z', '1970-01-01T01:40:10.000Z'],
  ])('times are written and read in %s', async (time, from, to) => {
    const at = { s: 6000, ms: 6e6, us: 6e9, ns: 6e12, iso: '1970-01-01T01:40:00Z' }[time] as number
    const provider = await open(() => slice(7).map((row) => ({ ...row, at })), { http: { time } })
    const { observations } = await provider.observe(6000, 6010, 10)
    expect(observations[0]?.canary).toMatchObject([{ total: 7 }])
    expect(decodeURIComponent(asked()[0] ?? '')).toBe(`/query?q=requests&from=${from}&to=${to}`)
  })

  test('running totals: what they grew by; a restart counts from 0, a fall of less is left out', async () => {
    const totals: Record<number, number> = { 5990: 100, 6000: 150, 6010: 160, 6020: 20, 6030: 15, 6040: 25 }
    const rows = Object.entries(totals).map(([at, n]) => ({ version: '1.2.0', pod: 'a', at: Number(at), n }))
    const provider = await open(() => rows, { http: { points: 'counter' } })
    const { observations, notes } = await provider.observe(5990, 6040, 10)
    const totalOf = (samples: Sample[]) => samples[0]?.total ?? null
    expect(observations.map(({ from, canary }) => [from, totalOf(canary)])).toEqual([
      [5990, 50],
      [6000, 10],
      [6010, 20],
      [6020, null],
      [6030, 10],
    ])
    expect(notes?.join()).toContain('errors of a: its counter went backwards without a restart')
  })

  test('latency out of buckets in the answer; an edge that an instance lacks counts nothing', async () => {
    const rows = (pod: string, version: string, counts: [string, number][]) =>
      counts.map(([le, n]) => ({ version, pod, le, at: 6000, n }))
    const provider = await open(
      () => [
        ...rows('a', '1.2.0', [
          ['0.1', 5],
          ['0.5', 9],
          ['+Inf', 10],
        ]),
        ...rows('b', '1.1.0', [
          ['0.5', 3],
          ['+Inf', 10],
        ]),
        ...rows('c', '1.1.0', [
          ['0.1', 8],
          ['0.5', 3],
          ['+Inf', 10],
        ]),
      ],
      { checks: [{ name: 'slow', kind: 'latency', histogram: 'h' }], read: { edge: 'le' } },
    )
    const { observations, notes } = await provider.observe(6000, 6010, 10)
    expect(observations[0]).toMatchObject({
      canary: [{ instance: 'a', total: 10, buckets: { le: [0.1, 0.5], counts: [5, 4, 1] } }],
      stable: [{ instance: 'b', total: 10, buckets: { le: [0.1, 0.5], counts: [0, 3, 7] } }],
    })
    expect(notes?.join()).toContain('slow of c: its buckets are not cumulative')
  })
})

describe('V5: absent counts of events', () => {
  const row = (version: string, at: number, n: number) => ({ version, pod: version, at, n })

  test('are missing as long as none was ever seen', async () => {
    const provider = await open((query) => (query === 'requests' ? slice(100) : []))
    const { observations, notes } = await provider.observe(6000, 6010, 10)
    expect(observations[0]?.canary).toEqual([])
    expect(notes?.join()).toContain('its events were never counted; write the query so that it answers 0')
  })

  test('are 0 once one was seen, on whatever instance', async () => {
    const provider = await open((query) =>
      query === 'requests' ? [...slice(100), ...slice(900, '1.1.0')] : slice(2, '1.1.0'),
    )
    const { observations } = await provider.observe(6000, 6010, 10)
    expect(observations[0]?.canary).toMatchObject([{ total: 100, events: 0 }])
  })

  test('are missing again once about 20 lack, and it is said since when', async () => {
    const slices = Array.from({ length: 40 }, (_, index) => 6000 + 10 * index)
    const requests = slices.flatMap((at) => [row('1.2.0', at, 100), row('1.1.0', at, 900)])
    const errors = slices.slice(0, 10).map((at) => row('1.1.0', at, 1))
    const provider = await open((query) => (query === 'requests' ? requests : errors))
    const { observations, notes } = await provider.observe(6000, 6400, 10)
    const seen = observations.filter(({ stable }) => stable.length > 0)
    // One in a thousand fails: 20 lack after 20,000 requests, 20 slices after the tenth.
    expect([seen.length, seen.at(-1)?.to]).toEqual([30, 6300])
    expect(notes?.join()).toContain('errors: its events are no longer counted since 1970-01-01T01:41:40.000Z')
  })

  const slices = Array.from({ length: 40 }, (_, index) => 6000 + 10 * index)
  const requests = slices.flatMap((at) => [row('1.2.0', at, 100), row('1.1.0', at, 900)])
  const stableErrors = slices.map((at) => row('1.1.0', at, 9))

  test.each([
    ['never', 0, 'its events were never counted on the new version'],
    [
      'for three slices',
      3,
      'its events are no longer counted since 1970-01-01T01:40:30.000Z on the new version',
    ],
  ])('of the new version alone are missing once about 20 lack: it had them %s', async (_, told, note) => {
    const errors = [...stableErrors, ...slices.slice(0, told).map((at) => row('1.2.0', at, 1))]
    const provider = await open((query) => (query === 'requests' ? requests : errors))
    const { observations, notes } = await provider.observe(6000, 6400, 10)
    // One in a hundred fails on the stable version: 20 lack after 2,000 requests, 20 slices.
    const seen = observations.map(({ canary }) => canary.length)
    expect(seen).toEqual([...Array(20 + told).fill(1), ...Array(20 - told).fill(0)])
    expect(observations.every(({ stable }) => stable.length === 1)).toBe(true)
    expect(notes?.join()).toContain(note)
  })

  test.each([['many'], [-7], ['NaN'], [true]])('are not what %j is: requests without events', async (odd) => {
    const errors = [...stableErrors, ...slices.map((at) => ({ ...row('1.2.0', at, 0), n: odd as number }))]
    const provider = await open((query) => (query === 'requests' ? requests : errors))
    const { observations, notes } = await provider.observe(6000, 6400, 10)
    expect(observations).toHaveLength(40)
    for (const { canary } of observations) {
      expect(canary).toMatchObject([{ total: 100 }])
      expect(canary[0]).not.toHaveProperty('events')
    }
    expect(notes?.join()).toMatch(/are not numbers|negative counts/)
  })
})

describe('bad input', () => {
  test('73: a point of a time that no clock shows is left out and said, and the others count', async () => {
    const far = { version: '1.2.0', pod: 'a', at: 1e15, n: 5 }
    const provider = await open(() => [...slice(100), ...slice(900, '1.1.0'), far])
    const first = await provider.observe(6000, 6010, 10)
    expect([first.down, first.observations[0]?.canary.length]).toEqual([null, 1])
    expect(first.notes?.join()).toContain('points of a time that no clock shows are left out')
    // Since when something is lacking is a date.
    expect((await provider.observe(6010, 6020, 10)).down).toBe(null)
  })

  test.each(["1.2.0'); DROP", '1.2.0" OR 1=1', '{{query}}', '1.2.0\n', 'a b'])(
    '15: a version %j never gets into a query',
    async (version) => {
      const checks = [{ ...ratio, total: 'x{{version}}' }]
      await expect(open(() => [], { version, checks })).rejects.toThrow(
        /a version in a metrics query may hold/,
      )
    },
  )

  test.each([
    ['application/json', '{"q":"{{query}}","from":{{from}}}', (text: string) => JSON.parse(text).q],
    [
      'application/x-www-form-urlencoded',
      'q={{query}}&from={{from}}',
      (text: string) => new URLSearchParams(text).get('q'),
    ],
    ['text/plain', '{{query}}', (text: string) => text],
  ])('what is filled in is escaped for an address and for %s', async (type, body, parse) => {
    const hostile = 'a&b=1#"\\\n\u0000é+ '
    const checks = [{ ...ratio, total: hostile }]
    const provider = await open(() => [], {
      checks,
      http: { method: 'POST', headers: { 'Content-Type': type }, body },
    })
    const bodies: string[] = []
    server.answer = (_, response, text) => {
      bodies.push(text)
      json(response, { rows: [] })
    }
    expect((await provider.observe(6000, 6010, 10)).down).toBeNull()
    expect(bodies.map(parse).sort()).toEqual([hostile, 'errors'].sort())
    const addresses = asked().map((address) => new URL(address, 'http://x').searchParams.get('q'))
    expect(addresses.sort()).toEqual([hostile, 'errors'].sort())
  })

  test('72: an error inside an answer with status 200 is down', async () => {
    const provider = await open(() => [], { read: { errors: ['errors[*].message', 'rows[*].n'] } })
    server.answer = (_, response) => json(response, { errors: [{ message: 'NRQL Syntax\nError' }], rows: [] })
    expect((await provider.observe(6000, 6010, 10)).down).toMatch(/reports an error: NRQL Syntax Error$/)
  })

  test('an answer that lacks what its path names says so, and is no data', async () => {
    const provider = await open(() => [])
    server.answer = (_, response) => json(response, { other: [] })
    const look = await provider.observe(6000, 6010, 10)
    expect([look.down, look.observations[0]?.canary]).toEqual([null, []])
    expect(look.notes?.join()).toContain('has nothing at rows[*]')
  })

  test('73: a million series are cut with a sentence', async () => {
    const provider = await open(() => [])
    server.answer = (_, response) =>
      response.setHeader('content-type', 'application/json').end(`{"rows":[${'0,'.repeat(999_999)}0]}`)
    expect((await provider.observe(6000, 6010, 10)).down).toMatch(
      /1000000 series, more than 50000; narrow the query/,
    )
  })

  test.each<[string, Given, RegExp]>([
    [
      'a secret that is missing',
      { http: { headers: { a: 'Bearer {{env:NOPE}}' } } },
      /headers\.a: .*NOPE is not set/,
    ],
    [
      'a placeholder that nobody fills',
      { http: { body: '{{quer}}' } },
      /only \{\{query\}\}, .* are filled in here/,
    ],
    ['a host that is filled in', { http: { url: 'http://{{query}}/x' } }, /write an address such as/],
    ['a header of two lines', { http: { headers: { a: 'b\nc' } } }, /one line of plain characters/],
    ['a path that is none', { read: { value: 'a..b' } }, /write a path such as/],
    ['a scheme that is none', { http: { url: 'file:///etc/passwd' } }, /write an address such as/],
  ])('23: %s is a fault of the configuration', async (_, given, sentence) => {
    await expect(open(() => [], given)).rejects.toThrow(sentence)
  })
})

test('V1: several providers: each check from its own; one none of which is named is a fault with its line', async () => {
  server = await openServer((_, response) => json(response, []))
  const text = [
    'metrics:',
    '  prometheus: { url: https://p.example }',
    '  datadog: {}',
    '  checks:',
    '    - { kind: ratio, name: a, total: x, events: y }',
    '    - { kind: ratio, name: b, provider: loki, total: x, events: y }',
    '    - { kind: ratio, name: c, provider: http, total: x, events: y }',
  ].join('\n')
  const fault = () => readConfig(text, 'relman.yml')
  expect(fault).toThrow(
    /relman\.yml:6:\d+: .*write one of prometheus, datadog, cloudwatch, http, file, command/,
  )
  const others = () => readConfig(text.replace(/.*loki.*\n/, ''), 'relman.yml')
  expect(others).toThrow(
    /relman\.yml:5:7: metrics\.checks\[0\]: several providers are configured; add provider: prometheus/,
  )
  expect(others).toThrow(
    /relman\.yml:6:7: metrics\.checks\[1\]: provider: http is not configured; add metrics\.http/,
  )
})
