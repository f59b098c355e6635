import { expect, test } from '@jest/globals'
import { rolloutPolicy } from '@relman/core/config/rollout-policy'
import { ladder } from '@relman/core/rollout/ladder'

const steps = (...weights: number[]) =>
  rolloutPolicy.parse({ steps: weights.map((weight) => ({ weight, margin: '1 %', min: 10, max: 20 })) })

test('C1: the default ladder is 1, 5, 10, 25, 50 and then 100 %', () => {
  expect(ladder(rolloutPolicy.parse({})).map(({ weight }) => weight)).toEqual([1, 5, 10, 25, 50, 100])
})

test('C1: 100 % follows the last step, and only it asks for no proof', () => {
  const rungs = ladder(steps(10, 50))
  expect(rungs.map(({ step, weight, last, margin }) => [step, weight, last, margin])).toEqual([
    [0, 10, false, 1],
    [1, 50, false, 1],
    [2, 100, true, null],
  ])
  expect(ladder(steps(10, 100)).map(({ weight, last, min }) => [weight, last, min])).toEqual([
    [10, false, 10],
    [100, true, 75],
  ])
})

test.each([
  [{ warmup: 90, drain: 30, look: 15 }, 75],
  [{ warmup: 0, drain: 30, look: 15 }, 10],
  [{ warmup: 20, drain: 60, look: 15 }, 10],
])('V5, C3: at 100 %% what was added for it is watched past its warm-up: %j', (times, min) => {
  const { steps: given } = steps(10, 100)
  expect(ladder({ steps: given, ...times }).at(-1)?.min).toBe(min)
  expect(ladder({ steps: given.slice(0, 1), ...times }).at(-1)?.min).toBe(min === 10 ? 0 : min)
})

test.each([
  [[100], /first step may not be 100/],
  [[50, 10], /larger weight than the one before/],
  [[10, 10], /larger weight than the one before/],
])('C1, 23: never 0 to 100 and never backwards: %j', (weights, message) => {
  expect(() => ladder(steps(...weights))).toThrow(message)
})

test('23: a patience shorter than the least bake is a mistake', () => {
  const policy = rolloutPolicy.parse({ steps: [{ weight: 10, margin: '1 %', min: 20, max: 10 }] })
  expect(() => ladder(policy)).toThrow(/shorter than min/)
})
