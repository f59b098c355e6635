import { describe, expect, test } from '@jest/globals'
import { planBake } from '@relman/core/verdict/plan-bake'
import { bake, errorsWithin } from './world.ts'

/** Requests a second of both arms. */
const split = (rps: number, weight: number) => ({
  canary: (rps * weight) / 100,
  stable: (rps * (100 - weight)) / 100,
})

describe('P20: the planned bake agrees with simulation', () => {
  test.each([
    { rps: 200, weight: 25, canaries: 5, stables: 15, base: 0.001, margin: 0.001 },
    { rps: 200, weight: 10, canaries: 2, stables: 18, base: 0.001, margin: 0.002 },
    { rps: 2000, weight: 1, canaries: 1, stables: 20, base: 0.0005, margin: 0.001 },
    { rps: 500, weight: 10, canaries: 2, stables: 18, base: 0.002, margin: 0.003 },
    { rps: 50, weight: 25, canaries: 2, stables: 6, base: 0.001, margin: 0.005 },
  ])('$weight % of $rps requests a second, $margin over $base', ({ margin, ...place }) => {
    const { canaries: canaryInstances, stables: stableInstances, base } = place
    const traffic = { ...split(place.rps, place.weight), canaryInstances, stableInstances }
    const planned = planBake(traffic, base, margin, 0.05)
    const runs = 40
    const times = Array.from({ length: runs }, (_, run) => {
      const settings = { criteria: [errorsWithin(margin)] }
      const { healthyAt } = bake({ family: 'poisson', ...place }, run, { looks: 64, settings })
      return healthyAt ?? Number.POSITIVE_INFINITY
    }).sort((a, b) => a - b)
    for (const [quantile, seconds] of [
      [0.5, planned.half],
      [0.9, planned.most],
    ] as const) {
      // A quarter and a look for the formula, and as far as 40 runs leave the quantile open.
      const reach = 2 * Math.sqrt(quantile * (1 - quantile) * runs)
      const low = times[Math.floor(quantile * runs - reach)] ?? 0
      const high = times[Math.min(runs - 1, Math.ceil(quantile * runs + reach))] ?? 0
      expect(seconds).toBeGreaterThanOrEqual(low / 1.25 - 15)
      expect(seconds).toBeLessThanOrEqual(high * 1.25 + 15)
    }
  })
})

describe('P20: what moves the planned bake', () => {
  const traffic = { ...split(200, 10), canaryInstances: 2, stableInstances: 18 }
  const half = (margin: number, more = {}) => planBake({ ...traffic, ...more }, 0.001, margin, 0.05).half ?? 0

  test('a narrower margin, less traffic, more noise and a smaller alpha take longer', () => {
    expect(half(0.001)).toBeGreaterThan(half(0.002))
    expect(half(0.002, { ...split(100, 10) })).toBeGreaterThan(half(0.002))
    expect(half(0.002, { dispersion: 3 })).toBeGreaterThan(half(0.002))
    expect(planBake(traffic, 0.001, 0.002, 0.01).half).toBeGreaterThan(half(0.002))
  })

  test('instances that differ by more than the margin prove nothing however long the bake', () => {
    const planned = planBake({ ...traffic, spread: 0.5 }, 0.005, 0.001, 0.05)
    expect(planned).toMatchObject({ half: null, most: null })
    // The smallest margin named can be proven.
    expect(planned.smallest).toBeGreaterThan(0.001)
    const enough = planBake({ ...traffic, spread: 0.5 }, 0.005, planned.smallest * 1.3, 0.05)
    expect(enough.half).toBeGreaterThan(0)
  })

  test('no traffic on an arm proves nothing', () => {
    expect(planBake({ ...traffic, canary: 0 }, 0.001, 0.002, 0.05).half).toBeNull()
    expect(planBake({ ...traffic, canary: 1e-6 }, 0.001, 0.002, 0.05).half).toBeNull()
  })
})
