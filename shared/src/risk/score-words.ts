import { coefficients } from './coefficients.ts'
import { assertFeatures, type ChangeFeatures, type FeatureName } from './score-features.ts'
import { judge, logistic, stepOf } from './score-model.ts'

/** One reason: what the measure is, and how it moves the log-odds (above 0 towards repair). */
export type ScoreReason = { feature: FeatureName; value: number; adds: number; words: string }

export type ScoreWords = {
  probability: number
  /** Share of the training changes that needed repair: what an average change has. */
  average: number
  /** The strongest first; measures that hardly move the score are left out. */
  reasons: ScoreReason[]
  missing: FeatureName[]
  sentence: string
}

const plural = (value: number, one: string, many = `${one}s`): string =>
  `${round(value)} ${value === 1 ? one : many}`

const round = (value: number): string => (value >= 10 ? value.toFixed(0) : String(Number(value.toFixed(1))))

const phrases: Record<FeatureName, (value: number) => string> = {
  ns: (value) => `touches ${plural(value, 'subsystem')}`,
  nd: (value) => `touches ${plural(value, 'directory', 'directories')}`,
  nf: (value) => `touches ${plural(value, 'file')}`,
  entropy: (value) =>
    value === 0 ? 'is in one place' : `is spread over its files (${value.toFixed(1)} bits)`,
  la: (value) => `adds ${plural(value, 'line')}`,
  ld: (value) => `deletes ${plural(value, 'line')}`,
  lt: (value) => `changes files of ${plural(value, 'line')}`,
  fix: (value) => (value > 0 ? 'is itself a fix' : 'is no fix'),
  ndev: (value) => `changes files that ${plural(value, 'developer')} changed before`,
  age: (value) => `changes files last touched ${plural(value, 'day')} ago`,
  nuc: (value) => `changes files with ${plural(value, 'change')} before`,
  exp: (value) => `comes from an author with ${plural(value, 'change')} before`,
  rexp: (value) => `comes from an author with a recent experience of ${round(value)}`,
  sexp: (value) => `comes from an author with ${plural(value, 'change')} in these subsystems`,
}

/** Log-odds below which a measure is not worth a word. */
const slight = 0.05

/**
 * Says a score in words: the measures that move it most, each compared with the changes it was trained on, and what was
 * not known.
 *
 * @param most number of reasons at most
 * @throws RangeError when a measure is negative or no finite number
 */
export const explainScore = (features: ChangeFeatures, most = 4): ScoreWords => {
  assertFeatures(features)
  const { logOdds, parts, missing } = judge(coefficients, features)
  const reasons = parts
    .filter(({ adds }) => Math.abs(adds) >= slight)
    .sort((a, b) => Math.abs(b.adds) - Math.abs(a.adds))
    .slice(0, most)
    .map(({ name, value, adds }) => ({
      feature: name,
      value,
      adds,
      words: phrases[name](value) + compared(name, value),
    }))
  const probability = logistic(logOdds)
  return {
    probability,
    average: coefficients.rate,
    reasons,
    missing,
    sentence: sentence(probability, reasons, missing),
  }
}

const compared = (name: FeatureName, value: number): string => {
  const { edges, shares } = coefficients.curves[name]
  const share = shares[stepOf(edges, value) - 1] ?? 0
  return name !== 'fix' && share >= 0.5 ? ` (more than ${Math.floor(share * 100)} % of changes)` : ''
}

const percent = (share: number): string => `${Math.round(share * 100)} %`

const sentence = (
  probability: number,
  reasons: readonly ScoreReason[],
  missing: readonly FeatureName[],
): string => {
  const list = (rising: boolean): string =>
    reasons
      .filter(({ adds }) => adds > 0 === rising)
      .map(({ words }) => words)
      .join('; ')
  const [more, less] = [list(true), list(false)]
  return [
    `${percent(probability)} likely to need repair (average ${percent(coefficients.rate)}).`,
    ...(more ? [`More likely because it ${more}.`] : []),
    ...(less ? [`Less likely because it ${less}.`] : []),
    ...(missing.length > 0 ? [`Not known: ${missing.join(', ')}.`] : []),
  ].join(' ')
}
