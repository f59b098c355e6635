import { afterAll, describe, expect, jest, test } from '@jest/globals'
import { drawOutcome } from '../../../rehearsal/service/checkout.ts'
import { type faultNames, parseFault } from '../../../rehearsal/service/fault.ts'
import { seededRandom } from '../../../rehearsal/service/random.ts'
import { benches, eventually } from './bench-process.ts'

jest.setTimeout(30_000)
const { start, closeAll } = benches()
afterAll(closeAll)

describe('what the checkout draws', () => {
  const many = 200_000
  const draw = (fault: (typeof faultNames)[number] | 'none') => {
    const random = seededRandom(5)
    const outcomes = Array.from({ length: many }, () => drawOutcome(random, fault))
    const share = (holds: (outcome: (typeof outcomes)[number]) => boolean) =>
      outcomes.filter(holds).length / many
    return {
      errors: share(({ status }) => status === 500),
      slow: share(({ latency }) => latency > 500),
      orders: share(({ order }) => order),
      dependency: share(({ dependencyFailed }) => dependencyFailed),
      faulty: share(({ faulty }) => faulty),
    }
  }
  const healthy = { errors: 0.0001, slow: 0.01, orders: 0.5, dependency: 0.0001, faulty: 0 }

  test.each([
    ['none', {}],
    ['errors', { errors: 0.05, orders: 0.475, faulty: 0.05 }],
    ['late-errors', { errors: 0.05, orders: 0.475, faulty: 0.05 }],
    ['slow-tail', { slow: 0.11, faulty: 0.1 }],
    ['dependency', { dependency: 0.05, faulty: 0.05 }],
    ['business-decline', { orders: 0.25, faulty: 0.25 }],
    ['crash', {}],
    ['no-data', {}],
  ] as const)('W4: %s changes what it names and nothing else', (fault, changed) => {
    const drawn = draw(fault)
    for (const [name, expected] of Object.entries({ ...healthy, ...changed })) {
      const deviation = Math.sqrt((expected * (1 - expected)) / many)
      const found = drawn[name as keyof typeof drawn]
      expect([name, Math.abs(found - expected) <= 4 * deviation + 0.0001]).toEqual([name, true])
    }
  })

  test('the latency of a healthy request has its median at 20 ms and nothing from 150 to 550 ms', () => {
    const random = seededRandom(9)
    const latencies = Array.from({ length: 50_000 }, () => drawOutcome(random).latency).sort((a, b) => a - b)
    expect(latencies[25_000]).toBeGreaterThan(19.5)
    expect(latencies[25_000]).toBeLessThan(20.5)
    expect(latencies.filter((ms) => ms > 150 && ms < 550)).toEqual([])
    expect(latencies.at(-1)).toBeLessThan(900)
  })

  test('the same seed draws the same, another seed another', () => {
    const run = (seed: number) => {
      const random = seededRandom(seed)
      return Array.from({ length: 50 }, () => drawOutcome(random, 'errors'))
    }
    expect(run(1)).toEqual(run(1))
    expect(run(1)).not.toEqual(run(2))
  })
})

test('a fault is read with its weight', () => {
  expect(parseFault({ name: 'late-errors' })).toEqual({ name: 'late-errors', fromWeight: 25 })
  expect(parseFault({ name: 'errors', 'from-weight': 10 })).toEqual({ name: 'errors', fromWeight: 10 })
  expect(parseFault({ name: null })).toEqual({ name: 'none', fromWeight: 0 })
  expect(() => parseFault({ name: 'errors', 'from-weight': -1 })).toThrow('from-weight is -1')
})

test.each([
  ['errors', 'sum by (version) (http_requests_total{code=~"5.."})'],
  ['dependency', 'sum by (version) (dependency_failures_total)'],
] as const)(
  'W4: the fault %s is seen in the metrics of the canary only, and can be switched off',
  async (fault, seen) => {
    const { bench, admin, query } = await start({ rate: 500, fault })
    await admin('POST', '/deploy', { version: '1.2.0' })
    await admin('PUT', '/weight', { weight: 50 })
    await eventually(async () => ((await query(seen, 'version'))['1.2.0'] ?? 0) > 20)
    const counts = await query(seen, 'version')
    const requests = (await query('sum by (version) (http_requests_total)', 'version'))['1.2.0'] ?? 0
    expect(counts['1.1.0']).toBeLessThanOrEqual(2)
    expect((counts['1.2.0'] ?? 0) / requests).toBeGreaterThan(0.02)
    const truth = await bench.truth()
    const deployed = truth.events.find(({ event }) => event === 'weight')?.at ?? 0
    expect(truth.firstFault).toBeGreaterThanOrEqual(deployed)

    await bench.setFault('none')
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const before = (await query(seen, 'version'))['1.2.0'] ?? 0
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect(((await query(seen, 'version'))['1.2.0'] ?? 0) - before).toBeLessThanOrEqual(2)
  },
)

test('W4: late-errors begin at 25 % and not before', async () => {
  const { bench, admin } = await start({ rate: 600, fault: 'late-errors' })
  await admin('POST', '/deploy', { version: '1.2.0' })
  await admin('PUT', '/weight', { weight: 24 })
  await new Promise((resolve) => setTimeout(resolve, 1500))
  expect((await bench.truth()).firstFault).toBe(null)
  await admin('PUT', '/weight', { weight: 25 })
  await eventually(async () => (await bench.truth()).firstFault !== null)
})

test('W4: slow-tail raises the share of slow requests in the histogram of the canary', async () => {
  const { admin, query } = await start({ rate: 800, fault: 'slow-tail' })
  await admin('POST', '/deploy', { version: '1.2.0' })
  await admin('PUT', '/weight', { weight: 50 })
  const several = 'sum(http_requests_total{version="1.2.0"})'
  await eventually(async () => ((await query(several))[''] ?? 0) > 1500)
  const below = await query('sum by (version, le) (http_request_duration_seconds_bucket)', 'version', 'le')
  const slow = (version: string) => 1 - (below[`${version} 0.5`] ?? 0) / (below[`${version} +Inf`] ?? 1)
  // A machine that stalls slows both alike.
  expect(slow('1.2.0') - slow('1.1.0')).toBeGreaterThan(0.06)
  expect(slow('1.2.0') - slow('1.1.0')).toBeLessThan(0.16)
})

test('W4: business-decline halves the orders of the canary', async () => {
  const { admin, query } = await start({ rate: 800, fault: 'business-decline' })
  await admin('POST', '/deploy', { version: '1.2.0' })
  await admin('PUT', '/weight', { weight: 50 })
  await eventually(async () => ((await query('sum(orders_total{version="1.2.0"})'))[''] ?? 0) > 250)
  const orders = await query('sum by (version) (orders_total)', 'version')
  const requests = await query('sum by (version) (http_requests_total)', 'version')
  const share = (version: string) => (orders[version] ?? 0) / (requests[version] ?? 1)
  expect(share('1.2.0') / share('1.1.0')).toBeGreaterThan(0.4)
  expect(share('1.2.0') / share('1.1.0')).toBeLessThan(0.6)
})

test('W4: crash ends the process after its first traffic; its requests are 502 on its account until the weight is 0', async () => {
  const { bench, admin, query } = await start({ rate: 200, fault: 'crash' })
  await admin('POST', '/deploy', { version: '1.2.0' })
  await new Promise((resolve) => setTimeout(resolve, 500))
  await admin('PUT', '/weight', { weight: 20 })
  const begun = Date.now()
  await eventually(async () => (await admin('GET', '/status')).body.canary.alive === false)
  expect(Date.now() - begun).toBeGreaterThan(2500)
  await eventually(
    async () => ((await query('http_requests_total{code="502"}', 'version'))['1.2.0'] ?? 0) > 10,
  )
  expect(await query('up{instance="canary-1"}', 'version')).toEqual({ '1.2.0': 0 })

  const response = await fetch(`${bench.dataUrl}/checkout`)
  expect([200, 502]).toContain(response.status)
  await admin('PUT', '/weight', { weight: 0 })
  const undone = Date.now()
  const truth = await bench.truth()
  expect(truth.versions['1.1.0']?.failed).toBeLessThan(3)
  expect(truth.firstFault).toBeGreaterThan(begun + 2500)
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect((await bench.truth()).lastCanary).toBeLessThanOrEqual(undone + 100)

  // The same version, deployed again, is a new process.
  expect((await admin('POST', '/deploy', { version: '1.2.0' })).body.changed).toBe(true)
  expect((await admin('GET', '/status')).body.canary.alive).toBe(true)
})

test('W4: with no-data the series of the canary vanish, and stay so, while its requests go on', async () => {
  const { bench, admin, query } = await start({ rate: 200, fault: 'no-data' })
  await admin('POST', '/deploy', { version: '1.2.0' })
  const versions = async () => Object.keys(await query('sum by (version) (http_requests_total)', 'version'))
  await eventually(async () => (await versions()).includes('1.2.0'))
  await admin('PUT', '/weight', { weight: 20 })
  await eventually(async () => !(await versions()).includes('1.2.0'))
  expect(await query('up{instance="canary-1"}', 'version')).toEqual({})
  expect(await versions()).toEqual(['1.1.0'])
  const before = (await bench.truth()).versions['1.2.0']?.requests ?? 0
  await new Promise((resolve) => setTimeout(resolve, 1000))
  expect(await versions()).toEqual(['1.1.0'])
  expect((await bench.truth()).versions['1.2.0']?.requests).toBeGreaterThan(before)
  expect((await bench.truth()).firstFault).not.toBe(null)

  await bench.setFault('none')
  await eventually(async () => (await versions()).includes('1.2.0'))
})
