import { expect, test } from '@jest/globals'
import { config } from '@relman/core/config/config'
import type { Seen } from '@relman/core/purpose/measure-objective'
import { measureCriteria } from '@relman/core/review/measure-criteria'
import type { Sample } from '@relman/core/verdict/observation'

const policy = (checks: object[]) =>
  config.parse({
    metrics: { file: { path: 'x' }, checks },
    rollout: { steps: [{ weight: 10, margin: '1 %', min: 1, max: 9 }] },
  })
const seen = (metric: string, kind: string, sample: Partial<Sample>): Seen => ({
  observations: [
    {
      ...{ schema: 1, metric, kind: kind as 'ratio', from: 0, to: 60, weight: 100 },
      canary: [{ instance: 'a', total: 0, ...sample }],
      stable: [],
    },
  ],
  missing: null,
  from: 0,
  to: 60,
})
const nothing: Seen = { observations: [], missing: 'down', from: 0, to: 60 }
const ratio = (events: number, total = 100_000) => seen('errors', 'ratio', { events, total })
const outcomes = (checks: object[], now: Seen, before: Seen) =>
  measureCriteria({ policy: policy(checks) }, [], now, before).map(({ outcome }) => outcome)
const errors = [{ kind: 'ratio', name: 'errors' }]

test.each<[string, Seen, Seen, string]>([
  ['within its margin', ratio(500), ratio(400), 'held'],
  ['beyond it', ratio(2_000), ratio(400), 'broken'],
  ['within what chance may do', ratio(14, 1_000), ratio(4, 1_000), 'inconclusive'],
  ['without the previous version', ratio(500), nothing, 'inconclusive'],
  ['without anything now', nothing, ratio(400), 'inconclusive'],
])('P19, N9: a share of bad requests %s', (_, now, before, outcome) => {
  expect(outcomes(errors, now, before)[0]).toBe(outcome)
})

test('P19: a limit that is far exceeded is broken, whatever was before', () => {
  const checks = [{ kind: 'ratio', name: 'errors', ceiling: 1 }]
  expect(outcomes(checks, ratio(5_000), ratio(5_000))).toEqual(['broken'])
  expect(outcomes(checks, ratio(100), nothing)).toEqual(['inconclusive'])
})

test('P19: business that falls by more than its margin is broken', () => {
  const checks = [{ kind: 'rate', name: 'orders' }]
  const orders = (events: number) => seen('orders', 'rate', { events, total: 100_000 })
  expect(outcomes(checks, orders(8_000), orders(10_000))).toEqual(['broken'])
  expect(outcomes(checks, orders(10_100), orders(10_000))).toEqual(['held'])
})

test('P19: plain values and quantiles compare with the previous version', () => {
  const memory = (value: number) => seen('memory', 'value', { value })
  const value = [{ kind: 'value', name: 'memory' }]
  expect(outcomes(value, memory(110), memory(100))).toEqual(['held'])
  expect(outcomes(value, memory(150), memory(100))).toEqual(['broken'])
  const latency = (slow: number) =>
    seen('latency', 'latency', {
      total: 10_000,
      buckets: { le: [0.1, 0.5, 2], counts: [9_000, 1_000 - slow, slow] },
    })
  expect(outcomes([{ kind: 'latency', name: 'latency' }], latency(900), latency(10))).toContain('broken')
  expect(outcomes([{ kind: 'latency', name: 'latency' }], latency(10), latency(10))).toContain('held')
})

test('P19: what the rollout showed stands beside what is now', () => {
  const event = (weight: number, logRatio: number) => ({
    kind: 'verdict' as const,
    data: { weight, evidence: { ratios: [{ metric: 'errors', logRatio, variance: 1 }] } },
  })
  const events = [event(10, 0), event(50, Math.log(1.25)), { kind: 'deployed', data: {} }] as never
  const [first] = measureCriteria({ policy: policy(errors) }, events, ratio(500), ratio(400))
  expect(first).toMatchObject({
    release: '1.25 × the version before, at 50 %',
    before: '0.4 %',
    now: '0.5 %',
  })
})
