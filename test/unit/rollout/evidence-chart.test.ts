import { expect, test } from '@jest/globals'
import { type ChartPoint, evidenceChart, rateChart } from '@relman/core/rollout/chart'
import { differenceWords, intervalWords, stepWords } from '@relman/core/rollout/difference-words'
import { quantilesOf } from '@relman/core/rollout/quantiles'
import { latencyTable } from '@relman/core/rollout/tables'
import type { Observation } from '@relman/core/verdict/observation'
import type { MetricVerdict, Verdict } from '@relman/core/verdict/verdict'

const arm = (rate: number) => ({ total: 1000, events: 1000 * rate, rate })
const metric = (over: Partial<MetricVerdict>): MetricVerdict => ({
  metric: 'errors',
  criterion: 'errors < baseline + 0.1 %',
  verdict: 'inconclusive',
  reason: 'not-proven-yet',
  kind: 'ratio',
  direction: 'lower-is-better',
  unit: 'share',
  canary: arm(0.001),
  stable: arm(0.001),
  estimate: 0,
  bounds: [-0.001, 0.002],
  margin: 0.01,
  promised: 0.001,
  required: true,
  evidenceAgainst: 1,
  evidenceFor: 1,
  words: 'nothing either way yet',
  ...over,
})
const point = (
  at: number,
  over: Partial<MetricVerdict>,
  whole: Partial<Verdict> = {},
  canary = 100,
): ChartPoint => {
  const one = metric(over)
  const observation: Observation = {
    schema: 1,
    metric: one.metric,
    kind: 'ratio',
    from: at - 15,
    to: at,
    weight: 1,
    canary: canary > 0 ? [{ instance: 'c', total: canary, events: 1 }] : [],
    stable: [{ instance: 's', total: 1000, events: 1 }],
  }
  const verdict: Verdict = {
    schema: 1,
    verdict: 'inconclusive',
    reason: 'not-proven-yet',
    at,
    step: 0,
    weight: 1,
    evidenceAgainst: one.evidenceAgainst,
    words: '',
    metrics: [one],
    ...whole,
  }
  return { at, weight: 1, observations: [observation], verdict }
}
const series = (chart: string, kind: 'line' | 'bar') =>
  [...chart.matchAll(new RegExp(`${kind} \\[(.*)\\]`, 'g'))].map(
    ([, values]) => values?.split(', ').map(Number) ?? [],
  )
const demands = { limit: 100, intermediate: 10, last: 20 }

test('V6: the chart shows what the step allows, and nothing allowed where there was no data', () => {
  const points = [point(15, {}), point(30, { margin: 0.005 }), point(45, {}, {}, 0)]
  const chart = rateChart(points, 'errors')
  const [band, blank] = series(chart, 'bar')
  expect(band).toEqual([1.1, 0.6, 0])
  expect(blank).toEqual([0, 0, expect.any(Number)])
  expect(blank?.[2]).toBeGreaterThan(1)
  expect(chart).toContain('grey: nothing was seen of the new version')
  const relative = [{ unit: 'relative', direction: 'higher-is-better', margin: 0.05 }] as const
  const floor = rateChart(
    [15, 30].map((at) => point(at, { ...relative[0], stable: arm(0.2) })),
    'errors',
  )
  expect(series(floor, 'bar')).toEqual([[19, 19]])
  expect(floor).toContain('too low')
})

test('V6: a limit beside the comparison lowers the band', () => {
  const points = [15, 30].map((at) => {
    const { verdict, ...rest } = point(at, { margin: 0.05 })
    const limit = metric({ metric: 'errors limit', ceiling: 0.01, margin: null })
    return { ...rest, verdict: verdict ? { ...verdict, metrics: [...verdict.metrics, limit] } : null }
  })
  expect(series(rateChart(points, 'errors'), 'bar')).toEqual([[1, 1]])
})

test('V6: evidence is drawn against what decides, with the moment that it did', () => {
  const points = [
    point(15, { evidenceAgainst: 1, evidenceFor: 0.5 }),
    point(30, { evidenceAgainst: 10, evidenceFor: 3.1623 }),
    point(45, { evidenceAgainst: 100 }, { verdict: 'unhealthy', reason: 'error-rate-above-margin' }),
  ]
  const chart = evidenceChart(points, demands, 4)
  expect(series(chart, 'line')).toEqual([
    [0, 50, 100],
    [0, 50, 0],
    [100, 100, 100],
  ])
  expect(series(chart, 'bar')).toEqual([[0, 0, 150]])
})

test('V6: evidence that something else may explain has not decided, however much it is', () => {
  const doubted = { verdict: 'inconclusive', reason: 'too-little-seen' } as const
  const points = [15, 30].map((at) => point(at, { evidenceAgainst: 5000 }, doubted))
  expect(series(evidenceChart(points, demands, 4), 'line')[0]).toEqual([99, 99])
})

test('V6: a step is marked once, where it was first proven; the last one demands more', () => {
  const proven = { verdict: 'healthy', reason: 'proven' } as const
  const points = [
    point(15, { evidenceFor: 10 }, { ...proven, step: 3 }),
    point(30, { evidenceFor: 10 }, { ...proven, step: 3 }),
    point(45, { evidenceFor: 20 }, { ...proven, step: 4 }),
  ]
  const chart = evidenceChart(points, demands, 4)
  expect(series(chart, 'bar')).toEqual([[150, 0, 150]])
  expect(series(chart, 'line')[1]).toEqual([100, 100, 100])
})

test('V5: evidence of a metric that vanished proves nothing any more', () => {
  const gone = { evidenceFor: 1000, reason: 'metric-vanished' } as const
  const chart = evidenceChart([point(15, { evidenceFor: 1000 }), point(30, gone)], demands, 4)
  expect(series(chart, 'line')[1]).toEqual([150, 0])
})

test.each([
  [
    { estimate: 0.02, bounds: [0.012, 0.031] as [number, number], unit: 'share' as const },
    '+2 pp (+1.2 to +3.1)',
  ],
  [
    { estimate: -0.03, bounds: [-0.4, 1e9] as [number, number], unit: 'relative' as const },
    '−3 % (−40 to any)',
  ],
  [
    { estimate: 0, bounds: [-0.001, 2.31] as [number, number], unit: 'share' as const },
    '+0 pp (−0.1 to any)',
  ],
  [{ estimate: null, bounds: null }, '–'],
])('V6: %j in words', (given, words) => {
  expect(differenceWords(given)).toBe(words)
})

test('V4: an interval that reaches beyond a margin that is proven is explained, others are not', () => {
  const proven = { verdict: 'healthy', margin: 0.001, bounds: [-0.001, 0.0055] } as const
  const words = (over: Partial<MetricVerdict>) =>
    intervalWords([metric({ ...proven, bounds: [...proven.bounds], ...over })], demands)
  expect(words({})).toMatch(/holds on both sides and at all looks together with a chance of 99 %/)
  expect(words({})).toMatch(/at odds of 10 to 1 \(20 to 1 at the last step\)/)
  expect(words({ verdict: 'inconclusive' })).toBe('')
  expect(words({ bounds: [-0.0005, 0.0009] })).toBe('')
  expect(words({ bounds: null })).toBe('')
  const fall = { direction: 'higher-is-better', margin: 0.05 } as const
  expect(words({ ...fall, bounds: [-0.04, 0.2] })).toBe('')
  expect(words({ ...fall, bounds: [-0.06, 0.2] })).not.toBe('')
})

test.each([
  [{ margin: 0.01, promised: 0.001, unit: 'share' as const }, 'within 1 pp, in the end 0.1 pp'],
  [{ margin: 0.001, promised: 0.001, unit: 'share' as const }, 'within 0.1 pp'],
  [{ margin: null, ceiling: 0.01 }, 'below 1 %'],
  [{ margin: null, ceiling: 0.8, kind: 'value' as const }, 'below 0.8'],
])('V5: a step and the promise it works towards: %j', (given, words) => {
  expect(stepWords(given)).toBe(words)
})

test('V2, V6: p50, p95 and p99 of both versions, where enough requests show them', () => {
  const histogram = (counts: number[]): Observation => {
    const [base] = point(15, {}).observations
    const sample = { instance: 'x', total: 1000, buckets: { le: [0.1, 0.2, 0.4], counts } }
    return {
      ...(base as Observation),
      metric: 'latency',
      kind: 'latency',
      canary: [sample],
      stable: [sample],
    }
  }
  const { canary } = quantilesOf([histogram([500, 400, 100, 0])]) ?? {}
  expect(canary?.p50).toBeCloseTo(0.1)
  expect(canary?.p95).toBeCloseTo(0.3)
  expect(canary?.p99).toBeCloseTo(0.38)
  expect(quantilesOf([histogram([50, 40, 10, 0])])?.canary).toMatchObject({
    p95: expect.any(Number),
    p99: null,
  })
  expect(quantilesOf([histogram([500, 400, 80, 20])])?.canary.p99).toBeNull()
  const points = [{ at: 15, weight: 1, observations: [histogram([500, 400, 100, 0])] }]
  const table = latencyTable(points, [{ name: 'latency', kind: 'latency' }])
  expect(table).toMatch(/p99 of latency \| 380 ms \| 380 ms \| 1.00 ×/)
})
