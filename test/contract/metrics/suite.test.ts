import { afterEach, describe, expect, test } from '@jest/globals'
import type { Look } from '@relman/core/ports/metrics'
import { observationSchema } from '@relman/core/verdict/observation'
import { violations } from './vendors/datadog.ts'
import { type Served, serve, vendors } from './vendors/vendor.ts'
import { line, type World } from './vendors/world.ts'

let served: Served | undefined
afterEach(async () => {
  await served?.server.close()
  served = undefined
  expect(violations.splice(0)).toEqual([])
})

const both: World = {
  'requests 1.2.0 c1': line(10),
  'errors 1.2.0 c1': line(1),
  'requests 1.1.0 s1': line(80),
  'errors 1.1.0 s1': line(2),
  'requests 1.1.0 s2': line(10),
  'errors 1.1.0 s2': line(1),
}
/** What looks told of one arm, together. */
const sum = (looks: Look[], arm: 'canary' | 'stable') => {
  const samples = looks.flatMap(({ observations }) => observations.flatMap((one) => one[arm]))
  return {
    total: samples.reduce((all, { total }) => all + total, 0),
    events: samples.reduce((all, { events = 0 }) => all + events, 0),
    instances: [...new Set(samples.map(({ instance }) => instance))].sort(),
  }
}
const notes = (...looks: Look[]) => looks.flatMap((look) => look.notes ?? []).join('\n')

describe.each(vendors)('V1: $name keeps the contract of a metrics provider', (vendor) => {
  const { interval, delay } = vendor
  const begin = 6000
  /** Five minutes of looks, each as long as a step of the clock; slices come `delay` late. */
  const look = async (world: World, seconds = 15, length = 300) => {
    served = await serve(vendor, world)
    const { provider } = served
    const looks: Look[] = []
    for (let at = begin; at < begin + length + delay; at += seconds)
      looks.push(await provider.observe(at, at + seconds, 10))
    return looks
  }

  test('looks in a row count every request of both versions once, in whole numbers and by instance', async () => {
    const looks = await look(both)
    expect(looks.flatMap(({ down }) => (down === null ? [] : [down]))).toEqual([])
    for (const { observations } of looks) for (const one of observations) observationSchema.parse(one)
    const length = 300 + (interval === 0 ? delay : 0)
    expect(sum(looks, 'canary')).toEqual({ total: 10 * length, events: length, instances: ['c1'] })
    expect(sum(looks, 'stable')).toEqual({ total: 90 * length, events: 3 * length, instances: ['s1', 's2'] })
    const intervals = looks.flatMap(({ observations }) => observations.map(({ from, to }) => [from, to]))
    for (const [index, [from]] of intervals.entries()) expect(from).toBe(intervals[index - 1]?.[1] ?? begin)
  })

  test('a range tells the same as looks did', async () => {
    const looks = await look(both)
    const end = begin + 300 + (interval === 0 ? delay : 0)
    const range = await served?.provider.range(begin, end, 60, 10)
    expect(range).toMatchObject({ down: null })
    for (const arm of ['canary', 'stable'] as const)
      expect(sum(range ? [range] : [], arm)).toEqual(sum(looks, arm))
  })

  test('a look that ends before a slice is complete waits for it and says of which check', async () => {
    served = await serve(vendor, both)
    const first = await served.provider.observe(begin, begin + 15, 10)
    expect(first.waiting ?? []).toEqual(interval === 0 ? [] : ['errors'])
    expect(first.observations).toHaveLength(interval === 0 ? 1 : 0)
  })

  test('a look that the caller dropped is read again', async () => {
    served = await serve(vendor, both)
    const { provider } = served
    const end = begin + 300 + delay
    await provider.observe(begin, end, 10)
    const again = await provider.observe(begin, end + 60, 10)
    expect(sum([again], 'canary').total).toBe(interval === 0 ? 10 * (360 + delay) : 3600)
  })

  test('71: a counter that begins anew is never negative and keeps what came after', async () => {
    const restart = (at: number) => (at >= 6121 ? (at - 6121) * 10 : (at - 1000) * 10)
    const looks = await look({
      ...both,
      'requests 1.2.0 c1': restart,
      'errors 1.2.0 c1': (at) => restart(at) / 10,
    })
    const { total, events } = sum(looks, 'canary')
    expect(total).toBeGreaterThan(2500)
    expect(total).toBeLessThanOrEqual(10 * (300 + delay))
    expect(events).toBeGreaterThan(250)
  })

  test.each([
    ['NaN', 'NaN'],
    ['text', 'lots'],
    ['a negative number', '-5'],
  ])('71: %s is no count: left out, and said', async (_, text) => {
    const looks = await look({ ...both, 'requests 1.2.0 c1': () => text, 'errors 1.2.0 c1': () => text })
    expect(sum(looks, 'canary').total).toBe(0)
    const told = looks.map(({ down }) => down ?? '').join('') + notes(...looks)
    expect(told).toMatch(/are not numbers|negative|no series of version 1\.2\.0|not the API/)
  })

  test('V5: no series at all is no data, and nothing is down', async () => {
    const looks = await look({})
    expect([sum(looks, 'canary').total, sum(looks, 'stable').total]).toEqual([0, 0])
    expect(looks.every(({ down }) => down === null)).toBe(true)
    expect(notes(...looks)).toMatch(
      /errors: (no data of version 1\.2\.0 and 1\.1\.0|the provider has no such series)/,
    )
  })

  test('V5: a version that is missing is named', async () => {
    const { 'requests 1.2.0 c1': _, 'errors 1.2.0 c1': __, ...stable } = both
    const looks = await look(stable)
    expect(sum(looks, 'canary').total).toBe(0)
    expect(sum(looks, 'stable').total).toBeGreaterThan(0)
    expect(notes(...looks)).toMatch(/errors: no (series|data) of version 1\.2\.0/)
  })

  test('V5: a metric that vanishes: which, and since when', async () => {
    const gone = (perSecond: number) => (at: number) => (at <= 6180 ? (at - 1000) * perSecond : undefined)
    const looks = await look({ ...both, 'requests 1.2.0 c1': gone(10), 'errors 1.2.0 c1': gone(1) }, 30, 600)
    const last = looks.findLast(({ observations }) => observations.length > 0)
    expect(last?.observations.at(-1)?.canary).toEqual([])
    expect(sum(looks, 'canary').total).toBe(1800)
    const told = notes(...looks)
    if (interval === 0) expect(told).toMatch(/no series of version 1\.2\.0/)
    else expect(told).toMatch(/errors: no data of version 1\.2\.0 since 1970-01-01T01:4[34]:00\.000Z/)
  })

  test('73: series without a version belong to nobody, and the label that is missing is named', async () => {
    const looks = await look({ 'requests - c1': line(10), 'errors - c1': line(1) })
    expect([sum(looks, 'canary').total, sum(looks, 'stable').total]).toEqual([0, 0])
    expect(notes(...looks)).toMatch(/version/)
  })

  test('73: a clock that stood still between two looks counts nothing', async () => {
    served = await serve(vendor, both)
    expect(await served.provider.observe(begin, begin, 10)).toMatchObject({
      observations: [],
      down: null,
      notes: ['the clock did not move on between two looks'],
    })
  })

  test.each([
    ['behind', -300],
    ['ahead', 300],
  ])('73: a vendor whose clock is 5 minutes %s is survived', async (_, shift) => {
    // What happens now is stored under another time; what is stored for the future cannot be known yet.
    let now = 0
    const skewed = (total: (at: number) => number) => (at: number) =>
      at > now + shift ? undefined : total(at - shift)
    const world = Object.fromEntries(
      Object.entries(both).map(([key, total]) => [key, skewed(total as (at: number) => number)]),
    )
    served = await serve(vendor, world)
    const looks: Look[] = []
    for (let at = begin; at < begin + 900 + delay; at += 60) {
      now = at + 60
      looks.push(await served.provider.observe(at, now, 10))
    }
    expect(looks.every(({ down }) => down === null)).toBe(true)
    const [canary, stable] = [sum(looks, 'canary'), sum(looks, 'stable')]
    expect(stable.total).toBe(9 * canary.total)
    if (shift > 0) expect(canary.total).toBeGreaterThanOrEqual(9000)
    else if (interval > 0) expect(notes(...looks)).toMatch(/its clock is behind|no data of version/)
  })

  test('a slice in which the share of traffic changed is left out', async () => {
    served = await serve(vendor, both)
    const { provider } = served
    const first = await provider.observe(begin, begin + 90, 10)
    const second = await provider.observe(begin + 90, begin + 300 + delay, 50)
    const seen = [first, second].flatMap(({ observations }) => observations)
    expect(new Set(seen.map(({ weight }) => weight))).toEqual(new Set([10, 50]))
    for (const { from, to, weight } of seen)
      expect(weight).toBe(to <= begin + 90 ? 10 : from >= begin + 90 ? 50 : 'neither')
  })

  test('V3: the previous release, at the same age, takes the place of the stable arm', async () => {
    const baseline = 'previous-release' as const
    served = await serve(
      vendor,
      { ...both, 'requests 1.1.0 s1': (at) => (at < 5000 ? line(50)(at) : line(80)(at)) },
      {
        policy: (policy) => ({ ...policy, baseline }),
        previousLiveAt: begin - 3600,
      },
    )
    const { provider } = served
    provider.anchor?.(begin)
    const range = await provider.range(begin, begin + 240, 60, 10)
    const looks = [
      await provider.observe(begin, begin + 120, 10),
      await provider.observe(begin + 120, begin + 240 + delay, 10),
    ]
    const length = 240 + (interval === 0 ? delay : 0)
    expect(sum(looks, 'stable')).toMatchObject({
      total: 60 * length,
      instances: ['s1, earlier', 's2, earlier'],
    })
    expect(sum([range], 'stable').total).toBe(60 * 240)
    expect(sum(looks, 'canary').total).toBe(10 * length)
  })
})
