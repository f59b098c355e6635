import { describe, expect, test } from '@jest/globals'
import { quietTimes, splitInstances } from '@relman/core/replay/between-releases'
import { upperBound } from '@relman/core/replay/binomial-bound'
import { pastReleases } from '@relman/core/replay/past-releases'
import fc from 'fast-check'
import { observed, samples } from '../verdict/looks.ts'

describe('V7: times without a release', () => {
  const shape = { seconds: 100, before: 50, settled: 100, most: 1000 }

  test('none touches a release, another time or what it learns from', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -500, max: 5500 }), { maxLength: 12 }),
        fc.integer({ min: 0, max: 5000 }),
        (releases, to) => {
          const times = quietTimes(releases, { from: 0, to }, shape)
          for (const [at, time] of times.entries()) {
            expect(time.to - time.from).toBe(shape.seconds)
            expect(time.from - shape.before).toBeGreaterThanOrEqual(times[at - 1]?.to ?? 0)
            expect(time.to).toBeLessThanOrEqual(to)
            for (const release of releases)
              expect(release >= time.to || release + shape.settled + shape.before <= time.from).toBe(true)
          }
        },
      ),
    )
  })
  test('without releases they fill what is known, and too many are thinned evenly', () => {
    expect(quietTimes([], { from: 0, to: 600 }, shape).map(({ from }) => from)).toEqual([50, 200, 350, 500])
    const few = quietTimes([], { from: 0, to: 6000 }, { ...shape, most: 4 })
    expect(few.map(({ from }) => from)).toEqual([50, 1550, 3050, 4550])
    expect(quietTimes([], { from: 0, to: 6000 }, { ...shape, most: 0 })).toEqual([])
    expect(quietTimes([], { from: 0, to: 100 }, shape)).toEqual([])
  })
})

describe('V7: a release that changes nothing', () => {
  const names = (count: number) => Array.from({ length: count }, () => [10, 1] as const)

  test.each([
    [1, null],
    [2, 1],
    [7, 1],
    [8, 2],
    [20, 5],
  ])('of %i instances', (count, canaries) => {
    const split = splitInstances([observed(0, [], samples('s', names(count)))], 3)
    expect(split === null ? null : split[0]?.canary.length).toBe(canaries)
    if (split) expect((split[0]?.canary.length ?? 0) + (split[0]?.stable.length ?? 0)).toBe(count)
  })
  test('every instance has its turn', () => {
    const looks = [observed(0, [], samples('s', names(8)))]
    const chosen = Array.from({ length: 4 }, (_, turn) =>
      splitInstances(looks, turn)?.[0]?.canary.map(({ instance }) => instance),
    )
    expect(new Set(chosen.flat()).size).toBe(8)
  })
  test('an instance that serves nothing is nobody', () => {
    expect(
      splitInstances(
        [
          observed(
            0,
            [],
            samples('s', [
              [10, 0],
              [0, 0],
            ]),
          ),
        ],
        0,
      ),
    ).toBeNull()
  })
})

test.each([
  // The rule of three, and figures of Clopper and Pearson's table.
  { count: 0, among: 300, bound: 0.00994 },
  { count: 0, among: 1, bound: 0.95 },
  { count: 1, among: 20, bound: 0.2161 },
  { count: 10, among: 100, bound: 0.1638 },
  { count: 5, among: 5, bound: 1 },
  { count: 0, among: 0, bound: 1 },
])('V7: at most $bound with $count of $among', ({ count, among, bound }) => {
  expect(upperBound(count, among)).toBeCloseTo(bound, 3)
})

test('V7: releases are the final tags of one family, oldest first', () => {
  const tags = ['v1.0.0', 'v1.1.0-rc.1', 'v1.1.0', 'nightly', 'v1', 'lib@3.0.0', 'v1.2.0'].map((name, i) => ({
    name,
    at: 1000 - i,
  }))
  expect(pastReleases(tags, 'shop').map(({ tag }) => tag)).toEqual(['v1.2.0', 'v1.1.0', 'v1.0.0'])
  expect(pastReleases(tags, 'shop')[0]).toEqual({ tag: 'v1.2.0', version: '1.2.0', at: 994 })
  expect(pastReleases([], 'shop')).toEqual([])
})
