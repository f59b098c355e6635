import { type Comparison, type InstanceEffect, ratioAt } from './comparison.ts'
import { addLook, emptyGrid, equalWeights, type Grid, massOnNodes, ratio } from './grid.ts'
import { type Counts, conditionalBinomial, conditionalNegativeBinomial, jointIncrease } from './likelihood.ts'
import type { Noise } from './outage.ts'
import { studentCdf } from './student.ts'

/** Evidence that the canary is worse by less than `margin`. `second` only for relative margins. */
export type PromotionEvidence = { margin: number; first: Grid; second: Grid | null }

/** Nodes from no change to the margin. */
export const NODES = 24
/** A negative binomial gives too little to looks without events when clumps are geometric; widening repairs it. */
export const WIDENING = 2
/** Weight of the alternatives up to half the margin: a good release whose counts came out badly is proven sooner. */
const BAD_LUCK = 0.3

/** No evidence yet. */
export function openPromotion({ scale }: Comparison, margin: number): PromotionEvidence {
  return { margin, first: emptyGrid(NODES), second: scale === 'relative' ? emptyGrid(NODES) : null }
}

/** The evidence with one look added. Absolute margins: leave out looks in an outage of the stable arm (`isOutage`). */
export function addToPromotion(
  evidence: PromotionEvidence,
  comparison: Comparison,
  counts: Counts,
  { rate, dispersion }: Noise,
): PromotionEvidence {
  const wide = 1 + WIDENING * (dispersion - 1)
  const range = Math.log(ratioAt(comparison, evidence.margin, rate))
  const ratios = Array.from({ length: NODES }, (_, j) => Math.exp((range * j) / (NODES - 1)))
  if (evidence.second) {
    const clumps = ratios.map((r) => conditionalNegativeBinomial(counts, r, rate, wide))
    const single = ratios.map((r) => conditionalBinomial(counts, r) / dispersion)
    return { ...evidence, first: addLook(evidence.first, clumps), second: addLook(evidence.second, single) }
  }
  const joint = ratios.map((r) => jointIncrease(counts, rate, rate * (r - 1), wide))
  return { ...evidence, first: addLook(evidence.first, joint) }
}

/**
 * E-value for promotion.
 *
 * Null hypothesis: the canary's rate is worse than the stable's by the margin or more, times a constant Student-t
 * instance effect on the log scale.
 * Guarantee: the chance that it ever reaches 1/beta under the null is at most beta, for every shared rate: absolute
 * margins by the reverse information projection (Turner, Ly and Grunwald 2021; the conditional test is not valid when
 * the shared rate jumps), relative ones by conditioning on the sum. Conditional on estimated dispersion and effect.
 */
export function promotionEvidence(
  evidence: PromotionEvidence,
  comparison: Comparison,
  rate: number,
  effect: InstanceEffect,
): number {
  const range = Math.abs(Math.log(ratioAt(comparison, evidence.margin, rate)))
  const spacing = range / (NODES - 1)
  const { scale, freedom } = effect
  const nullWeights = massOnNodes(NODES, spacing, (x) => studentCdf((x - range) / scale, freedom))
  const alternative = alternativeWeights(spacing, effect)
  const first = ratio(evidence.first, alternative, nullWeights)
  return evidence.second ? Math.min(first, ratio(evidence.second, alternative, nullWeights)) : first
}

/** What promotion bets on: no change beside the instance effect (what lies below no change counts as none), or bad luck. */
export function alternativeWeights(spacing: number, { scale, freedom }: InstanceEffect): number[] {
  const unchanged = massOnNodes(NODES, spacing, (x) => studentCdf(x / scale, freedom))
  const unlucky = equalWeights(NODES, (node) => node < NODES / 2)
  return unchanged.map((weight, node) => (1 - BAD_LUCK) * weight + BAD_LUCK * (unlucky[node] ?? 0))
}

/**
 * Whether no amount of traffic can prove the margin: with all the traffic in the world, the evidence for no change is
 * the mass that the alternative puts there over the mass that the null hypothesis does, because of instances alone.
 */
export function isUnprovable(
  comparison: Comparison,
  margin: number,
  rate: number,
  { scale, freedom }: InstanceEffect,
  wanted: number,
): boolean {
  const range = Math.abs(Math.log(ratioAt(comparison, margin, rate)))
  const nearest = range / (NODES - 1) / 2
  const unchanged = (1 - BAD_LUCK) * studentCdf(nearest / scale, freedom) + (2 * BAD_LUCK) / NODES
  return studentCdf((nearest - range) / scale, freedom) * wanted > unchanged
}
