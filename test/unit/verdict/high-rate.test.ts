import { describe, expect, test } from '@jest/globals'
import { excessOver } from '@relman/core/verdict/likelihood'
import { bake } from './world.ts'

/** Ten canary instances beside ten stable ones, half of all requests each; the canary has `times` the errors. */
const judged = (rps: number, base: number, times: number) => {
  const world = { family: 'poisson', rps, base, canaries: 10, stables: 10, weight: 50 } as const
  return bake(world, 1, { increase: base * (times - 1) })
}

describe('V4: where the baseline fails often', () => {
  test.each([
    { base: 0.05, times: 1.5 },
    { base: 0.05, times: 4 },
    { base: 0.05, times: 19 },
    { base: 0.2, times: 2 },
  ])('$times times $base is found, though sixteen margins are small beside it', ({ base, times }) => {
    const { verdict, seconds } = judged(2000, base, times)
    expect({ ...verdict, seconds }).toMatchObject({ verdict: 'unhealthy' })
    expect(seconds).toBeLessThanOrEqual(120)
  })

  test.each([1.04, 1.06, 1.1, 1.14])(
    'a whole arm that differs by a factor of %d, as arms do, is not blamed, however much traffic there is',
    (times) => {
      for (const base of [0.02, 0.05])
        expect(judged(20_000, base, times).verdict.verdict).toBe('inconclusive')
    },
  )

  test('an excess that the null hypothesis allows says nothing, whatever is counted', () => {
    for (const canaryEvents of [0, 58, 5800]) {
      const counts = { canaryEvents, canaryTotal: 1000, stableEvents: 50, stableTotal: 1000 }
      expect(excessOver(counts, 0.05, 0.008, { allowed: 0.0005, times: 1.2 }, 1.5)).toBe(0)
      expect(excessOver(counts, 0.05, 0.008, { allowed: 0.0005, times: 1 }, 1.5)).not.toBe(0)
    }
  })
})
