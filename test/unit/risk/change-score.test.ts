import { describe, expect, test } from '@jest/globals'
import { type ChangeFeatures, explainScore, scoreChange, scoreRelease } from '@relman/core'
import { diffFeatures, featureNames, risingFeatures } from '@relman/core/risk/score-features'
import fc from 'fast-check'

const small: ChangeFeatures = { ns: 1, nd: 1, nf: 1, entropy: 0, la: 1, ld: 1, lt: 200, fix: 0 }
const large: ChangeFeatures = { ns: 3, nd: 9, nf: 25, entropy: 3.5, la: 900, ld: 200, lt: 9000, fix: 0 }

/** Any part of the measures, each with a value of its usual size or far beyond. */
const someFeatures: fc.Arbitrary<ChangeFeatures> = fc.record(
  Object.fromEntries(
    featureNames.map((name) => [name, fc.oneof(fc.nat(40), fc.double({ min: 0, max: 1e6, noNaN: true }))]),
  ),
  { requiredKeys: [] },
)

test('G12: a large change ranks above a small one, with all measures, some, or one', () => {
  expect(scoreChange(large)).toBeGreaterThan(scoreChange(small) + 0.3)
  const history = { ndev: 12, age: 20, nuc: 90, exp: 400, rexp: 60, sexp: 80 }
  expect(scoreChange({ ...large, ...history })).toBeGreaterThan(scoreChange({ ...small, ...history }) + 0.3)
  for (const name of ['nf', 'la', 'ld'] as const)
    expect(scoreChange({ [name]: large[name] })).toBeGreaterThan(scoreChange({ [name]: small[name] }))
  expect(scoreChange({ ...small, fix: 1 })).toBeGreaterThan(scoreChange(small))
})

test('a score is a probability, and the same each time', () => {
  fc.assert(
    fc.property(someFeatures, (features) => {
      const score = scoreChange(features)
      expect(score).toBeGreaterThan(0)
      expect(score).toBeLessThan(1)
      expect(scoreChange({ ...features })).toBe(score)
    }),
  )
})

test.each(risingFeatures)('more of %s never lowers the score, whatever else is known', (name) => {
  fc.assert(
    fc.property(someFeatures, fc.nat(2000), fc.nat(2000), (features, value, more) => {
      const before = scoreChange({ ...features, [name]: value })
      expect(scoreChange({ ...features, [name]: value + more })).toBeGreaterThanOrEqual(before - 1e-12)
    }),
  )
})

describe('missing measures', () => {
  test('with nothing known the score is near the average', () => {
    expect(Math.abs(scoreChange({}) - explainScore({}).average)).toBeLessThan(0.03)
  })

  test('undefined is missing, 0 is a value', () => {
    expect(scoreChange({ ...large, la: undefined })).toBe(
      scoreChange(Object.fromEntries(Object.entries(large).filter(([name]) => name !== 'la'))),
    )
    expect(scoreChange({ ...large, la: 0 })).toBeLessThan(scoreChange({ ...large, la: undefined }))
  })

  test('what is known speaks for what is missing: many files without lines are no average change', () => {
    const files = scoreChange({ nf: 25 }) - scoreChange({})
    expect(files).toBeGreaterThan(0.05)
    expect(scoreChange({ la: 900 })).toBeGreaterThan(scoreChange({ la: 900, nf: 1 }))
  })

  test('what is not known never adds certainty: lines alone say less than lines, files, and no fix', () => {
    const quiet = { la: 0, ld: 0, nf: 1, fix: 0 }
    expect(scoreChange(quiet)).toBeLessThan(scoreChange({ la: 0, ld: 0, nf: 1 }))
    expect(scoreChange({ ld: 0 })).toBeGreaterThan(scoreChange(quiet))
    expect(scoreChange({ ld: 0 })).toBeLessThan(scoreChange({}))
  })
})

describe('what the repository is known for', () => {
  test('moves the probability, never the order', () => {
    fc.assert(
      fc.property(
        someFeatures,
        someFeatures,
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (a, b, repairRate) => {
          const complete = (part: ChangeFeatures) => ({
            ...Object.fromEntries(featureNames.map((n) => [n, 1])),
            ...part,
          })
          const [plainA, plainB] = [scoreChange(complete(a)), scoreChange(complete(b))]
          const [movedA, movedB] = [
            scoreChange(complete(a), { repairRate }),
            scoreChange(complete(b), { repairRate }),
          ]
          if (plainA - plainB > 1e-9) expect(movedA).toBeGreaterThan(movedB)
        },
      ),
    )
    expect(scoreChange(small, { repairRate: 0.05 })).toBeLessThan(scoreChange(small))
    expect(scoreChange(small, { repairRate: 0.6 })).toBeGreaterThan(scoreChange(small))
  })

  test.each([0, 1, -0.1, 2, Number.NaN])('a rate of %s is refused', (repairRate) => {
    expect(() => scoreChange(small, { repairRate })).toThrow(/^repairRate is .*above 0 and below 1$/)
  })
})

test.each([
  [{ la: -1 }, /^la is -1; write a number that is 0 or more/],
  [{ age: Number.NaN }, /^age is NaN/],
  [{ exp: Number.POSITIVE_INFINITY }, /^exp is Infinity/],
  [{ nf: '3' as unknown as number }, /^nf is 3/],
])('%j is refused by name', (features, words) => {
  expect(() => scoreChange(features)).toThrow(RangeError)
  expect(() => scoreChange(features)).toThrow(words)
  expect(() => explainScore(features)).toThrow(words)
})

describe('a release', () => {
  test('has the sum of its scores: the expected number of repairs', () => {
    expect(scoreRelease([])).toBe(0)
    expect(scoreRelease([0.5, 0.25, 0.125])).toBeCloseTo(0.875, 12)
    const calm = Array.from({ length: 20 }, () => scoreChange(small))
    const wild = calm.map((score, index) => (index < 5 ? scoreChange(large) : score))
    expect(scoreRelease(wild)).toBeGreaterThan(scoreRelease(calm) + 1)
  })

  test.each([-0.1, 1.1, Number.NaN])('refuses a score of %s', (score) => {
    expect(() => scoreRelease([0.1, score])).toThrow(/^score 2 is /)
  })
})

describe('in words', () => {
  test('G12: names the strongest measures first, and how the change compares', () => {
    const { reasons, sentence, missing } = explainScore(large)
    expect(reasons[0]).toMatchObject({ feature: 'la', value: 900 })
    expect(reasons[0]?.words).toMatch(/^adds 900 lines \(more than 9\d % of changes\)$/)
    const sizes = reasons.map(({ adds }) => Math.abs(adds))
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a))
    expect(missing).toEqual(featureNames.filter((name) => !(name in large)))
    expect(sentence).toMatch(
      /^\d+ % likely to need repair \(average \d+ %\)\. More likely because it adds 900 lines/,
    )
    expect(sentence).toMatch(/Not known: ndev, age, nuc, exp, rexp, sexp\.$/)
    expect(sentence).not.toMatch(/roll/i)
  })

  test('says what speaks for a lower risk', () => {
    const { sentence, reasons } = explainScore({ la: 0, ld: 1, nf: 1, fix: 0 })
    expect(sentence).toMatch(/Less likely because it adds 0 lines; .*is no fix/)
    expect(reasons.every(({ adds }) => adds < 0)).toBe(true)
  })

  test('has the very probability of the score, and at most as many reasons as asked', () => {
    fc.assert(
      fc.property(someFeatures, fc.nat(14), (features, most) => {
        const { probability, reasons } = explainScore(features, most)
        expect(probability).toBe(scoreChange(features))
        expect(reasons.length).toBeLessThanOrEqual(most)
      }),
    )
  })

  test('its parts add up: without a measure that it names, the score moves the other way', () => {
    const features = { ...large, fix: 1 }
    for (const { feature, adds } of explainScore(features).reasons)
      expect(Math.sign(scoreChange(features) - scoreChange({ ...features, [feature]: 0 }))).toBe(
        Math.sign(adds),
      )
  })
})

test('the difference alone is enough for most of the order', () => {
  const all = { ...large, ndev: 3, age: 30, nuc: 60, exp: 900, rexp: 60, sexp: 90 }
  const diff = Object.fromEntries(diffFeatures.map((name) => [name, all[name]]))
  expect(Math.abs(scoreChange(diff) - scoreChange(all))).toBeLessThan(0.15)
})
