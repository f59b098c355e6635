import { describe, expect, test } from '@jest/globals'
import { type ArmRatio, armRatios, learnArmSpread } from '@relman/core/verdict/arm-spread'
import { randomFrom } from '../../../scripts/bench-verdict-random.ts'
import { errors, goodLooks, looksAt, quietHistory } from './looks.ts'

const past = (count: number, spread: number, sampling: number, seed: number): ArmRatio[] => {
  const { normal } = randomFrom(seed)
  return Array.from({ length: count }, () => ({
    logRatio: spread * normal() + sampling * normal(),
    variance: sampling ** 2,
  }))
}
const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN

describe('V4: how whole arms differ is learnt from releases that were fine', () => {
  test.each([
    { count: 20, spread: 0.2, sampling: 0.1, from: 0.18, to: 0.28 },
    { count: 100, spread: 0.2, sampling: 0.3, from: 0.17, to: 0.28 },
    { count: 100, spread: 0, sampling: 0.3, from: 0, to: 0.13 },
  ])('$count releases, spread $spread, sampling $sampling', ({ count, spread, sampling, from, to }) => {
    const learnt = Array.from({ length: 60 }, (_, run) => learnArmSpread(past(count, spread, sampling, run)))
    const middle = median(learnt.map((one) => one ?? Number.NaN))
    expect(middle).toBeGreaterThanOrEqual(from)
    expect(middle).toBeLessThanOrEqual(to)
  })

  test('rather too large than too small: at least the true one in about three of four histories', () => {
    const learnt = Array.from({ length: 200 }, (_, run) => learnArmSpread(past(10, 0.2, 0.05, run)) ?? 0)
    const enough = learnt.filter((one) => one >= 0.2).length
    expect(enough).toBeGreaterThan(125)
    expect(enough).toBeLessThan(175)
  })

  test('fewer than five releases, or numbers that are none, say nothing', () => {
    expect(learnArmSpread(past(4, 0.2, 0.1, 1))).toBeNull()
    const broken = [Number.NaN, Number.POSITIVE_INFINITY].map((logRatio) => ({ logRatio, variance: 0.1 }))
    const negative = { logRatio: 0.1, variance: -1 }
    expect(learnArmSpread([...past(4, 0.2, 0.1, 1), ...broken, negative])).toBeNull()
    expect(learnArmSpread(Array.from({ length: 6 }, () => ({ logRatio: 0, variance: 0 })))).toBe(0)
  })

  test('releases whose arms differ a lot teach a lot', () => {
    const wide = learnArmSpread(Array.from({ length: 5 }, (_, i) => ({ logRatio: i - 2, variance: 0.01 })))
    expect(wide).toBeGreaterThan(1)
  })
})

test('V4: a judge gives the ratio of its arms, as an entry of that history', () => {
  const { state } = looksAt({ criteria: [errors], history: quietHistory }, goodLooks(12, 1))
  const [entry] = armRatios(state)
  // 1 of 450 on the canary against 6 of 4,000 on the stable version, look after look.
  expect(entry?.metric).toBe('errors')
  expect(entry?.logRatio).toBeGreaterThan(0.2)
  expect(entry?.logRatio).toBeLessThan(1.1)
  // Twelve events on the canary alone give a variance of at least 1/12.
  expect(entry?.variance).toBeGreaterThan(1 / 12)
  expect(entry?.variance).toBeLessThan(0.3)
  expect(armRatios(looksAt({ criteria: [errors], history: quietHistory }, goodLooks(3, 0)).state)).toEqual([])
})
