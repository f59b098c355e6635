import { describe, expect, test } from '@jest/globals'
import { coefficients } from '@relman/core/risk/coefficients'
import { featureNames, risingFeatures } from '@relman/core/risk/score-features'
import { logistic } from '@relman/core/risk/score-model'
import { fitCalibrated, platt } from '../../../scripts/calibrate-change-score.ts'
import { fitChangeScore, type Sample } from '../../../scripts/fit-change-score.ts'
import {
  auc,
  badReleases,
  bounds,
  brier,
  leaveOneOut,
  marksOf,
  mean,
  releases,
  seeded,
} from '../../../scripts/measure-change-score.ts'
import { parseSamples } from '../../../scripts/read-samples.ts'

const la = featureNames.indexOf('la')
const exp = featureNames.indexOf('exp')

/** Projects of very different base rates, whose repairs follow lines added (rising) and experience (falling). */
const invented = (seed: number, size = 1500): Sample[] => {
  const random = seeded(seed)
  return ['a', 'b', 'c'].flatMap((project, place) =>
    Array.from({ length: size }, (_, index): Sample => {
      const values = featureNames.map(() => Math.floor(random() ** 3 * 200))
      const odds = place * 1.2 - 3 + Math.log1p(values[la] ?? 0) - 0.5 * Math.log1p(values[exp] ?? 0)
      return { project, values, repaired: random() < logistic(odds), held: index >= size * 0.8 }
    }),
  )
}
const samples = invented(7)
const model = fitChangeScore(samples)

describe('the training', () => {
  test('recovers a known order: what drives repair rises or falls, what does not stays flat', () => {
    const range = (name: (typeof featureNames)[number]): number => {
      const { values } = model.curves[name]
      return (values.at(-1) ?? 0) - (values[0] ?? 0)
    }
    expect(range('la')).toBeGreaterThan(1.5)
    expect(range('exp')).toBeLessThan(-0.7)
    for (const name of ['nd', 'lt', 'age'] as const) expect(Math.abs(range(name))).toBeLessThan(0.5)
  })

  test('is deterministic', () => {
    expect(fitChangeScore(invented(7))).toEqual(model)
  })

  test('holds for a project it has not seen', () => {
    for (const fold of leaveOneOut(samples)) {
      const marks = marksOf(fold.model, fold.held)
      expect(auc(marks)).toBeGreaterThan(0.68)
      const own = mean(fold.seen.map(({ repaired }) => (repaired ? 1 : 0)))
      const known = brier(marksOf(fold.model, fold.held, featureNames, own))
      expect(known).toBeLessThan(brier(fold.held.map(({ repaired }) => ({ score: own, repaired }))))
    }
  })

  test('never lets a rising measure fall, though the data would', () => {
    const falling = samples.map((sample) => ({ ...sample, repaired: !sample.repaired }))
    const { la: curve } = fitChangeScore(falling).curves
    expect(curve.values).toEqual([...curve.values].sort((a, b) => a - b))
  })

  test('calibration shrinks what does not hold elsewhere, and keeps the order', () => {
    const calibrated = fitCalibrated(samples)
    const held = samples.filter(({ held }) => held)
    expect(auc(marksOf(calibrated, held))).toBeCloseTo(auc(marksOf(model, held)), 3)
    const one = samples.filter(({ project }) => project === 'a')
    expect(fitCalibrated(one)).toEqual(fitChangeScore(one))
  })
})

test('Platt scaling finds the slope and the shift that were put in', () => {
  const random = seeded(3)
  const marks = Array.from({ length: 20_000 }, () => {
    const odds = random() * 6 - 3
    return { score: logistic(odds), repaired: random() < logistic(0.5 * odds - 1) }
  })
  const { slope, intercept } = platt(marks)
  expect(Math.abs(slope - 0.5)).toBeLessThan(0.05)
  expect(Math.abs(intercept + 1)).toBeLessThan(0.05)
})

describe('the measures of the bench', () => {
  const marks = (scores: string): { score: number; repaired: boolean }[] =>
    [...scores].map((letter) => ({ score: letter.toLowerCase().charCodeAt(0), repaired: letter < 'a' }))

  test.each([
    ['abCD', 1],
    ['ABcd', 0],
    ['aA', 0.5],
    ['aBcD', 0.75],
    ['aAbB', 0.5],
  ])('AUC of %s is %d (capitals needed repair)', (scores, expected) => {
    expect(auc(marks(scores))).toBe(expected)
  })

  test('releases are changes in a row; a rest that fills none is left out', () => {
    const all = Array.from({ length: 45 }, (_, index) => ({
      score: 0.1,
      repaired: index >= 20 && index < 23,
    }))
    expect(releases(all).map(({ repairs }) => repairs)).toEqual([0, 3])
    expect(releases(all)[0]?.score).toBeCloseTo(2)
    expect(badReleases(releases(all), 0.75, false).map(({ repaired }) => repaired)).toEqual([false, true])
    expect(badReleases(releases(all), 0.75, true).map(({ repaired }) => repaired)).toEqual([false, false])
  })

  test('Brier and bounds', () => {
    expect(
      brier([
        { score: 0.5, repaired: true },
        { score: 0, repaired: false },
      ]),
    ).toBe(0.125)
    const values = Array.from({ length: 400 }, (_, index) => index)
    const [[low, high] = [0, 0]] = bounds([values], mean)
    expect(low).toBeGreaterThan(180)
    expect(low).toBeLessThan(199.5)
    expect(high).toBeLessThan(219)
    expect(high).toBeGreaterThan(199.5)
    expect(bounds([values], mean)).toEqual(bounds([values], mean))
  })
})

test('the data: by project and time; a bad value names its line', () => {
  const head = `project,order,split,bug,${featureNames.join(',')}`
  const row = (start: string) => `${start},${featureNames.map((_, index) => index).join(',')}`
  const read = parseSamples(
    [head, row('b,0,train,1'), row('a,9,test,0'), row('a,8,train,1')].join('\n'),
    'x.csv',
  )
  expect(read.map(({ project, held, repaired }) => [project, held, repaired])).toEqual([
    ['a', false, true],
    ['a', true, false],
    ['b', false, true],
  ])
  expect(() => parseSamples(`${head}\n${row('a,0,train,1').replace(',13', ',x')}`, 'x.csv')).toThrow(
    'x.csv:2: sexp is "x"',
  )
  expect(() => parseSamples('project,order\na,1', 'x.csv')).toThrow('the column "split" is missing')
})

describe('the shipped coefficients', () => {
  test('rise where the score claims that they rise', () => {
    for (const name of risingFeatures) {
      const { values } = coefficients.curves[name]
      expect(values).toEqual([...values].sort((a, b) => a - b))
    }
  })

  test('have a step for each edge and edges in order', () => {
    for (const name of featureNames) {
      const { edges, values, shares } = coefficients.curves[name]
      expect([values.length, shares.length]).toEqual([edges.length + 1, edges.length])
      expect(edges).toEqual([...edges].sort((a, b) => a - b))
    }
    expect(coefficients.covariance.map((row) => row.length)).toEqual(
      featureNames.map((_, index) => index + 1),
    )
  })
})
