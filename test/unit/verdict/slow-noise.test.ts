import { describe, expect, test } from '@jest/globals'
import {
  addDispersion,
  type Dispersion,
  defaultAssumptions,
  estimateDispersion,
  noDispersion,
} from '@relman/core/verdict/dispersion'
import { type Family, service } from '../../../scripts/bench-verdict-noise.ts'
import { randomFrom } from '../../../scripts/bench-verdict-random.ts'
import { bake } from '../../../scripts/bench-verdict-runs.ts'

const place = { rps: 2000, base: 0.001, canaries: 2, stables: 18, weight: 10 }

/** What two hours of stable instances say of their noise. */
const learnt = (family: Family, seed: number): Dispersion => {
  const next = service(family, place, randomFrom(seed))
  let sums = noDispersion()
  for (let at = 0; at < 480; at++) {
    const { stable } = next(at * 15, 0)
    sums = addDispersion(
      sums,
      stable.map(({ instance, total, events = 0 }) => ({ instance, total, events })),
    )
  }
  return estimateDispersion(sums, defaultAssumptions)
}

describe('V4: noise that is slower than a look is read twice', () => {
  test('bursts that last for minutes: as clumps, beside instances that hardly differ', () => {
    for (let seed = 0; seed < 5; seed++) {
      const { spread, slow } = learnt('retry storms', seed)
      // Clumps of a geometric number with mean 16 have a variance of 31 times their mean.
      expect(slow?.excess).toBeGreaterThan(15)
      expect(slow?.excess).toBeLessThan(60)
      expect(Math.sqrt(slow?.spread ?? 1)).toBeLessThan(0.25)
      expect(Math.sqrt(spread)).toBeGreaterThan(2 * Math.sqrt(slow?.spread ?? 1))
    }
  })
  test('lasting differences and independent requests: no second reading that matters', () => {
    for (const family of ['binomial', 'uneven instances'] as const)
      for (let seed = 0; seed < 5; seed++) expect(learnt(family, seed).slow?.excess ?? 0).toBeLessThan(1.5)
  })
  test('a bad release is found among bursts, a good one is not blamed', () => {
    const options = { history: 120, rivals: false }
    const found = Array.from({ length: 6 }, (_, seed) =>
      bake('retry storms', place, seed, { ...options, increase: 0.01 }),
    )
    expect(found.filter(({ unhealthy }) => unhealthy !== null).length).toBeGreaterThanOrEqual(4)
    const blamed = Array.from({ length: 10 }, (_, seed) => bake('retry storms', place, 100 + seed, options))
    expect(blamed.filter(({ unhealthy }) => unhealthy !== null).length).toBeLessThanOrEqual(1)
  })
})

test('V4: whole arms are believed to differ, before releases have taught how much, only where a release is blamed', () => {
  const busy = { ...place, base: 0.005, weight: 25, canaries: 5, stables: 15 }
  const runs = (settings: { armSpread?: number }) =>
    Array.from({ length: 24 }, (_, seed) =>
      bake('drift of the canary arm', busy, seed, { history: 120, rivals: false, settings }),
    )
  const count = (all: ReturnType<typeof runs>, of: 'unhealthy' | 'healthy') =>
    all.filter((one) => one[of] !== null).length
  const untaught = runs({})
  const taughtNone = runs({ armSpread: 0 })
  const taughtMuch = runs({ armSpread: 0.2 })
  expect(count(untaught, 'unhealthy')).toBeLessThanOrEqual(1)
  expect(count(taughtNone, 'unhealthy')).toBeGreaterThan(count(untaught, 'unhealthy'))
  expect(count(untaught, 'healthy')).toBeGreaterThan(5)
  expect(count(taughtMuch, 'healthy')).toBe(0)
})
