import { expect, test } from '@jest/globals'
import { leastProvable } from '@relman/core/verdict/least-provable'

/** docs/criteria.md: the smallest fall at the last step, with as many of the new version as of stable. */
test.each([
  [1, 0.59],
  [2, 0.23],
  [5, 0.11],
  [10, 0.057],
  [20, 0.03],
])('%i of each can prove what the page of criteria says', (each, fall) => {
  const least = leastProvable(-1, { canary: each, stable: each }, 0.1, 20) ?? 1
  expect(least).toBeLessThanOrEqual(fall)
  expect(least).toBeGreaterThan(0.95 * fall)
})

test('more instances prove less of an increase, too; those that are believed to differ by much prove nothing', () => {
  const least = (each: number) => leastProvable(1, { canary: each, stable: each }, 0.1, 20) ?? 1
  expect(least(4)).toBeGreaterThan(least(8))
  expect(leastProvable(-1, { canary: 1, stable: 1 }, 5, 20)).toBeNull()
})
