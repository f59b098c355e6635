/**
 * The measures of a change that the score reads (Kamei et al., "A large-scale empirical study of just-in-time quality
 * assurance", 2013), in the order of the coefficients.
 */
export const featureNames = [
  'ns',
  'nd',
  'nf',
  'entropy',
  'la',
  'ld',
  'lt',
  'fix',
  'ndev',
  'age',
  'nuc',
  'exp',
  'rexp',
  'sexp',
] as const

export type FeatureName = (typeof featureNames)[number]

/**
 * What is known of a change; each measure may be left out. ns, nd, nf: subsystems, directories, files touched. entropy:
 * of the changed lines over the files, in bits. la, ld: lines added, deleted. lt: lines of the files before. fix: 1 if
 * the change says it is a fix. ndev: developers who changed the files before. age: mean days since their last change.
 * nuc: unique last changes of the files. exp, rexp, sexp: changes by the author before (all, weighted to recent ones, in
 * these subsystems).
 */
export type ChangeFeatures = { [Name in FeatureName]?: number | undefined }

/** Measures that the score never lets speak for a lower risk as they grow. */
export const risingFeatures: readonly FeatureName[] = [
  'ns',
  'nd',
  'nf',
  'entropy',
  'la',
  'ld',
  'lt',
  'fix',
  'ndev',
]

/** What can be read from the difference and the message alone, without the history of the files or of the author. */
export const diffFeatures: readonly FeatureName[] = ['ns', 'nd', 'nf', 'entropy', 'la', 'ld', 'fix']

/** @throws RangeError when a measure is negative or no finite number; the message names it. */
export const assertFeatures = (features: ChangeFeatures): void => {
  for (const name of featureNames) {
    const value = features[name]
    if (value === undefined) continue
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
      throw new RangeError(`${name} is ${String(value)}; write a number that is 0 or more, or leave it out`)
  }
}
