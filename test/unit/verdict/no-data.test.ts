import { describe, expect, test } from '@jest/globals'
import type { MetricCriterion } from '@relman/core/verdict/criterion'
import { look, openJudge } from '@relman/core/verdict/judge'
import type { Observation, Sample } from '@relman/core/verdict/observation'
import { verdictSchema } from '@relman/core/verdict/verdict'
import { errors, goodLooks, looksAt, observed, quietHistory, samples, step } from './looks.ts'

const settings = { criteria: [errors], history: quietHistory }
const proven = goodLooks(12)
const good = samples('canary', [[450, 0]])
const stable = samples('stable', [
  [2000, 2],
  [2000, 1],
])
const next = (canary: Sample[], others: Sample[], more: Partial<Observation> = {}) => [
  observed(120, canary, others, more),
]

test('the release of these tests is proven while its data comes', () => {
  expect(looksAt(settings, [...proven, next(good, stable)]).verdict).toMatchObject({
    verdict: 'healthy',
    reason: 'proven',
  })
})

describe('V5: what is no data is never healthy, however much was proven before', () => {
  const rows: [string, Observation[], string, RegExp][] = [
    ['no observation', [], 'metric-vanished', /errors: no data since 1970-01-01T00:02:00/],
    ['no canary', next([], stable), 'metric-vanished', /errors: no data of the canary arm/],
    ['no stable', next(good, []), 'metric-vanished', /errors: no data of the stable arm/],
    [
      'zero requests',
      next(samples('canary', [[0, 0]]), stable),
      'no-traffic',
      /no requests on the canary arm/,
    ],
    [
      'NaN',
      next(samples('canary', [[Number.NaN, 0]]), stable),
      'bad-data',
      /"canary-0" of the canary arm reports NaN requests/,
    ],
    ['negative', next(samples('canary', [[450, -3]]), stable), 'bad-data', /reports -3 events/],
    [
      'infinite',
      next(good, samples('stable', [[Number.POSITIVE_INFINITY, 0]])),
      'bad-data',
      /reports Infinity requests/,
    ],
    [
      'more requests than anybody has',
      next(samples('canary', [[1e13, 1e13]]), stable),
      'bad-data',
      /reports 10000000000000 requests/,
    ],
    [
      'more errors than requests',
      next(samples('canary', [[10, 11]]), stable),
      'bad-data',
      /more events \(11\) than requests \(10\)/,
    ],
    ['no events', next([{ instance: 'canary-0', total: 450 }], stable), 'bad-data', /reports no events/],
    [
      'another kind',
      next(good, stable, { kind: 'rate' }),
      'bad-data',
      /about a ratio, the observation is a rate/,
    ],
    [
      'backwards',
      next(good, stable, { from: 140, to: 130 }),
      'clock-jumped',
      /ends \(130\) no later than it begins \(140\)/,
    ],
    [
      'overlapping',
      next(good, stable, { from: 100, to: 130 }),
      'clock-jumped',
      /overlaps what was counted up to 120/,
    ],
    ['NaN clock', next(good, stable, { from: Number.NaN }), 'clock-jumped', /the interval ends/],
    ['swapped arms', next(stable, good), 'arms-swapped', /the stable version's share of the traffic/],
    [
      'one instance in both arms',
      next(good, [...stable, ...good]),
      'arms-swapped',
      /"canary-0" is in both arms/,
    ],
    [
      'warming up',
      next([{ instance: 'n', total: 450, events: 0, age: 20 }], stable),
      'warming-up',
      /within its warm-up/,
    ],
  ]
  test.each(rows)('%s', (_, observations, reason, sentence) => {
    const before = looksAt({ ...settings, warmUpSeconds: 90 }, proven)
    const { verdict, state } = look(before.state, observations, step)
    expect(verdict.verdict).toBe('inconclusive')
    expect(verdict.reason).toBe(reason)
    expect(verdict.metrics[0]?.detail).toMatch(sentence)
    expect(verdict.words).toContain(verdict.metrics[0]?.detail)
    expect(verdictSchema.parse(JSON.parse(JSON.stringify(verdict)))).toEqual(verdict)
    // Nothing of the canary is added (the stable arm may still teach its noise), and the next good look goes on from it.
    // Exchanged arms are still heard against the release.
    if (reason !== 'arms-swapped')
      expect(verdict.metrics[0]?.canary).toEqual(before.verdict.metrics[0]?.canary)
    const [now, then] = [verdict.metrics[0]?.evidenceFor ?? 0, before.verdict.metrics[0]?.evidenceFor ?? 0]
    expect(Math.abs(Math.log(now / then))).toBeLessThan(0.05)
    const after = look(state, [observed(130, good, stable)], step).verdict
    expect(after.verdict).toBe('healthy')
  })
})

test('V5: a metric that vanished says which and since when', () => {
  const { verdict } = looksAt(settings, [...proven, [], []])
  expect(verdict).toMatchObject({ verdict: 'inconclusive', reason: 'metric-vanished', metric: 'errors' })
  expect(verdict.metrics[0]).toMatchObject({ since: 120, reason: 'metric-vanished' })
})

test('V5: a provider that repeats old data is as silent as one without', () => {
  const { verdict } = looksAt(settings, [...proven, proven[11] ?? [], proven.flat()])
  expect(verdict).toMatchObject({ verdict: 'inconclusive', reason: 'metric-vanished' })
  expect(verdict.metrics[0]?.canary.total).toBe(12 * 450)
})

test('V5: an optional metric that vanished is not healthy either; one never seen does not stand in the way', () => {
  const extra = { ...errors, metric: 'extra', required: false }
  const both = (at: Observation[]) => at.flatMap((one) => [one, { ...one, metric: 'extra' }])
  const criteria = [errors, extra]
  expect(looksAt({ criteria, history: quietHistory }, proven).verdict.verdict).toBe('healthy')
  const { verdict } = looksAt({ criteria, history: quietHistory }, [...proven.map(both), next(good, stable)])
  expect(verdict).toMatchObject({ verdict: 'inconclusive', reason: 'metric-vanished', metric: 'extra' })
})

test('V5: never any data is no-data, and so is a judge that requires nothing', () => {
  expect(looksAt(settings, [[], []]).verdict).toMatchObject({
    verdict: 'inconclusive',
    reason: 'no-data',
    at: null,
  })
  const nothing = { criteria: [{ ...errors, required: false }], history: quietHistory }
  expect(looksAt(nothing, proven).verdict).toMatchObject({
    verdict: 'inconclusive',
    reason: 'no-required-metric',
  })
  expect(looksAt({ criteria: [] }, [[]]).verdict.reason).toBe('no-required-metric')
})

test('V5: metrics without a criterion are ignored', () => {
  const stranger = goodLooks(12).map((list) => list.map((one) => ({ ...one, metric: 'stranger' })))
  expect(looksAt(settings, stranger).verdict.reason).toBe('no-data')
})

test('V5: one bad sample is left out, the others still count', () => {
  const canary = [...good, { instance: 'broken', total: Number.NaN, events: 0 }]
  const { state, verdict } = look(openJudge(settings), [observed(0, canary, stable)], step)
  expect(verdict.metrics[0]).toMatchObject({ reason: 'bad-data', instance: 'broken', canary: { total: 450 } })
  expect(look(state, [observed(10, good, stable)], step).verdict.metrics[0]?.canary.total).toBe(900)
})

describe('V5: criteria that cannot be judged are refused in one sentence', () => {
  const rows: [Partial<MetricCriterion>, RegExp][] = [
    [{ margins: [] }, /criterion of errors: give it a margin or a ceiling/],
    [{ margins: [0] }, /margins must be above 0/],
    [{ kind: 'rate', direction: 'higher-is-better', margins: [1.5] }, /a fall of 100 %/],
    [{ kind: 'latency', direction: 'higher-is-better' }, /latency is lower-is-better/],
    [{ unit: 'slower' }, /is for latencies/],
  ]
  test.each(rows)('%j', (change, sentence) => {
    expect(() => openJudge({ criteria: [{ ...errors, ...change }] })).toThrow(sentence)
  })
  test('two criteria of one metric', () => {
    expect(() => openJudge({ criteria: [errors, errors] })).toThrow(/metric errors has two criteria/)
    expect(() => openJudge({ criteria: [errors], alpha: 1 })).toThrow(/alpha must lie between 0 and 1/)
  })
})

test('V5: exchanged arms of a quiet service, whose looks are too small to show it one by one, prove nothing', () => {
  const few = (prefix: string, instances: number, total: number, events: number) =>
    samples(
      prefix,
      Array.from({ length: instances }, () => [total, events] as const),
    )
  const history = Array.from({ length: 120 }, (_, at) => observed(at * 10 - 1200, [], few('old', 9, 3, 0)))
  // Thirty requests a look; the new version fails a third of its own, and its label is the stable one's.
  const looks = (exchanged: boolean) =>
    Array.from({ length: 90 }, (_, at) => {
      const [good, bad] = [few('old', 9, 3, 0), few('new', 3, 1, at % 3 === 0 ? 1 : 0)]
      return [observed(at * 10, ...(exchanged ? ([good, bad] as const) : ([bad, good] as const)))]
    })
  const judged = (exchanged: boolean) =>
    looksAt({ criteria: [errors], history }, looks(exchanged)).verdicts.map(({ verdict, reason }) =>
      verdict === 'inconclusive' ? reason : verdict,
    )
  expect(judged(true).slice(1)).toEqual(Array(89).fill('arms-swapped'))
  expect(judged(false)).toContain('unhealthy')
  expect(judged(false)).not.toContain('arms-swapped')
})
