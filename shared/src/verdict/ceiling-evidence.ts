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

/** The evidence with one look added. `worse` is -1 for a floor. */
export function addToCeiling(
  evidence: CeilingEvidence,
  counts: Counts,
  dispersion: number,
  worse: 1 | -1,
  look: number,
): CeilingEvidence {
  const { ceiling, times } = evidence
  const { canaryEvents: events, canaryTotal: total } = counts
  const single = (r: number) => fixedPoisson(events, total, ceiling, r) / dispersion
  const clumps = (r: number) => fixedNegativeBinomial(events, total, ceiling, r, dispersion)
  const over = ratios.map((r) => r ** worse)
  const under = ratios.map((r) => r ** -worse)
  const compared = over.map((r) => conditionalBinomial(counts, times ** worse * r) / dispersion)
  return {
    ceiling,
    times,
    single: addToStarts(evidence.single, over.map(single), look),
    clumps: addToStarts(evidence.clumps, over.map(clumps), look),
    against: counts.stableTotal > 0 ? addToStarts(evidence.against, compared, look) : evidence.against,
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
 * the ceiling is not rolled back because of an instance that differs from the others as instances do.
 * Guarantee: reaches 1/alpha with chance at most alpha under the null, however often one looks: each part is a mixture
 * likelihood ratio against a fixed rate, falling in expectation for every smaller rate; the smallest of e-values for the
 * parts of a union is one for the union. Ordinary noise around the ceiling does not trip it.
 */
export function ceilingEvidence({ single, clumps, against }: CeilingEvidence): number {
  const parts = [single, clumps, ...(against.length > 0 ? [against] : [])]
  return Math.min(...parts.map((grids) => mixture(grids, elsewhere, atCeiling)))
}

/** E-value for "the canary's rate is below the ceiling"; null hypothesis: it is at the ceiling or worse. */
export function belowCeilingEvidence({ below }: CeilingEvidence): number {
  return Math.min(ratio(below.single, elsewhere, atCeiling), ratio(below.clumps, elsewhere, atCeiling))
}
