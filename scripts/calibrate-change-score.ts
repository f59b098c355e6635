import { type FeatureName, featureNames } from '@relman/core/risk/score-features'
import { type Curve, logistic, logOdds, type ScoreModel } from '@relman/core/risk/score-model'
import { defaultFitting, type Fitting, fitChangeScore, type Sample } from './fit-change-score.ts'
import { leaveOneOut, type Mark, marksOf } from './measure-change-score.ts'

/** Slope and intercept that make log-odds fit what was observed (Platt 1999), by Newton's method. */
export const platt = (marks: readonly Mark[]): { slope: number; intercept: number } => {
  const odds = marks.map(({ score }) => logOdds(score))
  let slope = 1
  let intercept = 0
  for (let round = 0; round < 25; round += 1) {
    const [gradient, cross] = [
      [0, 0],
      [0, 0, 0],
    ] as [[number, number], [number, number, number]]
    for (const [index, { repaired }] of marks.entries()) {
      const x = odds[index] as number
      const expected = logistic(slope * x + intercept)
      const weight = expected * (1 - expected)
      gradient[0] += (repaired ? 1 : 0) - expected
      gradient[1] += ((repaired ? 1 : 0) - expected) * x
      cross[0] += weight
      cross[1] += weight * x
      cross[2] += weight * x * x
    }
    const area = cross[0] * cross[2] - cross[1] * cross[1]
    intercept += (cross[2] * gradient[0] - cross[1] * gradient[1]) / area
    slope += (cross[0] * gradient[1] - cross[1] * gradient[0]) / area
  }
  return { slope, intercept }
}

const scaled = (model: ScoreModel, slope: number, intercept: number): ScoreModel => {
  const short = (value: number, digits = 4): number => Number(value.toPrecision(digits))
  const curve = ({ edges, values, shares }: Curve): Curve => ({
    edges,
    shares,
    values: values.map((value) => short(slope * value)),
  })
  return {
    base: short(slope * model.base + intercept, 6),
    rate: model.rate,
    curves: Object.fromEntries(
      featureNames.map((name): [FeatureName, Curve] => [name, curve(model.curves[name])]),
    ) as Record<FeatureName, Curve>,
    covariance: model.covariance.map((row) => row.map((value) => short(slope * slope * value, 3))),
  }
}

/**
 * A model whose probabilities hold for projects it has not seen: each project of the training is left out once, and the
 * pooled scores of those left out say how far the log-odds must shrink. These inner models see every third change, for
 * speed. With one project only there is nothing to leave out: the model stays as it is.
 */
export const fitCalibrated = (samples: readonly Sample[], fitting: Fitting = defaultFitting): ScoreModel => {
  const model = fitChangeScore(samples, fitting)
  if (new Set(samples.map(({ project }) => project)).size < 2) return model
  const third = samples.filter((_, index) => index % 3 === 0)
  const marks = leaveOneOut(third, (part) => fitChangeScore(part, fitting)).flatMap(({ model: inner, all }) =>
    marksOf(inner, all),
  )
  const { slope, intercept } = platt(marks)
  return scaled(model, slope, intercept)
}
