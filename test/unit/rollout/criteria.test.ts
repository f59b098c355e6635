import { expect, test } from '@jest/globals'
import { metricsPolicy } from '@relman/core/config/metrics-policy'
import { rolloutPolicy } from '@relman/core/config/rollout-policy'
import { criteriaOf, judgeSettings } from '@relman/core/rollout/criteria'
import { ladder } from '@relman/core/rollout/ladder'
import { openJudge } from '@relman/core/verdict/judge'

const rungs = ladder(rolloutPolicy.parse({}))
const policy = metricsPolicy.parse({
  checks: [
    { kind: 'ratio', name: 'errors', total: 'a', events: 'b', ceiling: '1 %' },
    { kind: 'latency', name: 'latency', histogram: 'h' },
    { kind: 'latency', name: 'tail', histogram: 'h', margins: ['10 %', '2 %'] },
    { kind: 'rate', name: 'orders', total: 'a', events: 'o' },
    {
      kind: 'rate',
      name: 'dependency',
      total: 'a',
      events: 'd',
      direction: 'lower-is-better',
      margins: ['20 %'],
      required: false,
    },
  ],
  health: ['http://localhost/health'],
})

test('V2: each check has its default, and percentage points become shares', () => {
  const found = criteriaOf(policy, rungs)
  const by = Object.fromEntries(found.map((criterion) => [criterion.metric, criterion]))
  expect(by['errors']?.margins).toEqual([0.01, 0.005, 0.002, 0.001, 0.001])
  expect(by['errors']).toMatchObject({ unit: 'share', ceiling: 0.01, required: true })
  expect(by['latency']).toMatchObject({ unit: 'slower', margins: [0.2] })
  expect(by['tail']).toMatchObject({ unit: 'share', margins: [0.1, 0.02] })
  expect(by['orders']).toMatchObject({ unit: 'relative', margins: [0.05], direction: 'higher-is-better' })
  expect(by['dependency']).toMatchObject({ direction: 'lower-is-better', margins: [0.2], required: false })
  expect(by['health']).toMatchObject({ kind: 'health', required: true })
})

test('V5: the judge takes every criterion, and shows it as written', () => {
  const settings = judgeSettings({ metrics: policy, rollout: rolloutPolicy.parse({}) }, rungs, [])
  expect(() => openJudge(settings)).not.toThrow()
  expect(settings.criteria.every(({ written }) => written)).toBe(true)
  expect(criteriaOf(undefined, rungs)).toEqual([])
})
