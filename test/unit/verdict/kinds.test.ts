import { describe, expect, test } from '@jest/globals'
import type { MetricCriterion } from '@relman/core/verdict/criterion'
import type { Observation, Sample } from '@relman/core/verdict/observation'
import { randomFrom } from '../../../scripts/bench-verdict-random.ts'
import { errors, goodLooks, looksAt, observed, quietHistory, samples } from './looks.ts'

const random = randomFrom(11)
const counted = (prefix: string, instances: number, total: number, rate: number): Sample[] =>
  Array.from({ length: instances }, (_, i) => ({
    instance: `${prefix}-${i}`,
    total,
    events: random.poisson(total * rate),
  }))

/** Looks of 10 s at 25 %, one canary instance of 500 requests against three. */
const looksOf = (kind: 'ratio' | 'rate', metric: string, canary: number, stable: number, count: number) =>
  Array.from({ length: count }, (_, i) => [
    observed(10 * i, counted('c', 1, 500, canary), counted('s', 3, 500, stable), {
      metric,
      kind,
      weight: 25,
    }),
  ])
const historyOf = (kind: 'ratio' | 'rate', metric: string, stable: number): Observation[] =>
  Array.from({ length: 30 }, (_, i) =>
    observed(10 * i - 300, [], counted('s', 3, 500, stable), { metric, kind }),
  )

const orders: MetricCriterion = {
  metric: 'orders',
  kind: 'rate',
  direction: 'higher-is-better',
  margins: [0.25],
  required: true,
  written: 'orders > 0.75 x baseline',
}

describe('V2: orders per request may not fall', () => {
  const settings = { criteria: [orders], history: historyOf('rate', 'orders', 0.3), assume: { spread: 0.05 } }
  test('a fall by half rolls back', () => {
    const { verdict } = looksAt(settings, looksOf('rate', 'orders', 0.15, 0.3, 12))
    expect(verdict).toMatchObject({ verdict: 'unhealthy', reason: 'business-decline', metric: 'orders' })
    expect(verdict.metrics[0]).toMatchObject({
      criterion: 'orders > 0.75 x baseline',
      estimate: expect.closeTo(-0.5, 1),
    })
    expect(verdict.metrics[0]?.bounds?.[1]).toBeLessThan(-0.25)
  })
  test('the same, and a rise, are proven', () => {
    for (const rate of [0.3, 0.45]) {
      const { verdict } = looksAt(settings, looksOf('rate', 'orders', rate, 0.3, 12))
      expect(verdict).toMatchObject({ verdict: 'healthy' })
      expect(verdict.evidenceAgainst).toBeLessThan(1)
    }
  })
})

test('V2: dependency failures may not increase', () => {
  const criterion: MetricCriterion = { ...errors, metric: 'stock', about: 'dependency', margins: [0.005] }
  const settings = { criteria: [criterion], history: historyOf('ratio', 'stock', 0.0005) }
  const { verdict } = looksAt(settings, looksOf('ratio', 'stock', 0.05, 0.0005, 5))
  expect(verdict).toMatchObject({ verdict: 'unhealthy', reason: 'dependency-failures' })
  expect(verdict.words).toMatch(
    /^unhealthy: stock: .* % on the canary, .* % on the stable version; .* to 1 against$/,
  )
})

test('V2: a share that should be high is judged by what is missing from it', () => {
  const criterion: MetricCriterion = {
    ...errors,
    metric: 'success',
    direction: 'higher-is-better',
    margins: [0.005],
  }
  const settings = { criteria: [criterion], history: historyOf('ratio', 'success', 0.001).map(successes) }
  const looks = (failing: number, count: number) =>
    looksOf('ratio', 'success', failing, 0.001, count).map((list) => list.map(successes))
  expect(looksAt(settings, looks(0.1, 4)).verdict).toMatchObject({ verdict: 'unhealthy', metric: 'success' })
  expect(looksAt(settings, looks(0.001, 20)).verdict.verdict).toBe('healthy')
})

/** The same look with successes for events. */
const successes = (one: Observation): Observation => {
  const turned = (s: Sample) => ({ ...s, events: s.total - (s.events ?? 0) })
  return { ...one, canary: one.canary.map(turned), stable: one.stable.map(turned) }
}

describe('V2: an absolute ceiling', () => {
  const criterion: MetricCriterion = { ...errors, margins: [], ceiling: 0.01, written: 'http-5xx < 1 %' }
  const run = (canary: number, stable: number, looks = 20) =>
    looksAt(
      { criteria: [criterion], history: historyOf('ratio', 'errors', stable) },
      looksOf('ratio', 'errors', canary, stable, looks),
    )

  test('is exceeded', () => {
    expect(run(0.05, 0.002, 8).verdict).toMatchObject({ verdict: 'unhealthy', reason: 'ceiling-exceeded' })
  })
  test('is not tripped by ordinary noise around it', () => {
    for (let i = 0; i < 20; i++)
      expect(run(0.01, 0.01).verdicts.some(({ verdict }) => verdict === 'unhealthy')).toBe(false)
  })
  test('is proven to be kept', () => {
    expect(run(0.002, 0.002).verdict.verdict).toBe('healthy')
  })
  test('does not blame the release for what the stable version does too', () => {
    expect(run(0.05, 0.05).verdicts.some(({ verdict }) => verdict === 'unhealthy')).toBe(false)
  })
  test('works without a stable arm', () => {
    const alone = looksOf('ratio', 'errors', 0.05, 0, 8).map((list) =>
      list.map((one) => ({ ...one, stable: [] })),
    )
    expect(looksAt({ criteria: [criterion] }, alone).verdict.reason).toBe('ceiling-exceeded')
  })
  test('beside a margin', () => {
    const both = { ...criterion, margins: [0.2] }
    const settings = { criteria: [both], history: historyOf('ratio', 'errors', 0.002) }
    const { verdict } = looksAt(settings, looksOf('ratio', 'errors', 0.06, 0.002, 12))
    expect(verdict).toMatchObject({ verdict: 'unhealthy', reason: 'ceiling-exceeded' })
  })
})

describe('V2: plain values, by betting on signs', () => {
  const saturation: MetricCriterion = {
    metric: 'cpu',
    kind: 'value',
    direction: 'lower-is-better',
    margins: [0.2],
    required: true,
  }
  const value = (i: number, canary: number, stable: number) => [
    observed(
      10 * i,
      [{ instance: 'c', total: 0, value: canary + 0.1 * random.normal() }],
      [1, 2, 3].map((n) => ({ instance: `s${n}`, total: 0, value: stable + 0.1 * random.normal() })),
      { metric: 'cpu', kind: 'value' },
    ),
  ]
  const run = (criterion: MetricCriterion, canary: number) =>
    looksAt(
      { criteria: [criterion] },
      Array.from({ length: 25 }, (_, i) => value(i, canary, 1)),
    )

  test('worse look after look', () => {
    const { verdict } = run(saturation, 2)
    expect(verdict).toMatchObject({ verdict: 'unhealthy', reason: 'value-worse' })
  })
  test('the same', () => {
    expect(run(saturation, 1).verdict).toMatchObject({ verdict: 'healthy' })
  })
  test('over a ceiling', () => {
    const { verdict } = run({ ...saturation, margins: [], ceiling: 1.5 }, 2)
    expect(verdict).toMatchObject({ verdict: 'unhealthy', reason: 'ceiling-exceeded' })
  })
  test('NaN is no value', () => {
    const looks = [
      [
        observed(
          0,
          [{ instance: 'c', total: 0, value: Number.NaN }],
          [{ instance: 's', total: 0, value: 1 }],
          { metric: 'cpu', kind: 'value' },
        ),
      ],
    ]
    expect(looksAt({ criteria: [saturation] }, looks).verdict).toMatchObject({
      verdict: 'inconclusive',
      reason: 'bad-data',
    })
  })
})

describe('V2: health', () => {
  const health: MetricCriterion = {
    metric: 'health',
    kind: 'health',
    direction: 'higher-is-better',
    margins: [],
    required: true,
  }
  const up = (i: number, ...answers: (boolean | number)[]) => ({
    ...observed(
      10 * i,
      answers.map((answer, n) => ({
        instance: `c-${n}`,
        total: 0,
        up: answer === true,
        ...(typeof answer === 'number' ? { age: answer } : {}),
      })),
      [],
    ),
    metric: 'health',
    kind: 'health' as const,
  })
  const criteria = [health, errors]
  const run = (...answers: (boolean | number)[]) =>
    looksAt(
      { criteria, history: quietHistory, warmUpSeconds: 30 },
      goodLooks(12).map((list, i) => [...list, up(i, ...(i === 11 ? answers : answers.map(() => true)))]),
    ).verdict

  test.each([
    ['all up', [true, true, true], 'healthy', 'proven'],
    ['one of three fails', [true, false, true], 'inconclusive', 'one-instance'],
    ['two of three fail', [false, false, true], 'unhealthy', 'health-checks-failing'],
    ['the only one fails', [false], 'unhealthy', 'health-checks-failing'],
  ] as const)('%s', (_, answers, verdict, reason) => {
    expect(run(...answers)).toMatchObject({ verdict, reason })
  })
  test('an instance within its warm-up that was never up is starting', () => {
    const starting = (i: number) => [...(goodLooks(i + 1)[i] ?? []), up(i, 20, 20)]
    const { verdict } = looksAt(
      { criteria, history: quietHistory, warmUpSeconds: 30 },
      Array.from({ length: 12 }, (_, i) => starting(i)),
    )
    expect(verdict).toMatchObject({ verdict: 'inconclusive', reason: 'warming-up' })
    const late = looksAt({ criteria, history: quietHistory, warmUpSeconds: 30 }, [[up(0, 31, 31)]]).verdict
    expect(late.reason).toBe('health-checks-failing')
  })
})

describe('V4: several metrics', () => {
  const names = ['one', 'two', 'three', 'four']
  const criteria = names.map((metric) => ({ ...errors, metric }))
  const history = quietHistory.flatMap((one) => names.map((metric) => ({ ...one, metric })))
  const bad = (metrics: readonly string[]) =>
    goodLooks(12).map((list) =>
      list.flatMap((one) =>
        names.map((metric) => ({
          ...one,
          metric,
          canary: metrics.includes(metric) ? samples('canary', [[450, 15]]) : one.canary,
        })),
      ),
    )

  test('strong evidence in any rolls back, and names it', () => {
    const { verdicts } = looksAt({ criteria, history }, bad(['three']))
    expect(verdicts.find(({ verdict }) => verdict === 'unhealthy')).toMatchObject({
      metric: 'three',
      reason: 'error-rate-above-margin',
    })
  })
  test('every required one must be proven', () => {
    const without = bad([]).map((list) => list.filter(({ metric }) => metric !== 'two'))
    expect(looksAt({ criteria, history }, bad([])).verdict.verdict).toBe('healthy')
    expect(looksAt({ criteria, history }, without).verdict).toMatchObject({
      verdict: 'inconclusive',
      metric: 'two',
      reason: 'no-data',
    })
  })
  test('the combined evidence is the mean, not the largest', () => {
    const { verdict } = looksAt({ criteria, history }, bad(['three']).slice(0, 2))
    const mean = verdict.metrics.reduce((sum, { evidenceAgainst }) => sum + evidenceAgainst, 0) / 4
    expect(verdict.evidenceAgainst / mean).toBeCloseTo(1, 4)
  })
})

describe('V4: one bad instance of three is replaced, not blamed on the release', () => {
  const canary = (bad: number) =>
    Array.from({ length: 3 }, (_, n) => ({
      instance: `c-${n}`,
      total: 500,
      events: n < bad ? 25 : random.poisson(0.5),
    }))
  const looks = (bad: number) =>
    Array.from({ length: 10 }, (_, i) => [
      observed(10 * i, canary(bad), counted('s', 9, 500, 0.001), { weight: 25 }),
    ])
  const history = Array.from({ length: 30 }, (_, i) =>
    observed(10 * i - 300, [], counted('s', 9, 500, 0.001)),
  )

  test('one', () => {
    const { verdict, verdicts } = looksAt({ criteria: [errors], history }, looks(1))
    expect(verdict).toMatchObject({ verdict: 'inconclusive', reason: 'one-instance', metric: 'errors' })
    expect(verdict.metrics[0]?.instance).toBe('c-0')
    expect(verdicts.some((one) => one.verdict === 'unhealthy')).toBe(false)
  })
  test('two', () => {
    expect(looksAt({ criteria: [errors], history }, looks(2)).verdict.verdict).toBe('unhealthy')
  })
})

test('V4: one bad stable instance of six is left out of the baseline and named', () => {
  const stable = () => [
    ...counted('s', 5, 500, 0.001),
    { instance: 'sick', total: 500, events: random.poisson(30) },
  ]
  const history = Array.from({ length: 30 }, (_, i) => observed(10 * i - 300, [], stable()))
  const looks = Array.from({ length: 8 }, (_, i) => [
    observed(10 * i, counted('c', 1, 500, 0.03), stable(), { weight: 14 }),
  ])
  const { verdict } = looksAt({ criteria: [errors], history }, looks)
  expect(verdict).toMatchObject({ verdict: 'unhealthy', reason: 'error-rate-above-margin' })
  expect(verdict.metrics[0]?.instance).toBe('sick')
  expect(verdict.metrics[0]?.stable.rate).toBeLessThan(0.005)
})
