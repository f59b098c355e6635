import { describe, expect, test } from '@jest/globals'
import { earlierArm } from '@relman/core/history/earlier-arm'
import { learnTimes, pairObservations, timePairs } from '@relman/core/history/times'
import { randomFrom } from '../../../scripts/bench-verdict-random.ts'
import { errors, observed, quietHistory, samples } from '../verdict/looks.ts'

describe('V3: the times of a version that are compared with each other', () => {
  test.each([
    { life: 100_000, seconds: 600, pairs: 8 },
    { life: 6_000, seconds: 600, pairs: 5 },
    { life: 5_999, seconds: 600, pairs: 0 },
    { life: 0, seconds: 600, pairs: 0 },
    { life: -5, seconds: 600, pairs: 0 },
  ])('$life s hold $pairs pairs of $seconds s', ({ life, seconds, pairs }) => {
    const found = timePairs(1000, 1000 + life, seconds)
    expect(found.length).toBe(pairs)
    const windows = found.flatMap(({ early, late }) => [early, late]).sort(([a], [b]) => a - b)
    for (const [at, [from, to]] of windows.entries()) {
      expect(to - from).toBeCloseTo(seconds, 6)
      expect(from).toBeGreaterThanOrEqual((windows[at - 1]?.[1] ?? 1000) - 1e-6)
      expect(to).toBeLessThanOrEqual(1000 + life + 1e-6)
    }
  })

  test('times that differ teach a spread, times that do not teach almost none', () => {
    const { normal, poisson } = randomFrom(5)
    const compared = (spread: number) =>
      Array.from({ length: 8 }, () => {
        const factors = [Math.exp(spread * normal()), Math.exp(spread * normal())]
        const [early = [], late = []] = factors.map((factor, time) =>
          Array.from({ length: 20 }, (_, i) =>
            observed(
              time * 1000 + 10 * i,
              [],
              samples(
                's',
                Array.from({ length: 4 }, () => [1000, poisson(5 * factor)] as const),
              ),
            ),
          ),
        )
        return pairObservations({ early: [0, 200], late: [1000, 1200] }, early, late)
      })
    const learn = (spread: number) =>
      learnTimes({ criteria: [errors], history: quietHistory }, compared(spread))[0]?.spread ?? 9
    expect(learn(0)).toBeLessThan(0.2)
    expect(learn(0.5)).toBeGreaterThan(0.4)
  })
})

describe('V3: another time in place of the stable arm', () => {
  const now = [observed(1000, samples('c', [[10, 1]]), samples('s', [[90, 1]]))]
  const then = [observed(400, [], samples('s', [[100, 5]])), observed(410, [], samples('s', [[100, 9]]))]

  test('each interval meets the one that is as far into the other time', () => {
    const [one] = earlierArm(now, then, 600)
    expect(one?.canary).toEqual(now[0]?.canary)
    expect(one?.stable).toEqual([{ instance: 's-0, earlier', total: 100, events: 5 }])
  })
  test('an interval of which the other time knows nothing has no stable arm', () => {
    expect(earlierArm(now, then, 300)[0]?.stable).toEqual([])
  })
  test('beside: what served side by side stays, what stood still does not', () => {
    expect(earlierArm(now, then, 600, 'beside')).toEqual(now)
    const idle = [observed(1000, samples('c', [[10, 1]]), samples('s', [[0, 0]]))]
    expect(earlierArm(idle, then, 600, 'beside')[0]?.stable[0]?.total).toBe(100)
  })
})
