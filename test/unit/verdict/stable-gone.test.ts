import { describe, expect, test } from '@jest/globals'
import type { MetricCriterion } from '@relman/core/verdict/criterion'
import { look, openJudge } from '@relman/core/verdict/judge'
import type { Sample } from '@relman/core/verdict/observation'
import { errors, observed, quietHistory, samples } from './looks.ts'

const common = { ...errors, margins: [] }
/** The limit that every error check has unless its author writes another. */
const usual: MetricCriterion = {
  ...common,
  metric: 'errors limit',
  observes: 'errors',
  ceiling: 0.01,
  ceilingTimes: 4,
  required: false,
  weight: 0.1,
}
/** A limit that its author wrote, alone. */
const written: MetricCriterion = { ...common, metric: 'errors', ceiling: 0.01, required: true }
/** Both in one criterion. */
const both: MetricCriterion = { ...errors, margins: [0.001], ceiling: 0.01 }
const { ceiling: _, ...free } = both

type Gone = 'no series' | 'no requests' | 'a trickle'
type Course = { canary: number; stable?: number; gone?: Gone; before?: number; minutes?: number }

/** Errors at `rate` among `total` requests of each of four instances, in turn rounded up and down. */
const arm = (name: string, total: number, rate: number, at: number): Sample[] =>
  samples(
    name,
    Array.from({ length: 4 }, (_, i) => [total, Math.floor(total * rate + ((i + at) % 4) / 4)] as const),
  )

/** A canary as good as stable at 50 %, then alone at 100 % with `canary` errors; the look that decides, and its verdict. */
const walked = (criteria: MetricCriterion[], course: Course) => {
  const { canary, stable = 0.001, gone = 'no series', before = 40, minutes = 10 } = course
  let state = openJudge({ criteria, history: quietHistory })
  const wanted = { last: true, elapsedSeconds: 600 }
  for (let at = 0; at < before; at++) {
    const arms = [arm('canary', 1000, stable, at), arm('stable', 1000, stable, at + 2)] as const
    const step = { ...wanted, index: 0, weight: 50 }
    const found = look(state, [observed(at * 10, ...arms, { weight: 50 })], step)
    state = found.state
    expect(found.verdict.verdict).not.toBe('unhealthy')
  }
  for (let at = before; at < before + minutes * 6; at++) {
    const left = gone === 'no series' ? [] : samples('stable', [[gone === 'a trickle' ? 3 : 0, 0]])
    const step = { ...wanted, index: 1, weight: 100 }
    const one = observed(at * 10, arm('canary', 2000, canary, at), left, { weight: 100 })
    const found = look(state, [one], step)
    state = JSON.parse(JSON.stringify(found.state))
    if (found.verdict.verdict === 'unhealthy') return { seconds: (at - before + 1) * 10, ...found.verdict }
  }
  return null
}

describe('B1, V2: a canary over an absolute ceiling is heard when the stable version is gone', () => {
  test.each<[string, MetricCriterion[], Gone]>([
    ['the usual limit beside a comparison', [free, usual], 'no series'],
    ['the usual limit, stable idle', [free, usual], 'no requests'],
    ['the usual limit, a trickle left on stable', [free, usual], 'a trickle'],
    ['a written limit', [written], 'no series'],
    ['a written limit, stable idle', [written], 'no requests'],
    ['a comparison with a ceiling', [both], 'no series'],
  ])('%s', (_, criteria, gone) => {
    const found = walked(criteria, { canary: 0.05, gone })
    expect(found?.reason).toBe('ceiling-exceeded')
    expect(found?.seconds).toBeLessThanOrEqual(30)
  })

  test('an hour of health before does not bury it', () => {
    expect(walked([free, usual], { canary: 0.05, before: 150 })?.seconds).toBeLessThanOrEqual(40)
  })
})

describe('V4: without a stable arm nothing below the ceiling is blamed', () => {
  test.each<[string, MetricCriterion[], Course]>([
    ['just below the limit', [free, usual], { canary: 0.0095 }],
    ['just below a written limit', [written], { canary: 0.0095 }],
    // What stable showed when it last had traffic stands for it: going back would not help.
    ['over the limit, as stable was', [written], { canary: 0.02, stable: 0.02 }],
    ['twice what stable was, where four times is asked for', [usual], { canary: 0.018, stable: 0.009 }],
  ])('%s', (_, criteria, course) => {
    expect(walked(criteria, course)).toBeNull()
  })
})

describe('B1, V2: a plain value over its ceiling is heard, too, when the stable version is gone', () => {
  const memory: MetricCriterion = {
    metric: 'memory',
    kind: 'value',
    direction: 'lower-is-better',
    margins: [0.2],
    ceiling: 80,
    required: true,
  }
  const gauges = (name: string, value: number, at: number): Sample[] =>
    [0, 1, 2].map((i) => ({ instance: `${name}-${i}`, total: 0, value: value + ((i + at) % 3) / 10 }))
  const decided = (before: number, after: number) => {
    let state = openJudge({ criteria: [memory] })
    for (let at = 0; at < 60; at++) {
      const gone = at >= 30
      const one = observed(
        at * 10,
        gauges('canary', gone ? after : before, at),
        gone ? [] : gauges('stable', before, at),
        { metric: 'memory', kind: 'value', weight: gone ? 100 : 50 },
      )
      const step = { index: gone ? 1 : 0, last: true, elapsedSeconds: 600, weight: one.weight }
      const found = look(state, [one], step)
      state = found.state
      if (found.verdict.verdict === 'unhealthy') return found.verdict.reason
    }
    return null
  }
  test('over it', () => expect(decided(50, 90)).toBe('ceiling-exceeded'))
  test('below it', () => expect(decided(50, 75)).toBeNull())
  test('over it, as stable was when it was last seen', () => expect(decided(90, 90)).toBeNull())
})

test('V5: what speaks against a release is not hidden by what the stable version lacks once it is gone', () => {
  let state = openJudge({ criteria: [free], history: quietHistory })
  let reason = ''
  const wanted = { last: true, elapsedSeconds: 600 }
  for (let at = 0; at < 40 && reason !== 'evidence-against'; at++) {
    const step = { ...wanted, index: 0, weight: 50 }
    const arms = [arm('canary', 1000, 0.0035, at), arm('stable', 1000, 0.001, at + 2)] as const
    const found = look(state, [observed(at * 10, ...arms, { weight: 50 })], step)
    state = found.state
    reason = found.verdict.reason
  }
  expect(reason).toBe('evidence-against')
  for (const left of [[], samples('stable', [[0, 0]])]) {
    const one = observed(400, arm('canary', 2000, 0.0035, 40), left, { weight: 100 })
    const { verdict } = look(state, [one], { ...wanted, index: 1, weight: 100 })
    expect(verdict).toMatchObject({ verdict: 'inconclusive', reason: 'evidence-against' })
  }
})
