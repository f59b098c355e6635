import { expect, test } from '@jest/globals'
import { judgeRecovery } from '@relman/core/rollback/recovery'
import type { MetricCriterion } from '@relman/core/verdict/criterion'
import type { Observation } from '@relman/core/verdict/observation'

const criterion: MetricCriterion = {
  metric: 'errors',
  kind: 'ratio',
  direction: 'lower-is-better',
  margins: [0.01],
  unit: 'share',
  required: true,
}
const orders: MetricCriterion = {
  metric: 'orders',
  kind: 'rate',
  direction: 'higher-is-better',
  margins: [0.5, 0.25],
  unit: 'relative',
  required: true,
}
const seen = (metric: string, total: number, events: number): Observation => ({
  schema: 1,
  metric,
  kind: 'ratio',
  from: 0,
  to: 1,
  weight: 0,
  canary: [],
  stable: [{ instance: 's', total, events }],
})

test.each<[string, MetricCriterion[], [number, number], [number, number], string]>([
  ['as before', [criterion], [10_000, 10], [1000, 1], 'recovered'],
  ['within the margin', [criterion], [10_000, 10], [1000, 9], 'recovered'],
  ['a few errors of few requests', [criterion], [10_000, 10], [100, 3], 'recovered'],
  ['clearly worse', [criterion], [10_000, 10], [1000, 80], 'not-recovered'],
  ['nothing since', [criterion], [10_000, 10], [0, 0], 'unverified'],
  ['too little before', [criterion], [10, 0], [1000, 0], 'unverified'],
])('B5: errors %s', (_, criteria, before, after, state) => {
  expect(judgeRecovery(criteria, [seen('errors', ...before)], [seen('errors', ...after)]).state).toBe(state)
})

test('B5: a business count that stays low is not recovered', () => {
  const judge = (events: number) =>
    judgeRecovery([orders], [seen('orders', 10_000, 3000)], [seen('orders', 1000, events)]).state
  // A half lost is within the margin of the first step, but not what was promised.
  expect([judge(300), judge(150), judge(100)]).toEqual(['recovered', 'not-recovered', 'not-recovered'])
})

test('B5: a plain value is not compared, and stands in nobody’s way', () => {
  const value: MetricCriterion = { ...criterion, metric: 'saturation', kind: 'value', unit: 'relative' }
  const [before, after] = [[seen('errors', 10_000, 10)], [seen('errors', 1000, 1)]]
  expect(judgeRecovery([criterion, value], before, after).state).toBe('recovered')
  expect(judgeRecovery([value], before, after).state).toBe('unverified')
})

test('V5: no check at all is unverified, never recovered', () => {
  expect(judgeRecovery([], [], []).state).toBe('unverified')
  const health: MetricCriterion = {
    metric: 'health',
    kind: 'health',
    direction: 'lower-is-better',
    margins: [],
    required: true,
  }
  expect(judgeRecovery([health], [], []).state).toBe('unverified')
})
