import { againstObjective, type Baseline, baselineRate } from './baseline.ts'
import { addLook, addToStarts, emptyGrid, equalWeights, type Grid, mixture, ratio } from './grid.ts'
import { type Counts, conditionalBinomial, fixedNegativeBinomial, fixedPoisson } from './likelihood.ts'

/** Evidence about an absolute rate. Each grid's first node is the ceiling itself. */
export type CeilingEvidence = {
  ceiling: number
  /** The rate must also exceed so many times the stable one. */
  times: number
  single: Grid[]
  clumps: Grid[]
  /** Canary against `times` the stable rate; empty while there is no stable arm. */
  against: Grid[]
  below: { single: Grid; clumps: Grid }
}

const STEP = 1.45
const ratios = [1, ...Array.from({ length: 12 }, (_, j) => 1.1 * STEP ** j)]
const atCeiling = equalWeights(ratios.length, (node) => node === 0)
const elsewhere = equalWeights(ratios.length, (node) => node > 0)

/** No evidence yet. */
export function openCeiling(ceiling: number, times = 1): CeilingEvidence {
  const below = { single: emptyGrid(ratios.length), clumps: emptyGrid(ratios.length) }
  return { ceiling, times, single: [], clumps: [], against: [], below }
}

/** A stable arm with less than this share of the canary's requests is a trickle that shows no rate. */
const TRICKLE = 1 / 200

/** Whether the stable arm has no traffic any more, or too little to be compared with. */
export function isGone({ canaryTotal, stableTotal }: Counts): boolean {
  return stableTotal < canaryTotal * TRICKLE
}

/**
 * The evidence with one look added. `worse` is -1 for a floor; `shown` is what the stable arm showed since the rollout
 * began, which stands for it once it has no traffic any more.
 */
export function addToCeiling(
  evidence: CeilingEvidence,
  counts: Counts,
  { dispersion, worse, shown }: { dispersion: number; worse: 1 | -1; shown: Baseline },
  look: number,
): CeilingEvidence {
  const { ceiling, times } = evidence
  const known = evidence.against.length > 0 && shown.total > 0
  const beside = known && isGone(counts) ? againstObjective(counts, baselineRate(shown)) : counts
  const { canaryEvents: events, canaryTotal: total } = counts
  const single = (r: number) => fixedPoisson(events, total, ceiling, r) / dispersion
  const clumps = (r: number) => fixedNegativeBinomial(events, total, ceiling, r, dispersion)
  const over = ratios.map((r) => r ** worse)
  const under = ratios.map((r) => r ** -worse)
  const compared = over.map((r) => conditionalBinomial(beside, times ** worse * r) / dispersion)
  return {
    ceiling,
    times,
    single: addToStarts(evidence.single, over.map(single), look),
    clumps: addToStarts(evidence.clumps, over.map(clumps), look),
    against: beside.stableTotal > 0 ? addToStarts(evidence.against, compared, look) : evidence.against,
    below: {
      single: addLook(evidence.below.single, under.map(single)),
      clumps: addLook(evidence.below.clumps, under.map(clumps)),
    },
  }
}

/**
 * E-value that the canary exceeds an absolute ceiling.
 *
 * Null hypothesis: the canary's rate is at most the ceiling, or at most the stable's (then the release is not to blame
 * and going back would not help); with `times`, at most so many times the stable's, so that a service which lives near
 * the ceiling is not rolled back because of an instance that differs from the others as instances do. In looks without
 * stable traffic (at 100 %, or when the stable version is gone) the stable's rate is the one it showed before: a clean past
 * beside it must not silence the ceiling for good.
 * Guarantee: reaches 1/alpha with chance at most alpha under the null, however often one looks: each part is a mixture
 * likelihood ratio against a fixed rate, falling in expectation for every smaller rate; the smallest of e-values for the
 * parts of a union is one for the union. Ordinary noise around the ceiling does not trip it. That the rate shown before is
 * an estimate touches the part about the stable version only: a canary at or below the ceiling stays within alpha.
 */
export function ceilingEvidence({ single, clumps, against }: CeilingEvidence): number {
  const parts = [single, clumps, ...(against.length > 0 ? [against] : [])]
  return Math.min(...parts.map((grids) => mixture(grids, elsewhere, atCeiling)))
}

/** E-value for "the canary's rate is below the ceiling"; null hypothesis: it is at the ceiling or worse. */
export function belowCeilingEvidence({ below }: CeilingEvidence): number {
  return Math.min(ratio(below.single, elsewhere, atCeiling), ratio(below.clumps, elsewhere, atCeiling))
}
