import { describe, expect, test } from '@jest/globals'
import type { MetricCriterion } from '@relman/core/verdict/criterion'
import type { Observation, Sample } from '@relman/core/verdict/observation'
import { arm, errors, looksAt, observed } from './looks.ts'

const stable = (at: number) => arm('s', 10, 300, 0.002, at)
const history = Array.from({ length: 60 }, (_, at) => observed(at * 10 - 600, [], stable(at), { weight: 0 }))
const limit: MetricCriterion = { ...errors, metric: 'limit', observes: 'errors', margins: [], ceiling: 0.05 }
const judged = (
  canary: (at: number) => Sample[],
  { others = stable, weight = 10, looks = 20, criteria = [errors] } = {},
) =>
  looksAt(
    { criteria, history },
    Array.from({ length: looks }, (_, at): Observation[] => [
      observed(at * 10, canary(at), others(at), { weight }),
    ]),
  )
const ends = ({ verdicts }: ReturnType<typeof judged>) => new Set(verdicts.map(({ verdict }) => verdict))

describe('V4: a canary whose share does not fit its weight is still tested', () => {
  test('a failing version whose clients ask again and again returns', () => {
    for (const [weight, times] of [
      [25, 6],
      [10, 90],
      [10, 400],
    ] as const) {
      const total = ((3000 * weight) / 100 / 2) * times
      const { verdict } = judged(() => arm('c', 2, total, 0.6, 0), { weight, looks: 6 })
      expect(verdict).toMatchObject({ verdict: 'unhealthy', reason: 'error-rate-above-margin' })
      expect(verdict.words).toContain('60 % on the canary, 0.2 % on the stable version')
    }
  })

  test('so does one over a limit alone', () => {
    const { verdict } = judged(() => arm('c', 2, 14_000, 0.6, 0), { looks: 8, criteria: [limit] })
    expect(verdict).toMatchObject({ verdict: 'unhealthy', reason: 'ceiling-exceeded' })
  })

  test('a good one is neither proven nor returned', () => {
    expect(ends(judged((at) => arm('c', 2, 14_000, 0.002, at)))).toEqual(new Set(['inconclusive']))
    const alone = judged((at) => arm('c', 2, 14_000, 0.002, at), { criteria: [limit] })
    expect(ends(alone)).toEqual(new Set(['inconclusive']))
  })

  test('exchanged labels blame nobody, whether the new version is better or worse', () => {
    for (const share of [0, 0.5]) {
      const others = (at: number) => arm('new', 1, 300, share, at)
      const found = judged((at) => arm('s', 10, 270, 0.002, at), { others })
      expect(ends(found)).toEqual(new Set(['inconclusive']))
      expect(found.verdict.reason).toBe('arms-swapped')
    }
  })

  test('nor is an outage of both versions blamed on a canary that gets too much', () => {
    const others = (at: number) => arm('s', 10, 300, 0.3, at)
    expect(ends(judged((at) => arm('c', 2, 14_000, 0.3, at), { others }))).toEqual(new Set(['inconclusive']))
  })
})

test('V4: an instance in both arms proves nothing and hides nothing', () => {
  const shared = (at: number) => ({ ...stable(at)[0], instance: 's-0', total: 300, events: 0 })
  const bad = judged((at) => [...arm('c', 2, 150, 0.6, at), shared(at)], { looks: 6 })
  expect(bad.verdict).toMatchObject({ verdict: 'unhealthy', reason: 'error-rate-above-margin' })
  const good = judged((at) => [...arm('c', 2, 150, 0.002, at), shared(at)])
  expect(good.verdict).toMatchObject({ verdict: 'inconclusive', reason: 'arms-swapped' })
  const replayed = judged((at) => [...arm('c', 2, 150, 0.002, at), shared(at)]).state.metrics[0]
  expect(replayed?.counted).toBe(200)
})

test('V4: what exchanged arms show teaches nothing: a failing stable arm is no baseline', () => {
  const rates = (looks: number) => {
    const { state } = judged((at) => arm('c', 2, 14_000, 0.002, at), {
      others: (at) => arm('s', 10, 300, 0.4, at),
      looks,
    })
    return state.metrics[0]?.streams[0]?.stream
  }
  expect(rates(10)?.baseline).toEqual(rates(1)?.baseline)
  expect(rates(10)?.stableSince).toEqual({ total: 0, events: 0 })
})
