import { describe, expect, test } from '@jest/globals'
import type { MetricCriterion } from '@relman/core/verdict/criterion'
import { chooseEdges } from '@relman/core/verdict/latency-edges'
import type { Observation, Sample } from '@relman/core/verdict/observation'
import { randomFrom } from '../../../scripts/bench-verdict-random.ts'
import { looksAt, observed } from './looks.ts'

const le = [0.02, 0.04, 0.08, 0.16, 0.32, 0.64]
const median: MetricCriterion = {
  metric: 'latency p50',
  observes: 'latency',
  kind: 'latency',
  direction: 'lower-is-better',
  unit: 'slower',
  quantile: 0.5,
  margins: [0.2],
  required: true,
}

/** A histogram of so many requests, each drawn: exponential latencies, half of which take at most `middle`. */
const histogram = (
  random: ReturnType<typeof randomFrom>,
  instance: string,
  { middle = 0.06, requests = 150, tail = 0 },
): Sample => {
  const counts = new Array<number>(le.length + 1).fill(0)
  for (let one = 0; one < requests; one++) {
    const slow = random.uniform() < tail
    const seconds = slow ? 0.5 : (-Math.log(1 - random.uniform()) * middle) / Math.LN2
    const at = le.findIndex((edge) => seconds <= edge)
    counts[at < 0 ? le.length : at] = (counts[at < 0 ? le.length : at] ?? 0) + 1
  }
  return { instance, total: requests, buckets: { le, counts } }
}

const arm = (random: ReturnType<typeof randomFrom>, name: string, how: { middle?: number; tail?: number }) =>
  [0, 1, 2, 3].map((i) => histogram(random, `${name}-${i}`, how))

const run = (seed: number, canary: { middle?: number; tail?: number }, looks = 20) => {
  const random = randomFrom(seed)
  const at = (second: number, how: typeof canary | null): Observation =>
    observed(second, how ? arm(random, 'canary', how) : [], arm(random, 'stable', {}), {
      metric: 'latency',
      kind: 'latency',
      weight: 50,
    })
  const history = Array.from({ length: 20 }, (_, i) => at(-200 + 10 * i, null))
  return looksAt(
    { criteria: [median], history },
    Array.from({ length: looks }, (_, i) => [at(10 * i, canary)]),
  )
}
const isUnhealthy = ({ verdicts }: ReturnType<typeof run>) =>
  verdicts.some(({ verdict }) => verdict === 'unhealthy')

test('V2: the median is judged at the edge nearest to it alone, the tail at edges of its own', () => {
  const counts = [200, 200, 250, 200, 100, 40, 10]
  expect(chooseEdges({ le, counts }, 0.5)).toEqual([{ edge: 0.04, tail: expect.closeTo(0.6), proves: true }])
  expect(chooseEdges({ le, counts }, 0.99).every(({ tail }) => tail <= 0.25)).toBe(true)
  expect(chooseEdges({ le: [0.02, 0.04], counts: [10, 10, 980] }, 0.5)).toEqual([])
})

describe('V2: a median that may be 1.2 times the baseline', () => {
  test('the same latencies are proven, and a median twice as slow is found', () => {
    const same = run(1, {})
    expect(same.verdict.verdict).toBe('healthy')
    expect(same.verdict.metrics[0]?.edge).toBe(0.08)
    const slow = run(2, { middle: 0.12 })
    expect(slow.verdicts.findIndex(({ verdict }) => verdict === 'unhealthy')).toBeLessThanOrEqual(12)
    expect(slow.verdicts.find(({ verdict }) => verdict === 'unhealthy')).toMatchObject({
      reason: 'latency-above-margin',
      metric: 'latency p50',
    })
  })

  test('a slow tail alone does not move it', () => {
    expect(isUnhealthy(run(3, { tail: 0.02 }))).toBe(false)
  })

  test('V4: half of the requests are "slow", which is no longer rare: 20 harmless releases, none returned', () => {
    const returned = Array.from({ length: 20 }, (_, seed) => run(100 + seed, {}, 15)).filter(isUnhealthy)
    expect(returned).toHaveLength(0)
  })

  test('V4: beyond the margin hardly any of 12 is proven, one in ten at most', () => {
    const last = Array.from({ length: 12 }, (_, seed) => run(300 + seed, { middle: 0.06 * 1.25 }, 10))
    expect(last.filter(({ verdict }) => verdict.verdict === 'healthy').length).toBeLessThanOrEqual(1)
  })
})
