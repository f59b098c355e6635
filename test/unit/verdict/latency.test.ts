import { describe, expect, test } from '@jest/globals'
import type { MetricCriterion } from '@relman/core/verdict/criterion'
import { look, openJudge } from '@relman/core/verdict/judge'
import { chooseEdges, mergeBuckets, slowerThan, tailShare } from '@relman/core/verdict/latency-edges'
import type { Observation, Sample } from '@relman/core/verdict/observation'
import { randomFrom } from '../../../scripts/bench-verdict-random.ts'
import { looksAt, observed } from './looks.ts'

const le = [0.05, 0.1, 0.25, 0.5]
const shares = [0.8, 0.16, 0.03, 0.008, 0.002]

const latency: MetricCriterion = {
  metric: 'latency',
  kind: 'latency',
  direction: 'lower-is-better',
  margins: [0.02],
  required: true,
}

const random = randomFrom(3)
const histogram = (instance: string, total: number, slow = 0): Sample => {
  const mixed = shares.map((share, i) => share * (1 - slow) + (i === 3 ? slow : 0))
  return { instance, total, buckets: { le, counts: mixed.map((share) => random.poisson(total * share)) } }
}
const at = (second: number, slow: number, canary = 300): Observation =>
  observed(
    second,
    canary > 0 ? [histogram('c', canary, slow)] : [],
    ['a', 'b', 'd'].map((name) => histogram(name, 1000)),
    { metric: 'latency', kind: 'latency' },
  )
const history = Array.from({ length: 20 }, (_, i) => at(-200 + 10 * i, 0, 0))

test('tails fall as a power of time within a bucket, and linearly in the first one', () => {
  const buckets = { le: [0.1, 0.2], counts: [60, 30, 10] }
  expect(tailShare(buckets, 0.1)).toBeCloseTo(0.4)
  // 0.4 at 0.1 s and 0.1 at 0.2 s: the inverse square of time.
  expect(tailShare(buckets, 0.15)).toBeCloseTo(0.4 / 1.5 ** 2)
  expect(tailShare(buckets, 0.05)).toBeCloseTo(0.7)
  expect(tailShare(buckets, 9)).toBeCloseTo(0.1)
  const quiet = tailShare({ le: [0.1, 0.2], counts: [60, 40, 0] }, 0.15)
  expect(quiet).toBeGreaterThan(0.005)
  expect(quiet).toBeLessThan(0.1)
})

test('edges are those nearest to tails of 20, 3, 0.5 % and to the quantile, which is proven', () => {
  const counts = shares.map((share) => share * 10000)
  expect(chooseEdges({ le, counts }, 0.99)).toEqual([
    { edge: 0.25, tail: expect.closeTo(0.01), proves: true },
    { edge: 0.05, tail: expect.closeTo(0.2), proves: false },
    { edge: 0.1, tail: expect.closeTo(0.04), proves: false },
  ])
  expect(chooseEdges({ le, counts }, 0.95).find(({ proves }) => proves)?.edge).toBe(0.1)
  expect(chooseEdges({ le: [0.1, 0.2], counts: [500, 0, 0] }, 0.99)).toEqual([
    { edge: 0.1, tail: 0, proves: true },
  ])
  expect(chooseEdges({ le: [0.1], counts: [10, 500] }, 0.99)).toEqual([])
})

test('histograms with different edges meet on the common ones', () => {
  const one = { le: [0.1, 0.2, 0.4], counts: [5, 4, 3, 2] }
  const other = { le: [0.2, 0.4, 0.8], counts: [10, 5, 1, 1] }
  expect(mergeBuckets([one, other])).toEqual({ le: [0.2, 0.4], counts: [19, 8, 4] })
  expect(mergeBuckets([one, { le: [7], counts: [1, 1] }])).toBeNull()
  expect(mergeBuckets([])).toBeNull()
  const sample = { instance: 'x', total: 14, buckets: one }
  expect(slowerThan([sample], 0.2)).toEqual([{ instance: 'x', total: 14, events: 5 }])
  expect(slowerThan([sample], 0.3)).toEqual([])
})

describe('V2: latency is judged as a distribution', () => {
  const run = (criterion: MetricCriterion, slow: number, looks = 30) =>
    looksAt(
      { criteria: [criterion], history },
      Array.from({ length: looks }, (_, i) => [at(10 * i, slow)]),
    )

  test('the same latencies are proven', () => {
    const { verdict, verdicts } = run(latency, 0)
    expect(verdict.verdict).toBe('healthy')
    expect(verdicts.some((one) => one.verdict === 'unhealthy')).toBe(false)
    const [lo, hi] = verdict.metrics[0]?.bounds ?? [0, 0]
    expect(lo).toBeLessThan(0)
    expect(hi).toBeGreaterThan(0)
  })

  test('ten points more slow requests are found', () => {
    const { verdicts } = run(latency, 0.1)
    const found = verdicts.findIndex(({ verdict }) => verdict === 'unhealthy')
    expect(found).toBeGreaterThanOrEqual(0)
    expect(found).toBeLessThan(5)
    expect(verdicts[found]).toMatchObject({ reason: 'latency-above-margin', metric: 'latency' })
  })

  test.each([
    ['slower', 0.2],
    ['relative', 0.5],
  ] as const)('a margin in the unit "%s"', (unit, margin) => {
    const criterion: MetricCriterion = { ...latency, unit, margins: [margin] }
    expect(run(criterion, 0.1).verdicts.some(({ verdict }) => verdict === 'unhealthy')).toBe(true)
    expect(run(criterion, 0).verdicts.some(({ verdict }) => verdict === 'unhealthy')).toBe(false)
  })
})

test('V5: a bucket edge that one arm lacks is said, and is no evidence', () => {
  const bare: Sample = { instance: 'c', total: 300, buckets: { le: [0.05], counts: [200, 100] } }
  const looks = Array.from({ length: 20 }, (_, i) => [{ ...at(10 * i, 0), canary: [bare] }])
  const { verdict } = looksAt({ criteria: [latency], history }, looks)
  expect(verdict).toMatchObject({ verdict: 'inconclusive', reason: 'bucket-edges-differ' })
  expect(verdict.words).toMatch(/the canary arm has no bucket edge at 0.25, where latency is judged/)
})

test('V5: a histogram that cannot be is left out', () => {
  for (const [buckets, sentence] of [
    [{ le: [0.1], counts: [1] }, /buckets do not fit its edges/],
    [{ le: [0.2, 0.1], counts: [1, 1, 1] }, /edges do not ascend/],
    [{ le: [0.1], counts: [1, Number.NaN] }, /NaN requests in a bucket/],
    [undefined, /reports no histogram/],
  ] as const) {
    const canary = [
      {
        instance: 'c',
        total: 2,
        ...(buckets ? { buckets: { le: [...buckets.le], counts: [...buckets.counts] } } : {}),
      },
    ]
    const { verdict } = looksAt({ criteria: [latency], history }, [[{ ...at(0, 0), canary }]])
    expect(verdict.metrics[0]).toMatchObject({ reason: 'bad-data', detail: expect.stringMatching(sentence) })
  }
})

describe('V4: 1.2 times as slow in the default buckets of Prometheus, which have one edge between 0.1 and 0.5 s', () => {
  const edges = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
  /** Log-normal: a median of 50 ms, and one request in a hundred above some 160 ms. */
  const judged = (times: number): string => {
    const draw = randomFrom(3)
    const sampled = (instance: string, total: number, slower: number): Sample => {
      const counts = [...edges, 0].map(() => 0)
      for (let i = 0; i < total; i++) {
        const seconds = 0.05 * slower * Math.exp(0.5 * draw.normal())
        const at = edges.findIndex((edge) => seconds <= edge)
        counts[at < 0 ? edges.length : at] = (counts[at < 0 ? edges.length : at] ?? 0) + 1
      }
      return { instance, total, buckets: { le: edges, counts } }
    }
    const arm = (name: string, slower: number) =>
      ['0', '1', '2', '3'].map((i) => sampled(name + i, 600, slower))
    const seen = (second: number, canary: Sample[]) =>
      observed(second, canary, arm('s', 1), { metric: 'latency', kind: 'latency', weight: 50 })
    const before = Array.from({ length: 20 }, (_, i) => seen(-200 + 10 * i, []))
    const criterion: MetricCriterion = {
      metric: 'latency',
      kind: 'latency',
      direction: 'lower-is-better',
      unit: 'slower',
      quantile: 0.99,
      margins: [0.2],
      required: true,
    }
    let state = openJudge({ criteria: [criterion], history: before })
    for (let i = 0; i < 40; i++) {
      const answer = look(state, [seen(10 * i, arm('c', times))], {
        index: 0,
        last: true,
        elapsedSeconds: 10 * (i + 1),
        weight: 50,
      })
      state = answer.state
      if (answer.verdict.verdict !== 'inconclusive') return answer.verdict.verdict
    }
    return 'inconclusive'
  }
  test.each([
    [1, 'healthy'],
    [1.2, 'inconclusive'],
    [1.34, 'unhealthy'],
    [1.4, 'unhealthy'],
    [2, 'unhealthy'],
  ])('%d times as slow is %s', (times, verdict) => {
    expect(judged(times)).toBe(verdict)
  })
})
