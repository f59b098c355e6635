import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { openMetrics } from '@relman/core/adapters/metrics/open'
import { metricsPolicy } from '@relman/core/config/metrics-policy'
import { seededRandom } from '../../rehearsal/service/random.ts'
import { eventually } from '../rehearsal/service/bench-process.ts'
import { type RealPrometheus, startRealPrometheus } from '../rehearsal/service/prometheus/real-prometheus.ts'
import { type Instance, serveNative } from './native-exposition.ts'

jest.setTimeout(60_000)

const name = 'checkout_seconds'
const instance = (version: string, index: number, perOctave: Instance['perOctave']): Instance => ({
  labels: { version, instance: `${version}-${index}` },
  seconds: [],
  perOctave,
})
// Clients differ in resolution; Prometheus keeps each as it is.
const canary = [instance('1.2.0', 1, 8)]
const stable = [instance('1.1.0', 1, 8), instance('1.1.0', 2, 4), instance('1.1.0', 3, 16)]

let exposition: Awaited<ReturnType<typeof serveNative>>
let real: RealPrometheus
const provider = () =>
  openMetrics({
    policy: metricsPolicy.parse({
      prometheus: { url: real.url },
      allow: [new URL(real.url).host],
      checks: [{ kind: 'latency', name: 'latency', histogram: name }],
    }),
    version: '1.2.0',
    previous: '1.1.0',
    env: {},
  })

const random = seededRandom(7)
/** Adds requests of log-normal times; what was added. */
const serveSome = (one: Instance, count: number): number[] => {
  const added = Array.from({ length: count }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
    return 0.08 * Math.exp(0.7 * normal)
  })
  one.seconds.push(...added)
  return added
}
const settle = (seconds = 1) => new Promise((done) => setTimeout(done, seconds * 1000))
const now = () => Date.now() / 1000

beforeAll(async () => {
  for (const one of [...canary, ...stable]) serveSome(one, 100)
  exposition = await serveNative(name, [...canary, ...stable])
  real = await startRealPrometheus({
    targets: [exposition.target],
    interval: '250ms',
    flags: ['--enable-feature=native-histograms'],
  })
  await eventually(
    async () => (await provider().observe(now() - 0.5, now(), 10)).observations[0]?.canary.length === 1,
    30,
  )
})
afterAll(async () => {
  await real?.close()
  await exposition?.close()
})

test('V1, V2: native histograms of a real Prometheus become the very distributions that were served', async () => {
  const metrics = provider()
  await settle()
  await metrics.observe(now() - 1, now() - 0.5, 10)
  let from = now()
  for (const count of [400, 300]) {
    const added = new Map(
      [...canary, ...stable].map((one) => [one.labels['instance'], serveSome(one, count)]),
    )
    await settle()
    const to = now()
    const { observations, down, notes } = await metrics.observe(from, to, 10)
    from = to
    expect([down, notes, observations.length]).toEqual([null, [], 1])
    const samples = [...(observations[0]?.canary ?? []), ...(observations[0]?.stable ?? [])]
    expect(samples.map((one) => one.instance).sort()).toEqual([...added.keys()].sort())
    for (const { instance, total, buckets = { le: [], counts: [] } } of samples) {
      const times = added.get(instance) ?? []
      expect(total).toBe(times.length)
      expect(buckets.le.length).toBeGreaterThan(8)
      let up = 0
      for (const [at, edge] of buckets.le.entries()) {
        up += buckets.counts[at] ?? 0
        expect([instance, edge, up]).toEqual([instance, edge, times.filter((one) => one <= edge).length])
      }
    }
  }
})

test('a restarted client counts from 0, and a range tells the same', async () => {
  const start = now() - 0.3
  await settle(0.5)
  const [one] = canary
  if (!one) throw new Error('no canary')
  one.seconds.splice(0)
  serveSome(one, 50)
  await settle()
  const end = now()
  const range = await provider().range(start, end, end - start, 10)
  expect(range.observations[0]?.canary).toMatchObject([{ total: 50 }])
  const look = await provider().observe(start, end, 10)
  expect(look.observations[0]?.canary[0]?.buckets).toEqual(range.observations[0]?.canary[0]?.buckets)
})
