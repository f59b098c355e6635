import { expect, test } from '@jest/globals'
import { errors, looksAt, observed, samples } from './looks.ts'

const stable = samples(
  's',
  [0, 1, 2, 3].map(() => [1000, 0] as const),
)
const history = Array.from({ length: 20 }, (_, i) => observed(-200 + 10 * i, [], stable))
const after = (events: readonly number[]) =>
  looksAt(
    { criteria: [errors], history },
    events.map((bad, i) => [observed(10 * i, samples('c', [[10, bad]]), stable)]),
  ).verdict.metrics[0]

test('V6: errors beside a stable version that had none are a difference, of the rates that are shown', () => {
  const one = after([1, 0, 2, 1])
  expect(one?.canary.rate).toBeCloseTo(0.1, 12)
  expect(one?.stable.rate).toBe(0)
  expect(one?.estimate).toBeCloseTo(0.1, 12)
  expect(one?.bounds?.[0]).toBeLessThan(0.1)
  expect(one?.bounds?.[1]).toBeGreaterThan(0.1)
})

test('V6: no error on either side is no difference, and how little is known of it is said', () => {
  const few = after([0, 0, 0, 0])
  expect(few?.estimate).toBe(0)
  expect(few?.bounds?.[0]).toBeLessThan(0)
  expect(few?.bounds?.[1]).toBeGreaterThan(0.01)
})

test('V6: errors of the stable version while nobody used the new one are in the difference', () => {
  const bad = samples(
    's',
    [0, 1, 2, 3].map(() => [1000, 10] as const),
  )
  const { verdict } = looksAt({ criteria: [errors], history }, [
    [observed(0, [], bad)],
    [observed(10, samples('c', [[100, 0]]), stable)],
    [observed(20, samples('c', [[100, 0]]), stable)],
  ])
  const [one] = verdict.metrics
  expect(one?.estimate).toBeCloseTo((one?.canary.rate ?? 0) - (one?.stable.rate ?? 0), 12)
})
