import { type ChangeFeatures, type FeatureName, featureNames } from './score-features.ts'

/** What one measure adds to the log-odds: `values[i]` from `edges[i - 1]` up to, not including, `edges[i]`. */
export type Curve = {
  edges: readonly number[]
  values: readonly number[]
  /** Share of the training changes below each edge, for words such as "more than 90 % of changes". */
  shares: readonly number[]
}

/**
 * A generalised additive model: log-odds = base + one curve per measure. Each curve has mean 0 over the training
 * changes; `covariance` (lower triangle, in the order of featureNames) tells what a missing measure would likely add.
 */
export type ScoreModel = {
  base: number
  /** Share of the training changes that needed repair. */
  rate: number
  curves: Readonly<Record<FeatureName, Curve>>
  covariance: readonly (readonly number[])[]
}

/** Index of the step of a curve that `value` is on. */
export const stepOf = (edges: readonly number[], value: number): number => {
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (value >= (edges[middle] as number)) low = middle + 1
    else high = middle
  }
  return low
}

export const logistic = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds))

export const logOdds = (rate: number): number => Math.log(rate / (1 - rate))

export type Judged = {
  /** Log-odds that the change will need repair. */
  logOdds: number
  /** What each known measure adds, that what it tells of the missing ones included. */
  parts: { name: FeatureName; value: number; adds: number }[]
  missing: FeatureName[]
}

/**
 * Applies a model. A missing measure adds what is expected from the known ones (mean of a normal distribution given a
 * part of it), and the uncertainty about it brings the result nearer to even odds (MacKay 1992: divide by
 * √(1 + π·variance / 8)).
 *
 * @param shift added to the base, in log-odds
 */
export const judge = (model: ScoreModel, features: ChangeFeatures, shift = 0): Judged => {
  const known: number[] = []
  const unknown: number[] = []
  for (const [index, name] of featureNames.entries())
    (features[name] === undefined ? unknown : known).push(index)
  const { weights, variance } = remembered(model.covariance, known, unknown)
  const scale = 1 / Math.sqrt(1 + (Math.PI * variance) / 8)
  const parts = known.map((index, place) => {
    const name = featureNames[index] as FeatureName
    const value = features[name] as number
    const { edges, values } = model.curves[name]
    return { name, value, adds: scale * (1 + (weights[place] ?? 0)) * (values[stepOf(edges, value)] ?? 0) }
  })
  return {
    logOdds: parts.reduce((sum, { adds }) => sum + adds, scale * (model.base + shift)),
    parts,
    missing: unknown.map((index) => featureNames[index] as FeatureName),
  }
}

type Expectation = { weights: number[]; variance: number }

const solved = new WeakMap<ScoreModel['covariance'], Map<string, Expectation>>()

/** The changes of a release mostly have the same measures: one system to solve for all of them. */
const remembered = (
  covariance: ScoreModel['covariance'],
  known: readonly number[],
  unknown: readonly number[],
): Expectation => {
  const answers = solved.get(covariance) ?? new Map<string, Expectation>()
  const key = known.join(' ')
  const found = answers.get(key) ?? expectation(covariance, known, unknown)
  solved.set(covariance, answers.set(key, found))
  return found
}

/** How the sum of the unknown parts depends on each known one, and its variance given them. */
const expectation = (
  covariance: ScoreModel['covariance'],
  known: readonly number[],
  unknown: readonly number[],
): Expectation => {
  if (unknown.length === 0) return { weights: [], variance: 0 }
  const between = (a: number, b: number): number => covariance[Math.max(a, b)]?.[Math.min(a, b)] ?? 0
  const toUnknown = (a: number): number => unknown.reduce((sum, b) => sum + between(a, b), 0)
  const all = unknown.reduce((sum, a) => sum + toUnknown(a), 0)
  const right = known.map(toUnknown)
  const weights = solve(
    known.map((a) => known.map((b) => between(a, b) + (a === b ? 1e-4 : 0))),
    right,
  )
  const told = weights.reduce((sum, weight, place) => sum + weight * (right[place] ?? 0), 0)
  return { weights, variance: Math.max(0, all - told) }
}

/** Solves a symmetric, positive definite system by elimination. */
const solve = (matrix: readonly (readonly number[])[], right: readonly number[]): number[] => {
  const rows = matrix.map((row, index) => [...row, right[index] ?? 0])
  for (const [pivot, top] of rows.entries()) {
    for (const row of rows) {
      if (row === top) continue
      const factor = (row[pivot] ?? 0) / (top[pivot] ?? 1)
      if (factor === 0) continue
      for (let column = pivot; column < row.length; column += 1)
        row[column] = (row[column] ?? 0) - factor * (top[column] ?? 0)
    }
  }
  return rows.map((row, index) => (row.at(-1) ?? 0) / (row[index] ?? 1))
}
