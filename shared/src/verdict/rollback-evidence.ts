import { type Comparison, type InstanceEffect, ratioAt } from './comparison.ts'
import { addToStarts, equalWeights, type Grid, massOnNodes, mixture } from './grid.ts'
import { type Counts, conditionalBinomial, conditionalNegativeBinomial } from './likelihood.ts'
import { studentCdf } from './student.ts'

/** Evidence that the canary is worse by more than half the margin. */
export type RollbackEvidence = {
  margin: number
  /** Distance of the nodes in log ratio, and the first node of the alternative; fixed at the start. */
  spacing: number
  first: number
  negativeBinomial: Grid[]
  binomial: Grid[]
}

const NODES = 48
/** The largest change looked for: this many margins. Larger changes are found as soon. */
const LARGEST = 16

/** Rate believed of the stable arm and dispersion of the counts, both from before the look. */
export type Noise = { rate: number; dispersion: number }

/** No evidence yet. The grid runs from half a margin to sixteen margins at the baseline's `rate`. */
export function openRollback(comparison: Comparison, rate: number): RollbackEvidence {
  const margin = Math.min(...comparison.margins)
  const { worse } = comparison
  const top = worse < 0 ? (1 - margin) / LARGEST : ratioAt(comparison, LARGEST * margin, rate)
  const base = ratioAt(comparison, margin / 2, rate)
  const spacing = Math.abs(Math.log(top / base)) / (NODES - 1)
  const reach = Math.abs(Math.log(ratioAt(comparison, margin, rate) / base))
  const first = Math.min(NODES - 1, Math.ceil(reach / spacing - 1e-9))
  return { margin, spacing, first, negativeBinomial: [], binomial: [] }
}

/** The evidence with look number `look` (from 0) added. A missed look is no error: its counts come with the next. */
export function addToRollback(
  evidence: RollbackEvidence,
  comparison: Comparison,
  counts: Counts,
  { rate, dispersion }: Noise,
  look: number,
): RollbackEvidence {
  const base = ratioAt(comparison, evidence.margin / 2, rate)
  const ratios = Array.from(
    { length: NODES },
    (_, j) => base * Math.exp(comparison.worse * j * evidence.spacing),
  )
  const clumps = ratios.map((r) => conditionalNegativeBinomial(counts, r, rate, dispersion))
  const single = ratios.map((r) => conditionalBinomial(counts, r) / dispersion)
  return {
    ...evidence,
    negativeBinomial: addToStarts(evidence.negativeBinomial, clumps, look),
    binomial: addToStarts(evidence.binomial, single, look),
  }
}

/**
 * E-value against the release.
 *
 * Null hypothesis: the canary's rate is worse than the stable's by at most half the margin, times an instance effect
 * that is Student-t distributed on the log scale and constant over the rollout.
 * Guarantee: under the null, the chance that it ever reaches 1/alpha is at most alpha, however often one looks (Ville
 * 1939), for counts of either of two kinds (clumps as a negative binomial; clumps of fixed size): it is the smaller of
 * the two e-values. Conditional on dispersion and instance effect, which are estimated; held by simulation only there.
 * Source: likelihood ratio of mixtures over a grid; conditional on the sum, so that faults of both arms cancel.
 */
export function rollbackEvidence(evidence: RollbackEvidence, effect: InstanceEffect): number {
  const { spacing, first, negativeBinomial, binomial } = evidence
  const alternative = equalWeights(NODES, (node) => node >= first)
  const nullWeights = massOnNodes(NODES, spacing, (u) => studentCdf(u / effect.scale, effect.freedom))
  return Math.min(
    mixture(negativeBinomial, alternative, nullWeights),
    mixture(binomial, alternative, nullWeights),
  )
}
