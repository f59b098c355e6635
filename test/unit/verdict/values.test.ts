import { describe, expect, test } from '@jest/globals'
import type { MetricCriterion } from '@relman/core/verdict/criterion'
import { look, openJudge } from '@relman/core/verdict/judge'
import type { Observation } from '@relman/core/verdict/observation'
import { addValueNoise, estimateValueNoise, noValues } from '@relman/core/verdict/value-noise'
import { type Random, randomFrom } from '../../../scripts/bench-verdict-random.ts'

const saturation: MetricCriterion = {
  metric: 'cpu',
  kind: 'value',
  direction: 'lower-is-better',
  margins: [0.2],
  required: true,
}

type Gauge = { canaries: number; stables: number; spread: number; wander: number; wild?: number }

/** A gauge around 50: instances differ lastingly by `spread`, wander by `wander` (correlation 0.9), and jump at times. */
const gauge = ({ canaries, stables, spread, wander, wild = 0 }: Gauge, random: Random) => {
  const known = new Map<string, { lasting: number; wander: number }>()
  const value = (instance: string, factor: number): number => {
    const old = known.get(instance) ?? { lasting: spread * random.normal(), wander: wander * random.normal() }
    const next = 0.9 * old.wander + Math.sqrt(1 - 0.81) * wander * random.normal()
    known.set(instance, { ...old, wander: next })
    const jump = random.uniform() < wild ? 20 : 1
    return 50 * factor * jump * (1 + old.lasting + next + 0.05 * random.normal())
  }
  return (at: number, factor: number | null): Observation => {
    const arm = (name: string, count: number, times: number) =>
      Array.from({ length: count }, (_, i) => `${name}-${i}`).map((instance) => ({
        instance,
        total: 0,
        value: value(instance, times),
      }))
    return {
      schema: 1,
      metric: 'cpu',
      kind: 'value',
      from: at * 15,
      to: at * 15 + 15,
      weight: factor === null ? 0 : 10,
      canary: factor === null ? [] : arm('c', canaries, factor),
      stable: arm('s', stables, 1),
    }
  }
}

const run = (world: Gauge, factor: number, seed: number, criterion = saturation) => {
  const next = gauge(world, randomFrom(seed))
  const history = Array.from({ length: 60 }, (_, i) => next(i - 60, null))
  let state = openJudge({ criteria: [criterion], history })
  let healthy: number | null = null
  for (let at = 0; at < 40; at++) {
    const step = { index: 0, last: true, elapsedSeconds: 15 * (at + 1), weight: 10 }
    const answer = look(state, [next(at, factor)], step)
    state = answer.state
    if (answer.verdict.verdict === 'unhealthy') return { end: 'unhealthy', at, verdict: answer.verdict }
    if (answer.verdict.verdict === 'healthy') healthy ??= at
    if (at === 39)
      return { end: healthy === null ? 'inconclusive' : 'healthy', at: healthy, verdict: answer.verdict }
  }
  throw new Error('no looks')
}
const ends = (world: Gauge, factor: number, runs = 30) =>
  Array.from({ length: runs }, (_, seed) => run(world, factor, 1000 + seed))
const count = (all: readonly { end: string }[], end: string) => all.filter((one) => one.end === end).length

const calm = { canaries: 2, stables: 18, spread: 0.05, wander: 0.02 }
const worlds: [string, Gauge][] = [
  ['calm', calm],
  ['instances differ lastingly by 15 %', { ...calm, spread: 0.15 }],
  ['one canary instance among instances that differ by 15 %', { ...calm, canaries: 1, spread: 0.15 }],
  ['instances wander by 20 %', { ...calm, wander: 0.2 }],
  ['wild looks: one value in fifty is twentyfold', { ...calm, wild: 0.02 }],
  ['three stable instances', { canaries: 1, stables: 3, spread: 0.05, wander: 0.05 }],
]

describe('V4: values that did not change are not blamed on the release', () => {
  test.each(worlds)('%s', (_, world) => {
    expect(count(ends(world, 1), 'unhealthy')).toBeLessThanOrEqual(1)
  })
})

describe('V4: values worse by the margin are not proven to be within it', () => {
  test.each(worlds)('%s', (_, world) => {
    expect(count(ends(world, 1.2), 'healthy')).toBeLessThanOrEqual(4)
  })
})

test('V2: a value that doubled rolls back within five minutes, an unchanged one is proven', () => {
  const doubled = ends(calm, 2, 20)
  expect(count(doubled, 'unhealthy')).toBe(20)
  for (const { at, verdict } of doubled) {
    expect(at).toBeLessThan(20)
    expect(verdict).toMatchObject({ reason: 'value-worse', metric: 'cpu' })
    const [one] = verdict.metrics
    expect(one?.estimate).toBeGreaterThan(0.8)
    expect(one?.bounds?.[0]).toBeGreaterThan(0.2)
  }
  expect(count(ends(calm, 1, 20), 'healthy')).toBeGreaterThanOrEqual(19)
})

test('V4: a canary instance that is no stranger than stable ones are to each other is no evidence', () => {
  const strange = { canaries: 1, stables: 18, spread: 0.3, wander: 0.02 }
  const blamed = count(ends(strange, 1, 60), 'unhealthy')
  expect(blamed).toBeLessThanOrEqual(2)
})

test('V2: a value that should be high is worse when it falls', () => {
  const orders: MetricCriterion = {
    ...saturation,
    direction: 'higher-is-better',
    about: 'business',
    margins: [0.1],
  }
  const { end, verdict } = run(calm, 0.5, 1, orders)
  expect(end).toBe('unhealthy')
  expect(verdict.reason).toBe('business-decline')
  expect(verdict.metrics[0]?.estimate).toBeCloseTo(-0.5, 1)
  expect(verdict.metrics[0]?.bounds?.[1]).toBeLessThan(0)
})

describe('V2: a ceiling alone', () => {
  const limit: MetricCriterion = { ...saturation, margins: [], ceiling: 80 }
  test('is proven to be kept', () => {
    expect(run(calm, 1, 1, limit).end).toBe('healthy')
  })
  test('is exceeded', () => {
    expect(run(calm, 2, 1, limit).verdict.reason).toBe('ceiling-exceeded')
  })
  test('is not held against a release when the stable version exceeds it too', () => {
    expect(run(calm, 1, 1, { ...limit, ceiling: 30 }).end).toBe('inconclusive')
  })
})

test('a gauge that was 0 and is not any more is worse', () => {
  const zero = (at: number, value: number): Observation => {
    const one = gauge(calm, randomFrom(1))(at, 1)
    const all = (samples: Observation['canary'], to: number) =>
      samples.map((sample) => ({ ...sample, value: to }))
    return { ...one, canary: all(one.canary, value), stable: all(one.stable, 0) }
  }
  const end = (value: number) => {
    let state = openJudge({ criteria: [saturation] })
    for (let at = 0; at < 30; at++) {
      const step = { index: 0, last: true, elapsedSeconds: 15 * at, weight: 10 }
      const answer = look(state, [zero(at, value)], step)
      state = answer.state
      if (answer.verdict.verdict === 'unhealthy') return 'unhealthy'
    }
    return 'not'
  }
  expect(end(7)).toBe('unhealthy')
  expect(end(0)).toBe('not')
})

test('the noise of values: what lasts and what averages out are told apart', () => {
  const random = randomFrom(5)
  const lasting = Array.from({ length: 20 }, () => 0.2 * random.normal())
  let sums = noValues()
  for (let at = 0; at < 120; at++)
    sums = addValueNoise(
      sums,
      lasting.map((effect, i) => ({ instance: `s-${i}`, share: 1 + effect + 0.3 * random.normal() })),
    )
  const { fast, spread, freedom } = estimateValueNoise(sums, 0.1)
  const mean = lasting.reduce((sum, one) => sum + one / 20, 0)
  const wanted = lasting.reduce((sum, one) => sum + (one - mean) ** 2 / 19, 0)
  expect(spread / ((4 * 0.01 + 19 * wanted) / 23)).toBeCloseTo(1, 1)
  expect(fast).toBeGreaterThan(0.08)
  expect(fast).toBeLessThan(0.3)
  expect(freedom).toBe(23)
})
