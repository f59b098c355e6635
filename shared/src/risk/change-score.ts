import { coefficients } from './coefficients.ts'
import { assertFeatures, type ChangeFeatures } from './score-features.ts'
import { judge, logistic, logOdds } from './score-model.ts'

export type { ChangeFeatures, FeatureName } from './score-features.ts'
export { explainScore, type ScoreReason, type ScoreWords } from './score-words.ts'

/** What is known of the repository. Nothing needs to be: the coefficients come from other projects. */
export type ScoreContext = {
  /** Share of its changes in the past that needed repair, above 0 and below 1. It moves probabilities, never the order. */
  repairRate?: number
}

/**
 * The probability that a change will need repair, 0 to 1: for ranking, and as one input of several. It never decides
 * alone, and it says nothing about rollbacks. Every measure may be left out: what is missing is expected from what is
 * known, and the fewer are known the nearer the result is to the average. How it was trained and measured:
 * docs/change-score.md.
 *
 * @throws RangeError when a measure is negative or no finite number, or the repair rate is not between 0 and 1
 */
export const scoreChange = (features: ChangeFeatures, context: ScoreContext = {}): number => {
  assertFeatures(features)
  return logistic(judge(coefficients, features, shiftFor(context)).logOdds)
}

/**
 * The expected number of changes of a release that will need repair: the sum of their scores. Releases of about the same
 * number of changes are ranked by it.
 *
 * @throws RangeError when a score is no probability
 */
export const scoreRelease = (scores: readonly number[]): number =>
  scores.reduce((sum, score, index) => {
    if (!(score >= 0 && score <= 1))
      throw new RangeError(`score ${index + 1} is ${String(score)}; a score is between 0 and 1`)
    return sum + score
  }, 0)

const shiftFor = ({ repairRate }: ScoreContext): number => {
  if (repairRate === undefined) return 0
  if (!(repairRate > 0 && repairRate < 1))
    throw new RangeError(`repairRate is ${String(repairRate)}; it is a share above 0 and below 1`)
  return logOdds(repairRate) - logOdds(coefficients.rate)
}
