import { describe, expect, test } from '@jest/globals'
import type { MetricCriterion } from '@relman/core/verdict/criterion'
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

test('tails are linear within a bucket', () => {
  const buckets = { le: [0.1, 0.2], counts: [60, 30, 10] }
  expect(tailShare(buckets, 0.1)).toBeCloseTo(0.4)
  expect(tailShare(buckets, 0.15)).toBeCloseTo(0.25)
  expect(tailShare(buckets, 0.05)).toBeCloseTo(0.7)
  expect(tailShare(buckets, 9)).toBeCloseTo(0.1)
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
