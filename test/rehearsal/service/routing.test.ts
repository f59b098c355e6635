import { readFileSync } from 'node:fs'
import { afterAll, expect, jest, test } from '@jest/globals'
import { seededRandom } from '../../../rehearsal/service/random.ts'
import { exactRoute } from '../../../rehearsal/service/route.ts'
import { askMany, benches } from './bench-process.ts'

jest.setTimeout(30_000)
const { start, closeAll } = benches()
afterAll(closeAll)

test.each([
  [0, 0],
  [0.1, 10],
  [1, 100],
  [5, 500],
  [12.5, 1250],
  [33.3333, 3333],
  [50, 5000],
  [99.9, 9990],
  [100, 10_000],
])('W4: of 10,000 requests at %d %% the canary gets %d, one more or less', (weight, canary) => {
  for (const seed of [1, 2, 3]) {
    const route = exactRoute(seededRandom(seed))
    let count = 0
    for (let request = 0; request < 10_000; request++) if (route(weight)) count++
    expect(Math.abs(count - canary)).toBeLessThanOrEqual(1)
  }
})

test('W4: the weight is exact and a new one counts from the next request on', async () => {
  const { bench, admin } = await start()
  await admin('POST', '/deploy', { version: '1.2.0' })
  for (const [weight, canary] of [
    [10, 20],
    [50, 100],
    [0, 0],
    [100, 200],
    [0, 0],
  ] as const) {
    expect(await admin('PUT', '/weight', { weight })).toEqual({ status: 200, body: { weight } })
    const seen = await askMany(bench.dataUrl, 200)
    const counted = (version: string) =>
      Object.entries(seen).reduce((sum, [key, n]) => sum + (key.startsWith(version) ? n : 0), 0)
    expect(Math.abs(counted('1.2.0') - canary)).toBeLessThanOrEqual(1)
    expect(counted('1.1.0') + counted('1.2.0')).toBe(200)
  }
})

test('W4: an outside client, the load, the access log and the metrics agree with the truth', async () => {
  const { bench, admin, query, outDir } = await start({ rate: 300 })
  await admin('POST', '/deploy', { version: '1.2.0' })
  await admin('PUT', '/weight', { weight: 20 })
  const outside = await askMany(bench.dataUrl, 1000)
  // Stop the canary's share and let every request be answered; the load goes on with the stable version.
  await admin('PUT', '/weight', { weight: 0 })
  await new Promise((resolve) => setTimeout(resolve, 1500))

  const { answered } = await bench.counts()
  const truth = await bench.truth()
  const counts = await bench.counts()
  const sum = (record: Record<string, number>, prefix: string) =>
    Object.entries(record).reduce((whole, [key, n]) => whole + (key.startsWith(prefix) ? n : 0), 0)
  const canary = truth.versions['1.2.0']?.requests
  expect(sum(outside, '1.2.0')).toBeGreaterThan(150)
  expect(sum(outside, '1.2.0') + (counts.versions['1.2.0']?.requests ?? 0)).toBe(canary)
  expect(await query('sum by (version) (http_requests_total{version="1.2.0"})', 'version')).toEqual({
    '1.2.0': canary,
  })
  expect(await query('sum (orders_total{version="1.2.0"})')).toEqual({ '': truth.versions['1.2.0']?.orders })
  expect(truth.requests.total - 1000).toBeGreaterThanOrEqual(answered)
  expect(truth.requests.total - 1000).toBeLessThanOrEqual(counts.sent)

  const [from, to] = truth.events.filter(({ event }) => event === 'weight').map(({ at }) => at)
  const { observed } = await bench.truth({ from: from ?? 0, to: to ?? 0 })
  expect(observed).toBeGreaterThan(18)
  expect(observed).toBeLessThan(22)

  await bench.close()
  const lines = readFileSync(`${outDir}/access.log`, 'utf8').trim().split('\n')
  expect(lines.filter((line) => line.split(' ')[2] === '1.2.0')).toHaveLength(canary ?? 0)
  expect(lines[0]).toMatch(/^\d{13} 1 1\.\d\.0 (200|500) \d+\.\d$/)
  expect(lines.map((line) => Number(line.split(' ')[1]))).toEqual(lines.map((_, at) => at + 1))
})
