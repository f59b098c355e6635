import { expect, test } from '@jest/globals'
import { between, newMemory } from '@relman/core/adapters/metrics/increments'
import {
  exactEdges,
  noEdges,
  readHistogram,
  upToEdges,
} from '@relman/core/adapters/metrics/prometheus-histogram'
import type { Snapshot } from '@relman/core/adapters/metrics/snapshot'
import { metricsPolicy } from '@relman/core/config/metrics-policy'
import { type Answer, json, openServer } from '../traffic/server.ts'
import { latency, open, ratio } from './prometheus.ts'

type Raw = { count: string; buckets?: [number, string, string, string][] }
const read = (raw: Raw) => {
  const histogram = readHistogram(raw)
  if (!histogram) throw new Error('is none')
  return histogram
}
/** Buckets between powers of 2^(1/perOctave): counts by power. */
const exponential = (perOctave: number, counts: Record<number, number>): Raw => ({
  count: String(Object.values(counts).reduce((sum, count) => sum + count, 0)),
  buckets: Object.entries(counts).map(([power, count]) => [
    0,
    String(2 ** ((Number(power) - 1) / perOctave)),
    String(2 ** (Number(power) / perOctave)),
    String(count),
  ]),
})

test('V1: buckets of any resolution are counted exactly at common edges', () => {
  const fine = read(exponential(8, { [-16]: 10, [-15]: 5, [-14]: 3, 8: 2 }))
  const coarse = read(exponential(1, { [-1]: 7, 1: 1 }))
  const seen = noEdges()
  const edges = exactEdges([fine], seen)
  expect(edges).toHaveLength(14)
  expect([...upToEdges(fine, edges)].slice(0, 3)).toEqual([
    [2 ** (-9 / 4), 0],
    [2 ** -2, 10],
    [2 ** (-7 / 4), 18],
  ])
  const both = exactEdges([fine, coarse], seen)
  // Within (0.25, 0.5] and (1, 2] the coarse one cannot tell, elsewhere it can.
  expect(both.filter((edge) => edge > 0.251 && edge < 0.499)).toEqual([])
  expect(both.filter((edge) => edge >= 0.5 && edge <= 1)).toHaveLength(5)
  expect(upToEdges(coarse, both).get(1)).toBe(7)
  expect(upToEdges(coarse, both).get(2)).toBe(8)
})

test('V1: edges that were there once stay while nothing straddles them, whatever buckets are empty', () => {
  const seen = noEdges()
  const first = exactEdges([read(exponential(8, { [-16]: 10, 8: 2 }))], seen)
  const later = exactEdges([read(exponential(8, { [-8]: 1 }))], seen)
  expect(later).toEqual(first)
})

test('V1: custom bounds are edges as they are', () => {
  const custom = read({
    count: '6',
    buckets: [
      [0, '-Inf', '0.1', '3'],
      [0, '0.1', '0.3', '2'],
      [0, '5', '+Inf', '1'],
    ],
  })
  const edges = exactEdges([custom], noEdges())
  expect(edges).toEqual([0.1, 0.3])
  expect([...upToEdges(custom, edges)]).toEqual([
    [0.1, 3],
    [0.3, 5],
    [Number.POSITIVE_INFINITY, 6],
  ])
})

test('71: requests whose time was NaN are slower than every edge; a zero bucket is faster', () => {
  const histogram = read({
    count: '5',
    buckets: [[3, '-1e-128', '1e-128', '2'], ...(exponential(8, { 0: 1 }).buckets ?? [])],
  })
  const edges = exactEdges([histogram], noEdges())
  expect([...upToEdges(histogram, edges).values()]).toEqual([2, 3, 5])
})

test.each<[string, Raw]>([
  ['a count that is none', { count: 'NaN' }],
  ['a negative count', { count: '-1' }],
  ['a negative bucket', { count: '1', buckets: [[0, '1', '2', '-1']] }],
  ['a bucket that ends before it begins', { count: '1', buckets: [[0, '2', '1', '1']] }],
  ['a bound that is none', { count: '1', buckets: [[0, 'x', '1', '1']] }],
])('71: %s is no histogram', (_, raw) => {
  expect(readHistogram(raw)).toBeNull()
})

/** A Prometheus API with native histograms (and no classic ones) by Unix seconds. */
const serve =
  (world: Record<string, (at: number) => Raw | undefined>): Answer =>
  (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const [query = '', from, to, step] = ['query', 'start', 'end', 'step'].map(
      (name) => url.searchParams.get(name) ?? '',
    )
    const single = url.pathname.endsWith('/query')
    const times: number[] = []
    if (single) times.push(Number(url.searchParams.get('time')))
    else for (let at = Number(from); at <= Number(to) + 1e-6; at += Number(step)) times.push(at)
    const result = query.includes('_bucket')
      ? []
      : Object.entries(world).map(([key, value]) => {
          const [version, instance] = key.split(' ')
          const points = times.flatMap((at) => {
            const raw = value(at)
            return raw ? [[at, { ...raw, sum: '1' }] as const] : []
          })
          return {
            metric: { version, instance },
            ...(single ? { histogram: points[0] } : { histograms: points }),
          }
        })
    json(response, { status: 'success', data: { resultType: single ? 'vector' : 'matrix', result } })
  }
const growing = (factor: number) => (at: number) =>
  exponential(8, { [-16]: 6 * factor * (at - 1000), [-8]: 3 * factor * (at - 1000), 0: factor * (at - 1000) })

test('V1: native histograms become distributions of both versions, by look and by range alike', async () => {
  const server = await openServer(serve({ '1.2.0 c1': growing(1), '1.1.0 s1': growing(9) }))
  try {
    const look = await open(server.url, { checks: [latency] }).observe(1100, 1110, 10)
    expect([look.down, look.notes]).toEqual([null, []])
    const [one] = look.observations
    expect(one?.canary[0]?.total).toBe(100)
    expect(one?.stable[0]?.total).toBe(900)
    expect(one?.canary[0]?.buckets?.le).toEqual(one?.stable[0]?.buckets?.le)
    expect(one?.canary[0]?.buckets?.counts.filter((count) => count > 0)).toEqual([60, 30, 10])
    const range = await open(server.url, { checks: [latency] }).range(1100, 1120, 10, 10)
    expect(range.observations.map(({ canary }) => canary[0]?.buckets)).toEqual([
      one?.canary[0]?.buckets,
      one?.canary[0]?.buckets,
    ])
  } finally {
    await server.close()
  }
})

test('71: a native histogram that restarts counts from 0', async () => {
  const restarting = (at: number) => growing(1)(at >= 1105 ? at - 105 : at)
  const server = await openServer(serve({ '1.2.0 c1': restarting, '1.1.0 s1': growing(9) }))
  try {
    const { observations } = await open(server.url, { checks: [latency] }).observe(1100, 1110, 10)
    expect(observations[0]?.canary[0]?.total).toBe(50)
  } finally {
    await server.close()
  }
})

test('V5: a native histogram in the place of a counter is said, with the fix', async () => {
  const server = await openServer(serve({ '1.2.0 c1': growing(1), '1.1.0 s1': growing(9) }))
  try {
    const { observations, notes } = await open(server.url, { checks: [ratio] }).observe(1100, 1110, 10)
    expect(observations[0]?.canary).toEqual([])
    expect(notes?.join()).toContain('histogram_count(…)')
  } finally {
    await server.close()
  }
})

const checks = metricsPolicy.parse({ prometheus: { url: 'http://x' }, checks: [latency, ratio] }).checks
type Seen = Record<string, { total?: number; events?: number; buckets?: Map<number, number> }>
const sight = (at: number, name: string, canary: Seen, stable: Seen): Snapshot => ({
  at: at * 1000,
  checks: new Map([
    [name, { canary: new Map(Object.entries(canary)), stable: new Map(Object.entries(stable)) }],
  ]),
  notes: [],
})

test('V5: an edge that one version lacks is said once, by name', () => {
  const classic = (edges: number[], total: number) =>
    new Map([...edges.map((edge): [number, number] => [edge, total]), [Number.POSITIVE_INFINITY, total]])
  const at = (time: number, total: number) =>
    sight(
      time,
      'latency',
      { c: { buckets: classic([0.1, 0.5], total) } },
      { s: { buckets: classic([0.1, 1], total) } },
    )
  const { observations, notes } = between(checks.slice(0, 1), at(0, 10), at(10, 20), 10, newMemory())
  expect(observations[0]?.canary[0]?.buckets?.le).toEqual([0.1, 0.5])
  expect(notes).toEqual([
    'latency: the versions have different buckets; only common edges can be compared; the new version lacks 1; the stable one lacks 0.5',
  ])
})

test('71: what an instance did while a scrape failed is counted when it is seen again', () => {
  const memory = newMemory()
  const at = (time: number, canary: Seen) =>
    sight(time, 'errors', canary, { s: { total: time * 9, events: time } })
  const looks = [
    at(100, { c: { total: 100, events: 1 } }),
    at(110, {}),
    at(120, { c: { total: 150, events: 31 } }),
    at(130, { c: { total: 160, events: 31 } }),
  ]
  const seen = looks
    .slice(1)
    .map(
      (after, index) =>
        between(checks.slice(1), looks[index] as Snapshot, after, 10, memory).observations[0]?.canary,
    )
  expect(seen).toMatchObject([[], [{ total: 50, events: 30 }], [{ total: 10, events: 0 }]])
})

test('71: a pod that comes back under its name begins anew', () => {
  const memory = newMemory()
  const at = (time: number, canary: Seen) => sight(time, 'errors', canary, {})
  const looks = [
    at(100, { c: { total: 1000, events: 9 } }),
    at(110, {}),
    at(120, { c: { total: 40, events: 2 } }),
  ]
  between(checks.slice(1), looks[0] as Snapshot, looks[1] as Snapshot, 10, memory)
  const { observations } = between(checks.slice(1), looks[1] as Snapshot, looks[2] as Snapshot, 10, memory)
  expect(observations[0]?.canary).toMatchObject([{ total: 40, events: 2 }])
})
