import { expect, test } from '@jest/globals'
import { rateChart } from '@relman/core/rollout/chart'
import { observedShare, slowEdge, sumFigures } from '@relman/core/rollout/figures'
import { metricTable, stepTable } from '@relman/core/rollout/tables'
import type { Observation } from '@relman/core/verdict/observation'

const point = (at: number, canary: [number, number], stable: [number, number], metric = 'errors') => {
  const arm = (name: string, [total, events]: [number, number]) => [{ instance: name, total, events }]
  const observation: Observation = {
    schema: 1,
    metric,
    kind: 'ratio',
    from: at - 1,
    to: at,
    weight: 10,
    canary: arm('c', canary),
    stable: arm('s', stable),
  }
  return { at, weight: 10, observations: [observation] }
}

test('V6: the chart holds both rates in percent against time, and stays small', () => {
  const points = Array.from({ length: 400 }, (_, index) => point(index, [100, 5], [900, 9]))
  const chart = rateChart(points, 'errors')
  expect(chart).toContain('x-axis "minutes" 0 --> 6.7')
  // Without a verdict nothing is known of what is allowed.
  expect(chart).not.toContain('bar [')
  const [canary, stable] = [...chart.matchAll(/line \[(.*)\]/g)].map(
    ([, values]) => values?.split(', ').map(Number) ?? [],
  )
  expect(canary?.every((value) => value === 5)).toBe(true)
  expect(stable?.every((value) => value === 1)).toBe(true)
  expect(canary?.length).toBeLessThanOrEqual(40)
})

test('V5, V6: without data there is no chart, and no share', () => {
  expect(rateChart([], 'errors')).toBe('')
  expect(rateChart([point(1, [0, 0], [0, 0]), point(2, [0, 0], [0, 0])], 'errors')).toBe('')
  expect(observedShare(sumFigures([]))).toBeNull()
})

test('V6: values of any size are drawn as decimal numbers, which is all that a diagram can read', () => {
  const values: [number, number][] = [
    [1e308, 3e-9],
    [-1e308, 5e-324],
    [2e21, 0.25],
  ]
  const points = values.map(([canary, stable], at) => ({
    at,
    weight: 10,
    observations: point(at, [0, 0], [0, 0]).observations.map((one) => ({
      ...one,
      kind: 'value' as const,
      canary: [0, 1, 2].map((pod) => ({ instance: `c${pod}`, total: 0, value: canary })),
      stable: [{ instance: 's', total: 0, value: stable }],
    })),
  }))
  const chart = rateChart(points, 'errors')
  expect(chart).toContain(
    'line [100000000000000000000, -100000000000000000000, 100000000000000000000]\n  line [0, 0, 0.25]',
  )
  expect(chart).toMatch(/y-axis "value" -100000000000000000000 --> 110000000000000000000$/m)
})

test('7: a metric name cannot break out of the diagram', () => {
  const name = 'x"\nclick'
  expect(rateChart([point(1, [1, 0], [1, 0], name), point(2, [1, 0], [1, 0], name)], name)).not.toContain(
    'click',
  )
})

test('slow requests are counted at the lowest edge that is a tail of stable', () => {
  const buckets = { le: [0.1, 0.3, 1], counts: [60, 37, 2, 1] }
  const base = point(1, [0, 0], [0, 0]).observations[0]
  if (!base) throw new Error('no observation')
  const sample = { instance: 's', total: 100, buckets }
  const observation = { ...base, kind: 'latency' as const, canary: [sample], stable: [sample] }
  expect(slowEdge([observation])).toBe(0.3)
  expect(sumFigures([observation], 0.3).canary).toEqual({ total: 100, events: 3 })
})

test('V6: tables show each step and each metric, and hostile text stays inert', () => {
  const visit = {
    step: 0,
    weight: 10,
    movedAt: 0,
    confirmedAt: 1,
    endedAt: 3,
    verdict: 'healthy' as const,
    reason: 'proven',
  }
  const table = stepTable([visit], [point(1, [100, 1], [900, 2]), point(9, [1000, 1], [9, 2])], 'errors')
  expect(table).toMatch(/1 +\| 10 % +\| 10 % +\| 100 \/ 900 +\| 1 \/ 2 +\| 3 +\| healthy/)
  const arm = { total: 10, events: 1, rate: 0.1 }
  const metric = {
    metric: 'm',
    criterion: 'a | <img src=x> @ada',
    verdict: 'healthy' as const,
    reason: 'proven' as const,
    canary: arm,
    stable: arm,
    estimate: null,
    bounds: null,
    margin: null,
    evidenceAgainst: 1,
    evidenceFor: 1,
    words: 'x',
  }
  const shown = metricTable({ metrics: [metric] })
  expect(shown).not.toMatch(/[^\\]<img/)
  expect(shown).toContain('a \\| \\<')
  expect(shown).not.toContain('@ada')
})
