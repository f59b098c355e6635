import { type Comparison, effectBehind, type InstanceEffect, ratioAt } from './comparison.ts'
import {
  addToExcess,
  type ExcessEvidence,
  type ExcessLook,
  emptiedExcess,
  excessEvidence,
  excessLook,
  openExcess,
} from './excess-evidence.ts'
import { addToStarts, type Grid, massOnNodes, mixture } from './grid.ts'
import { type Counts, conditionalBinomial, conditionalNegativeBinomial } from './likelihood.ts'
import { isOutage, type Noise } from './outage.ts'
import { studentCdf } from './student.ts'

/** Evidence that the canary is worse by more than half the margin. */
export type RollbackEvidence = {
  margin: number
  worse: 1 | -1
  /** Distance of the nodes in log ratio, and the first node of the alternative; fixed at the start. */
  spacing: number
  first: number
  /** The stable share and half the margin, where the rate is a share. */
  around: number | null
  negativeBinomial: Grid[]
  binomial: Grid[]
  /** Absolute margins only. */
  excess: ExcessEvidence | null
  excessShare: number
}

const NODES = 48
/**
 * The largest change looked for: this many margins, and at least so many times the stable rate, for a change that is small
 * beside what instances differ by anyway is never blamed on a release. Larger changes are found as soon.
 */
const LARGEST = { margins: 16, times: 4 }

/** Weight of the unconditional part; below half the margin, stable has too few events for the conditional one. */
const EXCESS_SHARE = 0.5
const EXCESS_SHARE_OF_FEW = 0.9

/** No evidence yet. The grid runs from half a margin to the largest change looked for at the baseline's `rate`. */
export function openRollback(comparison: Comparison, rate: number): RollbackEvidence {
  const margin = comparison.blamed ?? Math.min(...comparison.margins)
  const { worse } = comparison
  const base = ratioAt(comparison, margin / 2, rate)
  const share = comparison.share === true
  const most = Math.max(ratioAt(comparison, LARGEST.margins * margin, rate), LARGEST.times)
  // All requests cannot be exceeded.
  const possible = share ? Math.max(1 / rate, 1.05 * base) : most
  const top = worse < 0 ? (1 - margin) / LARGEST.margins : Math.min(most, possible)
  const around = share && rate * base < 1 ? rate * base : null
  const excess =
    comparison.scale === 'absolute'
      ? openExcess(margin, Math.min(LARGEST.times * rate, share ? 1 : Number.POSITIVE_INFINITY), around)
      : null
  const spacing = Math.abs(Math.log(top / base)) / (NODES - 1)
  const reach = Math.abs(Math.log(ratioAt(comparison, margin, rate) / base))
  const first = Math.min(NODES - 1, Math.ceil(reach / spacing - 1e-9))
  const excessShare = excess === null ? 0 : rate <= margin / 2 ? EXCESS_SHARE_OF_FEW : EXCESS_SHARE
  return { margin, worse, spacing, first, around, negativeBinomial: [], binomial: [], excess, excessShare }
}

/** What one look says, by node of each grid; `excess` is null where it is not asked, or stable has an outage. */
export type RollbackLook = { clumps: number[]; single: number[]; excess: ExcessLook | null }

/** What these counts say on the grids of `evidence`. */
export function rollbackLook(
  { margin, spacing, excess }: RollbackEvidence,
  comparison: Comparison,
  counts: Counts,
  noise: Noise,
): RollbackLook {
  const { rate, dispersion } = noise
  const base = ratioAt(comparison, margin / 2, rate)
  const ratios = Array.from({ length: NODES }, (_, j) => base * Math.exp(comparison.worse * j * spacing))
  return {
    clumps: ratios.map((r) => conditionalNegativeBinomial(counts, r, rate, dispersion)),
    single: ratios.map((r) => conditionalBinomial(counts, r) / dispersion),
    excess: excess && !isOutage(counts, noise) ? excessLook(excess, counts, margin, noise) : null,
  }
}

/** The evidence with look number `look` (from 0) added. A missed look is no error: its counts come with the next. */
export function addToRollback(
  evidence: RollbackEvidence,
  { clumps, single, excess }: RollbackLook,
  look: number,
): RollbackEvidence {
  return {
    ...evidence,
    negativeBinomial: addToStarts(evidence.negativeBinomial, clumps, look),
    binomial: addToStarts(evidence.binomial, single, look),
    excess: evidence.excess && excess ? addToExcess(evidence.excess, excess, look) : evidence.excess,
  }
}

/** Weights of Jeffreys' prior of a Poisson rate from the first node on: the square root of the rate, per log rate. */
function jeffreys(step: number, first: number): number[] {
  const weights = Array.from({ length: NODES }, (_, node) => (node < first ? 0 : Math.exp((node * step) / 2)))
  const sum = weights.reduce((all, weight) => all + weight, 0)
  return weights.map((weight) => weight / sum)
}

/** The same grids, with nothing seen. */
export function emptied(evidence: RollbackEvidence): RollbackEvidence {
  return {
    ...evidence,
    negativeBinomial: [],
    binomial: [],
    excess: evidence.excess && emptiedExcess(evidence.excess),
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
 * Source: likelihood ratio of mixtures over a grid; conditional on the sum, so that faults of both arms cancel. Where the
 * baseline lies below half the margin, stable has too few events for that; most weight is then on `excessEvidence`, and
 * looks in which the stable arm has an outage count in the conditional part alone.
 */
export function rollbackEvidence(evidence: RollbackEvidence, effect: InstanceEffect): number {
  const { worse, spacing, first, around, negativeBinomial, binomial } = evidence
  const alternative = jeffreys(worse * spacing, first)
  const nullWeights = massOnNodes(NODES, spacing, (u) =>
    studentCdf(effectBehind(u, around) / effect.scale, effect.freedom),
  )
  const compared = Math.min(
    mixture(negativeBinomial, alternative, nullWeights),
    mixture(binomial, alternative, nullWeights),
  )
  if (!evidence.excess) return compared
  const { excess, excessShare } = evidence
  return excessShare * excessEvidence(excess, effect) + (1 - excessShare) * compared
}
