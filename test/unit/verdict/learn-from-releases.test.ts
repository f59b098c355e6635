import { describe, expect, test } from '@jest/globals'
import { type ArmRatio, armRatios, learnFromReleases } from '@relman/core/verdict/arm-spread'
import { look, openJudge } from '@relman/core/verdict/judge'
import { randomFrom } from '../../../scripts/bench-verdict-random.ts'
import { errors, goodLooks, quietHistory, step } from './looks.ts'

/** Releases of five steps whose arms drift with this spread. */
const record = (count: number, spread: number, seed: number, sampling = 0.05): ArmRatio[][] => {
  const { normal } = randomFrom(seed)
  return Array.from({ length: count }, () =>
    Array.from({ length: 5 }, () => ({
      logRatio: spread * normal() + sampling * normal(),
      variance: sampling ** 2,
    })),
  )
}
const odd = (logRatio: number): ArmRatio[] => Array.from({ length: 5 }, () => ({ logRatio, variance: 0.01 }))
const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
const learnt = (change: (releases: ArmRatio[][]) => ArmRatio[][] = (same) => same) =>
  median(
    Array.from({ length: 40 }, (_, seed) => learnFromReleases(change(record(14, 0.2, seed)))?.spread ?? 0),
  )

describe('V4: the spread of the arms is learnt from the record', () => {
  test('V4: the true spread, a little too large rather than too small', () => {
    expect(learnt()).toBeGreaterThan(0.19)
    expect(learnt()).toBeLessThan(0.25)
  })
  test('V4: one release that was odd does not move it far, however odd', () => {
    for (const logRatio of [-3, 3, 100])
      expect(learnt((all) => [...all.slice(1), odd(logRatio)])).toBeLessThan(0.32)
  })
  test('V4: fewer than five releases teach nothing, and no past makes the judge surer', () => {
    expect(learnFromReleases(record(4, 0.2, 1))).toBeNull()
    expect(learnFromReleases([...record(4, 0.2, 1), []])).toBeNull()
    expect(learnFromReleases(record(14, 0, 1, 0))).toEqual({ spread: 0, releases: 14, steps: 70 })
    expect(learnFromReleases(record(4, 0.2, 1).concat([[{ logRatio: Number.NaN, variance: 1 }]]))).toBeNull()
  })
})

test('V4: a step is what was seen since the step before', () => {
  let state = openJudge({ criteria: [errors], history: quietHistory })
  const looks = goodLooks(12)
  const seen = (from: number, to: number) => {
    for (const now of looks.slice(from, to)) state = look(state, now, step).state
    return state
  }
  const [half, whole] = [seen(0, 6), seen(6, 12)]
  const [first] = armRatios(half)
  const [second] = armRatios(whole, half)
  const [all] = armRatios(whole)
  expect(second?.logRatio).toBeCloseTo(first?.logRatio ?? 9, 1)
  expect(second?.variance ?? 0).toBeGreaterThan(all?.variance ?? 9)
  expect(armRatios(whole, whole)).toEqual([])
})

test('V3: of one version at two times, what sets its instances apart is no part of the variance', () => {
  let state = openJudge({ criteria: [errors], history: quietHistory })
  for (const now of goodLooks(12)) state = look(state, now, step).state
  const [[apart], [paired]] = [armRatios(state), armRatios(state, undefined, { paired: true })]
  expect(paired?.logRatio).toBe(apart?.logRatio)
  expect(paired?.variance ?? 9).toBeLessThan(apart?.variance ?? 0)
})
