import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { openPrometheus } from '@relman/core/adapters/metrics/prometheus'
import { openPrometheusApi } from '@relman/core/adapters/metrics/prometheus-api'
import { metricsPolicy } from '@relman/core/config/metrics-policy'
import { benches, eventually, type Service } from '../rehearsal/service/bench-process.ts'
import { type RealPrometheus, startRealPrometheus } from '../rehearsal/service/prometheus/real-prometheus.ts'

jest.setTimeout(120_000)

const bench = benches()
let service: Service
let real: RealPrometheus

const policy = metricsPolicy.parse({
  checks: [
    {
      name: 'error-rate',
      kind: 'ratio',
      total: 'http_requests_total',
      events: 'http_requests_total{code=~"5.."}',
    },
    { name: 'latency', kind: 'latency', histogram: 'http_request_duration_seconds' },
    { name: 'orders', kind: 'rate', total: 'http_requests_total', events: 'orders_total' },
  ],
})

/** Our adapter, as an action opens it, on the address of a Prometheus. */
const provider = (url: string) =>
  openPrometheus({
    api: openPrometheusApi({ url, timeoutSeconds: 10, allowPrivate: () => true }),
    checks: policy.checks,
    labels: policy.labels,
    version: '1.2.0',
    previous: '1.1.0',
  })

beforeAll(async () => {
  service = await bench.start({ rate: 200, fault: 'errors', scrapeMilliseconds: 100 })
  expect((await service.admin('POST', '/deploy', { version: '1.2.0' })).status).toBe(200)
  expect((await service.admin('PUT', '/weight', { weight: 50 })).status).toBe(200)
  real = await startRealPrometheus({ targets: [new URL(service.bench.adminUrl).host] })
  // It begins to scrape some seconds after it is ready.
  await eventually(async () => {
    const { observations } = await provider(real.url).observe(now() - 2, now() - 1, 50)
    return observations.length === 3 && observations.every(({ canary }) => canary.length > 0)
  }, 30)
})
afterAll(async () => {
  await real?.close()
  await bench.closeAll()
})

const now = () => Math.floor(Date.now() / 1000)
const settle = (seconds: number) => new Promise((done) => setTimeout(done, seconds * 1000))

test('V1, V2: looks through a real Prometheus add up to what the service itself counted', async () => {
  const metrics = provider(real.url)
  let from = now() - 1
  const start = from
  const seen = { canary: { total: 0, events: 0 }, stable: { total: 0, events: 0 } }
  for (let turn = 0; turn < 6; turn += 1) {
    await settle(1.2)
    const to = now() - 1
    const look = await metrics.observe(from, to, 50)
    expect(look.down).toBeNull()
    if (to <= from) continue
    from = to
    for (const arm of ['canary', 'stable'] as const) {
      for (const { total, events = 0 } of look.observations.find(({ metric }) => metric === 'error-rate')?.[
        arm
      ] ?? []) {
        seen[arm].total += total
        seen[arm].events += events
      }
    }
  }
  const truth = await service.bench.truth({ from: start * 1000, to: from * 1000 })
  for (const [arm, version] of [
    ['canary', '1.2.0'],
    ['stable', '1.1.0'],
  ] as const) {
    const counted = truth.versions[version]?.requests ?? 0
    expect(counted).toBeGreaterThan(100)
    // Scrapes are 100 ms apart, so an edge of the window is off by that much of 100 requests a second.
    expect(Math.abs(seen[arm].total - counted)).toBeLessThan(0.1 * counted)
  }
  expect(seen.canary.events).toBeGreaterThan(5)
  expect(seen.canary.events / seen.canary.total).toBeGreaterThan(0.02)
  expect(seen.stable.events / seen.stable.total).toBeLessThan(0.01)
})

test('a range read afterwards is the sum of what both arms did, with latency buckets', async () => {
  await settle(3)
  const [from, to] = [now() - 6, now() - 1]
  const { observations, down } = await provider(real.url).range(from, to, 1, 50)
  expect(down).toBeNull()
  const latency = observations.filter(({ metric, canary }) => metric === 'latency' && canary.length > 0)
  expect(latency.length).toBeGreaterThan(2)
  for (const { canary } of latency) {
    for (const { total, buckets } of canary) {
      expect(buckets?.counts.reduce((sum, count) => sum + count, 0)).toBe(total)
    }
  }
  const truth = await service.bench.truth({ from: from * 1000, to: to * 1000 })
  const total = latency.flatMap(({ canary }) => canary).reduce((sum, sample) => sum + sample.total, 0)
  const counted = truth.versions['1.2.0']?.requests ?? 0
  expect(Math.abs(total - counted)).toBeLessThan(0.1 * counted)
})

test('a range in steps that floats do not hold is whole', async () => {
  await settle(1)
  const step = 1.003
  const { observations } = await provider(real.url).range(now() - 1 - 4 * step, now() - 1, step, 50)
  const rates = observations.filter(({ metric }) => metric === 'error-rate')
  expect(rates.map(({ canary, stable }) => [canary.length > 0, stable.length > 0])).toEqual(
    Array(4).fill([true, true]),
  )
})

test('V5: a real Prometheus that has no such series, refuses, or is gone, gives no data and says why', async () => {
  const empty = await startRealPrometheus({})
  const look = await provider(empty.url).observe(now() - 2, now() - 1, 50)
  expect(look.observations.flatMap(({ canary, stable }) => [...canary, ...stable])).toEqual([])
  expect(look.notes?.join('\n')).toMatch(/error-rate: the provider has no such series/)
  await empty.close()
  const gone = await provider(empty.url).observe(now() - 2, now() - 1, 50)
  expect(gone.down).toBeTruthy()
  expect(gone.observations).toEqual([])
})
