import { expect, test } from '@jest/globals'
import {
  addDispersion,
  defaultAssumptions,
  estimateDispersion,
  noDispersion,
} from '@relman/core/verdict/dispersion'
import { type Random, randomFrom } from '../../../scripts/bench-verdict-random.ts'

const pods = 20
const looks = 120

/** Errors per instance and look; each fault has `size` errors on average, spread over the eight looks that follow it. */
const faults = (random: Random, size: number) => {
  const pending = Array.from({ length: pods }, () => new Array<number>(looks + 8).fill(0))
  for (let look = 0; look < looks; look++)
    for (const list of pending)
      for (let left = random.poisson(0.5 / size); left > 0; left--)
        for (let retry = random.geometric(size); retry > 0; retry--) {
          const at = look + (retry === 1 ? 0 : Math.floor(random.uniform() * 8))
          list[at] = (list[at] ?? 0) + 1
        }
  return pending
}
const excessOf = (size: number, seed: number) => {
  const pending = faults(randomFrom(seed), size)
  let sums = noDispersion()
  for (let look = 0; look < looks; look++)
    sums = addDispersion(
      sums,
      pending.map((list, i) => ({ instance: `pod-${i}`, total: 500, events: list[look] ?? 0 })),
    )
  return estimateDispersion(sums, defaultAssumptions).excess
}
const middle = (size: number) =>
  Array.from({ length: 15 }, (_, seed) => excessOf(size, seed)).sort((a, b) => a - b)[7] ?? Number.NaN

test('V4: faults that are retried for two minutes are larger clumps than a look shows', () => {
  // A geometric clump of mean 16 has a variance of 31 times its mean; looks alone show an excess of 1 here. What instances
  // may differ by takes its part of the rest.
  expect(middle(16)).toBeGreaterThan(2.5)
  expect(middle(16)).toBeLessThan(31)
})

test('V4: single errors are no clumps, however many blocks of looks are asked', () => {
  expect(middle(1)).toBeLessThan(0.1)
})
