import { describe, expect, test } from '@jest/globals'
import { conditionalBinomial, excessOver, fixedPoisson, jointIncrease } from '@relman/core/verdict/likelihood'
import { logGamma, logRising } from '@relman/core/verdict/log-gamma'
import { smallestProvableMargin } from '@relman/core/verdict/provable'
import { normalCdf, studentCdf, studentQuantile } from '@relman/core/verdict/student'
import { odds } from '@relman/core/verdict/words'

test.each([
  [1, 0],
  [5, Math.log(24)],
  [0.5, Math.log(Math.sqrt(Math.PI))],
  [171, 706.5730622457874],
])('ln Gamma(%p) = %p', (x, expected) => {
  expect(logGamma(x)).toBeCloseTo(expected, 9)
})

test('rising factorials agree with their definition below and above the switch of method', () => {
  for (const count of [0, 1, 15, 16, 40, 3.5])
    expect(logRising(0.3, count)).toBeCloseTo(logGamma(0.3 + count) - logGamma(0.3), 9)
})

test('distributions agree with published tables', () => {
  expect(normalCdf(1.959964)).toBeCloseTo(0.975, 6)
  expect(normalCdf(-3)).toBeCloseTo(0.0013499, 6)
  expect(studentCdf(2.776, 4)).toBeCloseTo(0.975, 2)
  expect(studentCdf(-2.228, 10)).toBeCloseTo(0.025, 2)
  expect(Math.abs(studentQuantile(0.95, 10) - 1.812)).toBeLessThan(0.02)
})

const poisson = (mean: number, count: number) => Math.exp(count * Math.log(mean) - mean - logGamma(count + 1))

/** Exact expectation over Poisson counts of both arms. */
const expectation = (
  canaryMean: number,
  stableMean: number,
  value: (canary: number, stable: number) => number,
) => {
  let sum = 0
  for (let canary = 0; canary < 60; canary++)
    for (let stable = 0; stable < 90; stable++)
      sum += poisson(canaryMean, canary) * poisson(stableMean, stable) * value(canary, stable)
  return sum
}

describe('V4: an e-value is at most 1 on average under its null hypothesis, whatever the shared rate', () => {
  const [canaryTotal, stableTotal, rate] = [400, 1600, 0.002]
  const counts = (canaryEvents: number, stableEvents: number) => ({
    canaryEvents,
    canaryTotal,
    stableEvents,
    stableTotal,
  })
  test.each([0.0001, 0.002, 0.006, 0.02])('stable rate %p', (shared) => {
    const excess = expectation(canaryTotal * (shared + 0.003), stableTotal * shared, (c, s) =>
      Math.exp(excessOver(counts(c, s), rate, 0.01, { allowed: 0.003, times: 1 }, 1)),
    )
    const uneven = expectation(canaryTotal * (1.3 * shared + 0.003), stableTotal * shared, (c, s) =>
      Math.exp(excessOver(counts(c, s), rate, 0.01, { allowed: 0.003, times: 1.3 }, 1)),
    )
    const joint = expectation(canaryTotal * (shared + 0.003), stableTotal * shared, (c, s) =>
      Math.exp(-jointIncrease(counts(c, s), rate, 0.003, 1)),
    )
    const compared = expectation(canaryTotal * shared * 1.5, stableTotal * shared, (c, s) =>
      Math.exp(conditionalBinomial(counts(c, s), 4) - conditionalBinomial(counts(c, s), 1.5)),
    )
    const fixed = expectation(canaryTotal * 0.005, 1, (c) => Math.exp(fixedPoisson(c, canaryTotal, 0.005, 3)))
    for (const mean of [excess, uneven, joint, compared, fixed]) expect(mean).toBeCloseTo(1, 6)
  })

  test('and less than 1 inside it, more than 1 beyond it', () => {
    const at = (more: number) =>
      expectation(canaryTotal * (rate + more), stableTotal * rate, (c, s) =>
        Math.exp(excessOver(counts(c, s), rate, 0.01, { allowed: 0.003, times: 1 }, 1)),
      )
    expect(at(0.001)).toBeLessThan(0.9)
    expect(at(0.01)).toBeGreaterThan(2)
  })
})

describe('P20: the smallest margin that can be proven', () => {
  const increase = { scale: 'absolute', worse: 1 } as const
  test('shrinks with traffic until instances are the limit', () => {
    const effect = { scale: 0.1, freedom: 10 }
    const at = (canaryTotal: number) =>
      smallestProvableMargin(increase, 0.001, effect, 20, {
        canaryTotal,
        stableTotal: canaryTotal * 9,
        dispersion: 1,
      })
    expect(at(3000)?.limit).toBe('traffic')
    expect(at(30000)?.margin).toBeLessThan(at(3000)?.margin ?? 0)
    expect(at(1e8)).toEqual(smallestProvableMargin(increase, 0.001, effect, 20))
    expect(at(1e8)?.limit).toBe('instances')
  })

  test('grows with the spread of instances, and a fall is never above 100 %', () => {
    const fall = { scale: 'relative', worse: -1 } as const
    const near = smallestProvableMargin(fall, 0.3, { scale: 0.05, freedom: 10 }, 20)
    const far = smallestProvableMargin(fall, 0.3, { scale: 0.5, freedom: 10 }, 20)
    expect(near?.margin).toBeGreaterThan(0.05)
    expect(far?.margin).toBeGreaterThan(near?.margin ?? 1)
    expect(far?.margin).toBeLessThan(1)
  })

  test('is unknown where next to no traffic comes', () => {
    const traffic = { canaryTotal: 1, stableTotal: 9, dispersion: 1 }
    expect(smallestProvableMargin(increase, 0.001, { scale: 0.1, freedom: 10 }, 20, traffic)).toBeNull()
  })
})

test.each([
  [1, '1 to 1'],
  [9.99, '9 to 1'],
  [1234, '1,200 to 1'],
  [98765, '98,000 to 1'],
  [1e9, 'more than 1,000,000 to 1'],
])('odds of %p are "%s"', (evidence, words) => {
  expect(odds(evidence)).toBe(words)
})
