import { expect, test } from '@jest/globals'
import { metricsPolicy } from '@relman/core/config/metrics-policy'
import { rolloutPolicy } from '@relman/core/config/rollout-policy'
import { criteriaOf, judgeSettings } from '@relman/core/rollout/criteria'
import { criterionWords, stepProofs } from '@relman/core/rollout/criterion-words'
import { ladder } from '@relman/core/rollout/ladder'
import { stepMargins } from '@relman/core/rollout/step-margins'
import type { MetricCriterion } from '@relman/core/verdict/criterion'
import { type JudgeState, look as judgeLook, openJudge } from '@relman/core/verdict/judge'
import type { Verdict } from '@relman/core/verdict/verdict'

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
  expect(by['latency']).toMatchObject({ unit: 'slower', margins: [1, 1, 0.4, 0.2, 0.2] })
  expect(by['tail']).toMatchObject({ unit: 'share', margins: [0.1, 0.02] })
  expect(by['orders']).toMatchObject({ unit: 'relative', margins: [0.5, 0.25, 0.1, 0.05, 0.05] })
  expect(by['orders']?.direction).toBe('higher-is-better')
  expect(by['dependency']).toMatchObject({ direction: 'lower-is-better', margins: [0.2], required: false })
  expect(by['health']).toMatchObject({ kind: 'health', required: true })
})

const written = (criteria: string[]) =>
  Object.fromEntries(
    criteriaOf(metricsPolicy.parse({ ...policy, checks: [...checks], health: [], criteria }), rungs).map(
      (criterion) => [criterion.metric, criterion],
    ),
  )
const checks = [
  { kind: 'ratio', name: 'error-rate', total: 'a', events: 'b' },
  { kind: 'ratio', name: 'http-5xx', total: 'a', events: 'b' },
  { kind: 'latency', name: 'latency', histogram: 'h' },
  { kind: 'rate', name: 'orders', total: 'a', events: 'o' },
  { kind: 'rate', name: 'timeouts', total: 'a', events: 't', direction: 'lower-is-better' },
  { kind: 'value', name: 'saturation', value: 's' },
] as const

test('V5: the last step proves exactly what is written, and no step is stricter than that', () => {
  const by = written([
    'error-rate < baseline + 0.5 %',
    'p95 < 1.3 × baseline',
    'orders > 0.9 × baseline',
    'http-5xx < 1 %',
    'saturation < 80 %',
  ])
  expect(by['error-rate']).toMatchObject({
    written: 'error-rate < baseline + 0.5 %',
    unit: 'share',
    margins: [0.01, 0.005, 0.005, 0.005, 0.005],
  })
  expect(by['latency']).toMatchObject({ unit: 'slower', quantile: 0.95, margins: [1, 1, 0.6, 0.3, 0.3] })
  expect(by['orders']).toMatchObject({ unit: 'relative', margins: [0.9, 0.5, 0.2, 0.1, 0.1] })
  expect(by['http-5xx']).toMatchObject({ margins: [], ceiling: 0.01, written: 'http-5xx < 1 %' })
  expect(by['saturation']).toMatchObject({ margins: [], ceiling: 0.8 })
})

test('V2: a check without a criterion has its default, said in the words of one', () => {
  const by = written([])
  expect(Object.values(by).map((criterion) => criterion.written)).toEqual([
    'error-rate < baseline + 0.1 %',
    'error-rate < 1 % (default, need not be proven)',
    'http-5xx < baseline + 0.1 %',
    'http-5xx < 1 % (default, need not be proven)',
    'p99 of latency < 1.2 × baseline',
    'orders > 0.95 × baseline',
    'timeouts < baseline + 0.1 %',
    'saturation < 1.2 × baseline',
  ])
  const dear = stepMargins(0.001, 'share', 'lower-is-better', rungs)
  expect([by['timeouts']?.margins, by['timeouts']?.unit]).toEqual([dear, 'share'])
})

test('V5: a check that is compared and limited is held to both, each shown as written', () => {
  const by = written(['http-5xx < 1 %', 'http-5xx < baseline + 0.1 %'])
  expect(by['http-5xx']).toMatchObject({ written: 'http-5xx < baseline + 0.1 %', required: true })
  expect(by['http-5xx limit']).toMatchObject({
    observes: 'http-5xx',
    written: 'http-5xx < 1 %',
    margins: [],
    required: true,
  })
  const both = Object.values(by).filter(({ metric }) => metric.startsWith('http-5xx'))
  const look = (canary: number, stable: number, judge: JudgeState, at: number) =>
    judgeLook(
      judge,
      [
        {
          schema: 1,
          metric: 'http-5xx',
          kind: 'ratio',
          from: at - 15,
          to: at,
          weight: 50,
          canary: [{ instance: 'c', total: 2000, events: canary }],
          stable: [{ instance: 's', total: 2000, events: stable }],
        },
      ],
      { index: 4, last: true, elapsedSeconds: at, weight: 50 },
    )
  const end = (canary: number, stable: number) => {
    let judge = openJudge({ criteria: both })
    let verdict: Verdict | undefined
    for (let at = 15; at <= 600; at += 15) ({ state: judge, verdict } = look(canary, stable, judge, at))
    return verdict?.metrics.map(({ metric, verdict, reason }) => [metric, verdict, reason])
  }
  expect(end(1, 1)).toEqual([
    ['http-5xx', 'healthy', 'proven'],
    ['http-5xx limit', 'healthy', 'proven'],
  ])
  // As good as stable, but beyond the limit: compared well, and never proven to be below it.
  expect(end(22, 22)?.[1]).toEqual(['http-5xx limit', 'inconclusive', 'not-proven-yet'])
})

test('V5: what each step must prove of a criterion is said with it', () => {
  const by = written(['orders > 0.9 × baseline', 'http-5xx < 1 %'])
  const words = (metric: string) => criterionWords(by[metric] as MetricCriterion, rungs)
  expect(words('error-rate')).toBe(
    'error-rate < baseline + 0.1 %; proven at 1 / 5 / 10 / 25 / 50 % of traffic to within 1 / 0.5 / 0.2 / 0.1 / 0.1 percentage points',
  )
  const all = Object.values(by)
  expect(stepProofs(all, 0).slice(0, 2)).toEqual([
    'error-rate < baseline + 0.1 %, here within 1 percentage points',
    'http-5xx < 1 %',
  ])
  expect(stepProofs(all, 4)[0]).toBe('error-rate < baseline + 0.1 %')
  expect(words('orders')).toContain('within 90 / 50 / 20 / 10 / 10 % of the baseline')
  expect(words('http-5xx')).toBe('http-5xx < 1 %; proven at 1 / 5 / 10 / 25 / 50 % of traffic')
})

test('V5: the judge takes every criterion, and shows it as written', () => {
  const settings = judgeSettings({ metrics: policy, rollout: rolloutPolicy.parse({}) }, rungs, [])
  expect(() => openJudge(settings)).not.toThrow()
  expect(settings.criteria.every(({ written }) => written)).toBe(true)
  expect(criteriaOf(undefined, rungs)).toEqual([])
})
