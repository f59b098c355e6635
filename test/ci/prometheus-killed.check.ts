import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { openStage } from '../acceptance/canary-step/stage.ts'
import { benches, eventually, type Service } from '../rehearsal/service/bench-process.ts'
import { type RealPrometheus, startRealPrometheus } from '../rehearsal/service/prometheus/real-prometheus.ts'

jest.setTimeout(90_000)

const interval = '250ms'
const bench = benches()
let service: Service
/** The one that a release reads, and that is killed; and one that stands beside it throughout. */
let killed: RealPrometheus
let witness: RealPrometheus

const has = async (url: string, version: string) => {
  const query = new URLSearchParams({ query: `sum(http_requests_total{version="${version}"})` })
  const { data } = (await (await fetch(`${url}/api/v1/query?${query}`)).json()) as {
    data: { result: unknown[] }
  }
  return data.result.length > 0
}

beforeAll(async () => {
  service = await bench.start({ rate: 600, scrapeMilliseconds: 100 })
  const targets = [new URL(service.bench.adminUrl).host]
  ;[killed, witness] = await Promise.all([
    startRealPrometheus({ targets, interval }),
    startRealPrometheus({ targets, interval }),
  ])
  for (const { url } of [killed, witness]) await eventually(() => has(url, '1.1.0'), 30)
})
afterAll(async () => {
  await killed?.close()
  await witness?.close()
  await bench.closeAll()
})

const metrics = (url: string) => ({
  prometheus: { url, timeout: 1 },
  allow: [new URL(url).host],
  checks: [
    {
      kind: 'ratio',
      name: 'errors',
      total: 'http_requests_total',
      events: 'http_requests_total{code=~"5.."}',
    },
  ],
})
const openRelease = (url: string) =>
  openStage({
    policy: {
      metrics: metrics(url),
      traffic: { driver: 'http', url: `${service.bench.adminUrl}/weight`, timeout: 2 },
    },
    rollout: {
      steps: [{ weight: 50, margin: '5 %', min: 8, max: 40 }],
      look: 1,
      drain: 0.5,
      warmup: 0,
      history: 5,
    },
  })
/** What the bundle says of a window, with a Prometheus of its choice. */
const windowed = async (url: string, from: number, to: number) => {
  const stage = await openRelease(url)
  try {
    const window = { deployment: '', since: from.toFixed(3), until: to.toFixed(3), weight: '50' }
    const { status, outputs } = await stage.run('verify-metrics', window)
    return [status, outputs['verdict'], outputs['reason-code']]
  } finally {
    await stage.close()
  }
}

type Visit = { weight: number; from: number; to: number; verdict: string; canary: { requests: number } }

/** A release whose Prometheus is killed as soon as its first step bakes, and is back some seconds later. */
const release = async (fault: 'none' | 'errors') => {
  await service.admin('PUT', '/fault', { name: fault })
  expect((await service.admin('POST', '/deploy', { version: '1.2.0' })).status).toBe(200)
  const stage = await openRelease(killed.url)
  try {
    const running = stage.start('canary-step')
    await stage.until(() => stage.statuses().some((line) => line.includes('confirmed')))
    await killed.kill()
    await stage.until(() => running.log().includes('metrics are down'))
    const blind = await windowed(killed.url, Date.now() / 1000 - 2, Date.now() / 1000)
    await killed.restart()
    const { outputs, log } = await running.done
    const again = await stage.run('verify-metrics')
    const [visit] = (JSON.parse(again.outputs['evidence'] ?? '{}') as { visits: Visit[] }).visits
    if (!visit) throw new Error(log)
    return { outputs, log, blind, visit, beside: await windowed(witness.url, visit.from, visit.to) }
  } finally {
    await stage.close()
  }
}

test('V5: a Prometheus killed while a bad version bakes is shown as down; once back, the version is returned all the same', async () => {
  const { outputs, log, blind, visit, beside } = await release('errors')
  expect(log).toMatch(/metrics are down: http:\/\/127\.0\.0\.1:\d+\/api\/v1\/query: nothing listens there/)
  expect(blind).toEqual([1, 'inconclusive', 'metrics-down'])
  expect([outputs['decision'], outputs['reason-code']]).toEqual(['returned', 'error-rate-above-margin'])
  // Its statuses have tenths of a second, so who judges again may miss the last scrape, but finds no health.
  expect(visit.verdict).not.toBe('healthy')
  expect((await service.admin('GET', '/weight')).body).toEqual({ weight: 0 })
  expect(beside).toEqual([1, 'unhealthy', 'error-rate-above-margin'])
})

test('V5: killed while a good version bakes, it loses no request of it, and the verdict is that of one that never fell', async () => {
  // The same version and the same instances once more: their counters begin anew.
  expect((await service.admin('POST', '/retire')).status).toBe(200)
  const { outputs, log, blind, visit, beside } = await release('none')
  expect(log).toMatch(/metrics are down/)
  expect(blind).toEqual([1, 'inconclusive', 'metrics-down'])
  expect([outputs['decision'], visit.verdict]).toEqual(['done', 'healthy'])
  expect(beside).toEqual([0, 'healthy', 'proven'])
  const truth = await service.bench.truth({ from: visit.from * 1000, to: visit.to * 1000 })
  const counted = truth.versions['1.2.0']?.requests ?? 0
  expect(counted).toBeGreaterThan(300)
  // It was blind for half of the time. What the last scrapes before each end missed is less than that.
  expect(Math.abs(visit.canary.requests - counted)).toBeLessThan(0.2 * counted)
})
