import { type FeatureName, featureNames, risingFeatures } from '@relman/core/risk/score-features'
import { type Curve, logistic, logOdds, type ScoreModel, stepOf } from '@relman/core/risk/score-model'

/** One change of the training data: its project, its measures in the order of featureNames, whether it needed repair. */
export type Sample = { project: string; values: readonly number[]; repaired: boolean; held: boolean }

export type Fitting = { rounds: number; bins: number; rate: number; ridge: number }

/** Chosen on the table of the bench; see docs/change-score.md. */
export const defaultFitting: Fitting = { rounds: 200, bins: 48, rate: 0.1, ridge: 200 }

const mean = (values: Iterable<number>): number => {
  let sum = 0
  let count = 0
  for (const value of values) {
    sum += value
    count += 1
  }
  return sum / count
}

/** Quantiles of the values, each once. */
const edgesOf = (values: readonly number[], bins: number): number[] => {
  const sorted = Float64Array.from(values).sort()
  const edges = new Set<number>()
  for (let bin = 1; bin < bins; bin += 1) {
    const edge = sorted[Math.floor((bin * sorted.length) / bins)] as number
    if (edge > (sorted[0] as number)) edges.add(edge)
  }
  return [...edges]
}

/** The log-odds of each sample's project: the curves then learn what differs within a project, not between projects. */
const ownOdds = (samples: readonly Sample[]): Float64Array => {
  const kinds = [...new Set(samples.map(({ project }) => project))]
  const odds = new Map(
    kinds.map((kind) => {
      const own = samples.filter(({ project }) => project === kind)
      return [kind, logOdds(mean(own.map(({ repaired }) => (repaired ? 1 : 0))))]
    }),
  )
  return Float64Array.from(samples, ({ project }) => odds.get(project) ?? 0)
}

type Column = { steps: Uint8Array; edges: number[]; values: Float64Array; rising: boolean }
type Cut = { gain: number; column: Column; step: number; below: number; above: number }

/** The best cut of one column: Newton boosting with a penalty on the leaves (Friedman 2001; Chen and Guestrin 2016). */
const bestCut = (
  column: Column,
  slope: Float64Array,
  curvature: Float64Array,
  ridge: number,
): Cut | undefined => {
  const count = column.edges.length + 1
  const slopes = new Float64Array(count)
  const curvatures = new Float64Array(count)
  const { steps } = column
  for (let index = 0; index < steps.length; index += 1) {
    const step = steps[index] as number
    slopes[step] = (slopes[step] as number) + (slope[index] as number)
    curvatures[step] = (curvatures[step] as number) + (curvature[index] as number)
  }
  const allSlope = slopes.reduce((sum, value) => sum + value, 0)
  const allCurvature = curvatures.reduce((sum, value) => sum + value, 0)
  let best: Cut | undefined
  let lowSlope = 0
  let lowCurvature = 0
  for (let step = 0; step < count - 1; step += 1) {
    lowSlope += slopes[step] as number
    lowCurvature += curvatures[step] as number
    const below = lowSlope / (lowCurvature + ridge)
    const above = (allSlope - lowSlope) / (allCurvature - lowCurvature + ridge)
    if (column.rising && above < below) continue
    const gain = below * lowSlope + above * (allSlope - lowSlope)
    if (gain > (best?.gain ?? 0)) best = { gain, column, step, below, above }
  }
  return best
}

/** Moves the mean of each curve into the base and returns what each curve adds to each sample. */
const centre = (columns: readonly Column[]): { moved: number; parts: Float64Array[] } => {
  let moved = 0
  const parts = columns.map(({ steps, values }) => {
    const part = Float64Array.from(steps, (step) => values[step] as number)
    const middle = mean(part)
    for (const step of values.keys()) values[step] = (values[step] as number) - middle
    moved += middle
    return part.map((value) => value - middle)
  })
  return { moved, parts }
}

const covarianceOf = (parts: readonly Float64Array[]): number[][] =>
  parts.map((a, row) =>
    parts.slice(0, row + 1).map((b) => mean(a.map((value, index) => value * (b[index] as number)))),
  )

/** Rounds to `digits` significant digits: the shipped numbers are the measured ones. */
const short = (value: number, digits = 4): number => Number(value.toPrecision(digits))

/**
 * Fits the additive model by boosting one cut at a time over all measures. Deterministic: no sampling, no seed. Curves of
 * risingFeatures only rise.
 */
export const fitChangeScore = (samples: readonly Sample[], fitting: Fitting = defaultFitting): ScoreModel => {
  const columns = featureNames.map((name, place): Column => {
    const values = samples.map((sample) => sample.values[place] ?? 0)
    const edges = edgesOf(values, fitting.bins)
    const steps = Uint8Array.from(values, (value) => stepOf(edges, value))
    return { steps, edges, values: new Float64Array(edges.length + 1), rising: risingFeatures.includes(name) }
  })
  const rate = mean(samples.map(({ repaired }) => (repaired ? 1 : 0)))
  const odds = ownOdds(samples)
  const slope = new Float64Array(samples.length)
  const curvature = new Float64Array(samples.length)
  for (let round = 0; round < fitting.rounds; round += 1) {
    for (const [index, { repaired }] of samples.entries()) {
      const expected = logistic(odds[index] as number)
      slope[index] = (repaired ? 1 : 0) - expected
      curvature[index] = expected * (1 - expected)
    }
    let best: Cut | undefined
    for (const column of columns) {
      const cut = bestCut(column, slope, curvature, fitting.ridge)
      if (cut && cut.gain > (best?.gain ?? 0)) best = cut
    }
    if (!best) break
    const { column, step, below, above } = best
    for (const at of column.values.keys())
      column.values[at] = (column.values[at] as number) + fitting.rate * (at <= step ? below : above)
    for (let index = 0; index < odds.length; index += 1)
      odds[index] =
        (odds[index] as number) + fitting.rate * ((column.steps[index] as number) <= step ? below : above)
  }
  const { moved, parts } = centre(columns)
  return {
    base: short(logOdds(rate) + moved, 6),
    rate: short(rate),
    curves: Object.fromEntries(
      featureNames.map((name, place): [FeatureName, Curve] => [name, curveOf(columns[place] as Column)]),
    ) as Record<FeatureName, Curve>,
    covariance: covarianceOf(parts).map((row) => row.map((value) => short(value, 3))),
  }
}

/** Neighbouring steps of equal value become one. */
const curveOf = ({ edges, values, steps }: Column): Curve => {
  const counts = new Float64Array(values.length)
  for (const step of steps) counts[step] = (counts[step] as number) + 1
  const curve = { edges: [] as number[], values: [short(values[0] as number)], shares: [] as number[] }
  let below = 0
  for (const [index, edge] of edges.entries()) {
    below += counts[index] as number
    const value = short(values[index + 1] as number)
    if (value === curve.values.at(-1)) continue
    curve.edges.push(edge)
    curve.values.push(value)
    curve.shares.push(short(below / steps.length, 3))
  }
  return curve
}
