/**
 * Log likelihoods over a grid of hypotheses, kept as whole ten-thousandths of a nat: sums are exact, so a state that
 * went through JSON goes on exactly as one that never stopped.
 */
export type Grid = number[]

/** Whole numbers of a grid per nat. */
export const PER_NAT = 1e4

/** Looks at which evidence starts afresh, so that a fault which begins late is not buried under a clean past. */
export const starts = [0, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128] as const

/** After the last of `starts`, one more each so many looks, for as long as a rollout lasts. */
const PERIOD = 64

/** Starts after the first that are still followed; forgetting an older one gives its capital up. */
const FOLLOWED = 10

/**
 * Capital on the first start and on each later one; together 1. A start not reached holds its capital. That of the last
 * of `starts` is shared with all after it: the nth of these has 1/(n (n + 1)) of it, which sums to 1 over all n.
 */
const FIRST = 0.85
const LATER = (1 - FIRST) / (starts.length - 1)

function capital(index: number): number {
  if (index === 0) return FIRST
  const n = Math.max(1, index - starts.length + 2)
  return index < starts.length - 1 ? LATER : LATER / (n * (n + 1))
}

/** How many starts lie at or before look number `look` (from 0). */
function startsReached(look: number): number {
  const last = starts[starts.length - 1] ?? 0
  return starts.filter((start) => start <= look).length + Math.max(0, Math.floor((look - last) / PERIOD))
}

/** A grid that has seen nothing. */
export function emptyGrid(nodes: number): Grid {
  return new Array<number>(nodes).fill(0)
}

/** The grid with the log likelihoods of one look added. */
export function addLook(grid: Grid, increments: readonly number[]): Grid {
  return grid.map((value, node) => value + Math.round((increments[node] ?? 0) * PER_NAT))
}

/** One grid per start reached at look number `look` (from 0), with the look added to each; forgotten ones are empty. */
export function addToStarts(grids: readonly Grid[], increments: readonly number[], look: number): Grid[] {
  const reached = startsReached(look)
  const all = [...grids]
  while (all.length < reached) all.push(emptyGrid(increments.length))
  return all.map((grid, index) => {
    const forgotten = index > 0 && (grid.length === 0 || index < all.length - FOLLOWED)
    return forgotten ? [] : addLook(grid, increments)
  })
}

/** Likelihood under the weights `alternative` over the likelihood under the weights `null`: an e-value. */
export function ratio(grid: Grid, alternative: readonly number[], nullWeights: readonly number[]): number {
  const top = Math.max(...grid)
  let above = 0
  let below = 0
  for (const [node, value] of grid.entries()) {
    const likelihood = Math.exp((value - top) / PER_NAT)
    above += (alternative[node] ?? 0) * likelihood
    below += (nullWeights[node] ?? 0) * likelihood
  }
  return above / Math.max(below, 1e-300)
}

/**
 * E-value over an unknown change point: a mixture over starts with capital that is fixed beforehand, so it stays an
 * e-process however long the rollout lasts (Shin, Ramdas and Rinaldo 2023, e-detectors).
 */
export function mixtureOf(grids: readonly Grid[], value: (grid: Grid) => number): number {
  let sum = 0
  let held = 1
  for (const [index, grid] of grids.entries()) {
    held -= capital(index)
    if (grid.length > 0) sum += capital(index) * value(grid)
  }
  return sum + held
}

/** `mixtureOf` for the ratio of two weightings of the nodes. */
export function mixture(
  grids: readonly Grid[],
  alternative: readonly number[],
  nullWeights: readonly number[],
): number {
  return mixtureOf(grids, (grid) => ratio(grid, alternative, nullWeights))
}

/** Weights that are equal on the nodes for which `chosen` holds and sum to 1. */
export function equalWeights(nodes: number, chosen: (node: number) => boolean): number[] {
  const picked = Array.from({ length: nodes }, (_, node) => chosen(node))
  const count = picked.filter(Boolean).length
  return picked.map((is) => (is ? 1 / count : 0))
}

/**
 * Weights of a distribution over equally spaced nodes at 0, `spacing`, 2 `spacing`...: the mass nearest to each node,
 * everything below on the first and above on the last.
 */
export function massOnNodes(nodes: number, spacing: number, cumulative: (at: number) => number): number[] {
  const weights: number[] = []
  let before = 0
  for (let node = 0; node < nodes; node++) {
    const upTo = node === nodes - 1 ? 1 : cumulative((node + 0.5) * spacing)
    weights.push(upTo - before)
    before = upTo
  }
  return weights
}
