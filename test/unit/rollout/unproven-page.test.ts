import { expect, test } from '@jest/globals'
import { rolloutPolicy } from '@relman/core/config/rollout-policy'
import { ladder } from '@relman/core/rollout/ladder'
import { unprovenPage, whatHelps } from '@relman/core/rollout/unproven-page'
import type { MetricCriterion } from '@relman/core/verdict/criterion'
import type { Sample } from '@relman/core/verdict/observation'
import { errors, looksAt, observed, quietHistory, samples } from '../verdict/looks.ts'

const rungs = ladder(rolloutPolicy.parse({ steps: [{ weight: 50, margin: '0.1 %' }] }))
const orders: MetricCriterion = {
  ...errors,
  metric: 'orders',
  kind: 'rate',
  direction: 'higher-is-better',
  margins: [0.05],
  unit: 'relative',
  written: 'orders > 0.95 × baseline',
}
const page = (
  criterion: MetricCriterion,
  arms: (at: number) => [Sample[], Sample[]],
  weight = 50,
  looks = 20,
) => {
  const { metric, kind } = criterion
  const told = Array.from({ length: looks }, (_, i) => [
    observed(10 * i, ...arms(i), { metric, kind, weight }),
  ])
  const history = kind === 'ratio' ? quietHistory : []
  const settings = { criteria: [criterion], history }
  const { state, verdict } = looksAt(settings, told, { index: 0, last: true, elapsedSeconds: 200, weight })
  const points = told.map((observations, i) => ({ at: 10 * i + 10, weight, observations, verdict }))
  return { verdict, lines: unprovenPage({ judge: state, verdict, points, rungs }) }
}
const even = (arm: string, total: number, events: number) =>
  samples(
    arm,
    [0, 1].map(() => [total, events] as const),
  )

test('what was not proven is on the page, with what would help: instances, where waiting does not', () => {
  const { verdict, lines } = page(orders, () => [even('c', 5000, 500), even('s', 5000, 500)], 50, 60)
  expect(verdict.reason).toBe('unprovable')
  expect(lines[0]).toBe('## What was not proven')
  expect(lines[1]).toMatch(/^- orders \\> 0\.95 × baseline: .* was not proven: the margin cannot be proven/)
  expect(lines[1]).toMatch(
    /What helps: more instances of the new version or a wider margin would help; a longer step would not\.$/,
  )
})

test('too little traffic: what makes more of it', () => {
  const tight = { ...errors, margins: [0.0005], written: 'errors < baseline + 0.05 %' }
  const { lines } = page(tight, (i) => [even('c', 50, 0), even('s', 50, i % 20 === 0 ? 1 : 0)])
  expect(lines[1]).toMatch(/What helps: a longer step \(max\), a larger weight, a wider margin or probes/)
})

test('nothing is listed where all is proven, where harm decided, and at 100 %', () => {
  const good = page({ ...errors, margins: [0.05] }, (i) => [
    even('c', 1000, i % 2),
    even('s', 1000, (i + 1) % 2),
  ])
  const bad = page(errors, () => [even('c', 1000, 200), even('s', 1000, 1)])
  const everybody = page(errors, () => [even('c', 1000, 1), []], 100)
  expect([good, bad, everybody].map(({ verdict }) => verdict.verdict)).toEqual([
    'healthy',
    'unhealthy',
    'inconclusive',
  ])
  expect([good, bad, everybody].flatMap(({ lines }) => lines)).toEqual([])
})

test('missing data are named by their own sentence, and need no advice about margins', () => {
  expect(whatHelps({ reason: 'no-data', provable: null, margin: 0.01, source: 'provider' })).toBeNull()
  const near = {
    reason: 'not-proven-yet',
    provable: { margin: 0.005, limit: 'traffic' as const },
    margin: 0.01,
  }
  expect(whatHelps({ ...near, source: 'provider' })).toBe('a longer step (max) would help')
})
