import { addLook, addToStarts, emptyGrid, equalWeights, type Grid, mixture, ratio } from './grid.ts'

/** Bets on plain values, of which only "worse or not" is used. */
export type SignBets = {
  looks: number
  worse: Grid[]
  /** Beyond the absolute ceiling. */
  beyond: Grid[]
  /** On the right side of the ceiling. */
  kept: Grid
  within: { margin: number; grid: Grid }[]
}

/** Shares of the capital put on the next sign; none for the first node, which is the null hypothesis. */
const stakes = [0, 0.2, 0.4, 0.6, 0.8]
const nobody = equalWeights(stakes.length, (node) => node === 0)
const everybody = equalWeights(stakes.length, (node) => node > 0)

/** No bets placed. One grid for each margin that some step must prove. */
export function openBets(margins: readonly number[]): SignBets {
  const within = [...new Set(margins)].map((margin) => ({ margin, grid: emptyGrid(stakes.length) }))
  return { looks: 0, worse: [], beyond: [], kept: emptyGrid(stakes.length), within }
}

/**
 * One look: how much worse the canary's value is than the stable's, as a share of it (null without a stable arm), and
 * whether each arm is over the ceiling (null where there is none). Where both are, the release is not to blame. `kept`: the
 * canary is plainly within it.
 */
export function addBet(
  bets: SignBets,
  worseBy: number | null,
  over: { canary: boolean; stable: boolean; kept: boolean } | null,
): SignBets {
  const bet = (won: boolean) => stakes.map((stake) => Math.log(won ? 1 + stake : 1 - stake))
  const smallest = Math.min(...bets.within.map(({ margin }) => margin))
  return {
    looks: bets.looks + 1,
    worse: worseBy === null ? bets.worse : addToStarts(bets.worse, bet(worseBy > smallest / 2), bets.looks),
    beyond:
      over === null || (over.canary && over.stable)
        ? bets.beyond
        : addToStarts(bets.beyond, bet(over.canary), bets.looks),
    kept: over === null ? bets.kept : addLook(bets.kept, bet(over.kept)),
    within: bets.within.map(({ margin, grid }) => ({
      margin,
      grid: worseBy === null ? grid : addLook(grid, bet(worseBy < margin)),
    })),
  }
}

/**
 * E-values of a plain value (a gauge), for which nothing is known of its distribution.
 *
 * Null hypotheses: against (beyond) - given the past, the canary is worse by more than half the margin (over the ceiling,
 * while the stable is not) with a chance of at most one half in each look; for (kept) - it is within the margin (the
 * ceiling) with a chance of at most one half.
 * Guarantee: Ville's inequality for fair bets on each sign, whatever the values' distribution. Of a lasting difference
 * between instances it knows nothing, which is why `worseValues` must say the same before a release is blamed.
 * Source: testing by betting, Shafer 2021; mixture over stakes.
 */
export function betEvidence(bets: SignBets, margin: number | null) {
  const grid = bets.within.find((within) => within.margin === margin)?.grid
  return {
    against: mixture(bets.worse, everybody, nobody),
    beyond: mixture(bets.beyond, everybody, nobody),
    for: grid ? ratio(grid, everybody, nobody) : ratio(bets.kept, everybody, nobody),
  }
}
