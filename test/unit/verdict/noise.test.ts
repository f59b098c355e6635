import { describe, expect, test } from '@jest/globals'
import { conditionalBinomial } from '@relman/core/verdict/likelihood'
import { randomFrom } from '../../../scripts/bench-verdict-random.ts'
import { bake, errorsWithin, families, historyOf, service, type World } from './world.ts'

/** `.ci/full` takes more. */
const runs = Number(process.env['RELMAN_RUNS'] ?? 8)

/** The least count that more than 97 of 100 such samples do not exceed, where each member is hit with this chance. */
const usually = (members: number, chance: number): number => {
  let term = (1 - chance) ** members
  let below = term
  let hits = 0
  for (; below < 0.97; hits++) {
    term *= ((members - hits) / (hits + 1)) * (chance / (1 - chance))
    below += term
  }
  return hits
}
const places = [
  { rps: 2000, base: 0.005, canaries: 1, stables: 19, weight: 5 },
  { rps: 200, base: 0.001, canaries: 2, stables: 20, weight: 10 },
  { rps: 2000, base: 0.0005, canaries: 5, stables: 15, weight: 25 },
] as const

/** Crossings of 100 to 1 over many looks, not the mean of the evidence: a mean near 1 proves nothing with heavy tails. */
describe('V4: a release that changes nothing is not rolled back, however often one looks', () => {
  test.each(families)('%s', (family) => {
    let rolledBack = 0
    for (const [where, place] of places.entries())
      for (let run = 0; run < runs; run++)
        if (bake({ family, ...place }, 1000 * where + run).verdict.verdict === 'unhealthy') rolledBack++
    expect(rolledBack).toBeLessThanOrEqual(usually(places.length * runs, 0.01))
  })

  test('control: on the same looks, a test that takes events for independent trips often', () => {
    const world: World = { family: 'uneven instances', ...places[0] }
    let tripped = 0
    for (let run = 0; run < 80; run++) {
      const next = service(world, randomFrom(run))
      historyOf(next, 40)
      let evidence = 0
      for (let i = 0; i < 40 && evidence < Math.log(100); i++) {
        const { canary, stable } = next(i * 15, true)
        const sum = (list: typeof canary, of: 'total' | 'events') =>
          list.reduce((all, one) => all + (one[of] ?? 0), 0)
        const counts = {
          canaryEvents: sum(canary, 'events'),
          canaryTotal: sum(canary, 'total'),
          stableEvents: sum(stable, 'events'),
          stableTotal: sum(stable, 'total'),
        }
        evidence += conditionalBinomial(counts, 1.3) - conditionalBinomial(counts, 1.1)
      }
      if (evidence >= Math.log(100)) tripped++
    }
    // 1 % of 80 is 0.8.
    expect(tripped).toBeGreaterThan(4)
  })
})

describe('V4: a release that is worse by exactly the margin is not promoted', () => {
  test.each(families)('%s', (family) => {
    let promoted = 0
    for (const [where, place] of places.entries())
      for (let run = 0; run < runs / 2; run++) {
        const world = { family, ...place }
        if (bake(world, 5000 + 1000 * where + run, { increase: 0.001 }).healthyAt !== null) promoted++
      }
    expect(promoted).toBeLessThanOrEqual(usually((places.length * runs) / 2, 0.05))
  })
})

describe('V4: a bad release is found soon', () => {
  test.each([
    { rps: 2000, weight: 1, canaries: 1, stables: 99, increase: 0.005, within: 165 },
    { rps: 200, weight: 10, canaries: 2, stables: 20, increase: 0.005, within: 180 },
    { rps: 2000, weight: 10, canaries: 2, stables: 20, increase: 0.005, within: 45 },
    { rps: 200, weight: 25, canaries: 5, stables: 15, increase: 0.01, within: 90 },
  ])(
    '+$increase at $weight % of $rps requests a second: median within $within s',
    ({ increase, within, ...place }) => {
      const delays: number[] = []
      for (let run = 0; run < 9; run++) {
        const { verdict, seconds } = bake({ family: 'poisson', base: 0.001, ...place }, run, { increase })
        delays.push(verdict.verdict === 'unhealthy' ? seconds : Number.POSITIVE_INFINITY)
      }
      expect(delays.sort((a, b) => a - b)[4]).toBeLessThanOrEqual(within)
    },
  )
})

describe('V4: where the baseline is far below the margin', () => {
  const world: World = { family: 'poisson', rps: 1000, base: 0.0001, canaries: 1, stables: 4, weight: 25 }
  const settings = { criteria: [errorsWithin(0.005)] }
  const rollbacks = (increase: number, looks: number) => {
    let count = 0
    for (let run = 0; run < 20; run++)
      if (bake(world, run, { increase, looks, settings }).verdict.verdict === 'unhealthy') count++
    return count
  }
  test('half the margin is tolerated', () => {
    expect(rollbacks(0.0025, 40)).toBeLessThanOrEqual(1)
  })
  test('twice the margin is found within two looks', () => {
    expect(rollbacks(0.01, 2)).toBeGreaterThanOrEqual(18)
  })
})

test('V4: a release that changes nothing is proven where the margin allows it', () => {
  let healthy = 0
  for (let run = 0; run < 10; run++) {
    const world: World = { family: 'poisson', rps: 2000, base: 0.001, canaries: 2, stables: 20, weight: 10 }
    if (bake(world, run).healthyAt !== null) healthy++
  }
  expect(healthy).toBeGreaterThanOrEqual(9)
})
