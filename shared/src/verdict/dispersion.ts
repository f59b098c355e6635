import { addCounts, type InstanceCount, sumCounts } from './instance-counts.ts'

/** What stable instances say about noise, estimated only from looks before the one that is judged. */
export type Dispersion = {
  /** Variance over mean of fast noise beyond Poisson, minus 1. */
  excess: number
  /** Standard error of that, added once. */
  error: number
  /** Variance of the log rate between instances, and the degrees of freedom it is known with. */
  spread: number
  freedom: number
  /** Whether the spread is assumed (one stable series only) instead of seen. */
  assumed: boolean
  /** The other reading of slow noise, where it differs: clumps that last for many looks. Null where there is none. */
  slow: SlowNoise | null
}

/** Excess with its standard error, and the spread that is left beside it. */
export type SlowNoise = { excess: number; spread: number; freedom: number }

/** What is believed before the stable instances have shown anything, worth a few observations only. */
export type Assumptions = { dispersion: number; spread: number }

type Level = {
  length: number
  block: InstanceCount[]
  looks: number
  v: number
  w: number
  u: number
  q: number
}

/** Sums from which a Dispersion is computed. JSON, size independent of the number of looks. */
export type DispersionSums = {
  looks: number
  busy: number
  deviations: number
  first: { v: number; w: number; u: number }
  levels: Level[]
  totals: InstanceCount[]
  last: { total: number; events: number } | null
}

const BLOCKS = [8, 40] as const
/** Weight, in looks with events, of the assumed dispersion; and in degrees of freedom, of the assumed spread. */
const PRIOR_LOOKS = 2
const PRIOR_FREEDOM = 4
/** Spread assumed when the stable arm is one aggregated series and cannot show any. */
export const AGGREGATED_SPREAD = 0.2

export const defaultAssumptions: Assumptions = { dispersion: 1.5, spread: 0.1 }

export function noDispersion(): DispersionSums {
  const levels = BLOCKS.map((length) => ({ length, block: [], looks: 0, v: 0, w: 0, u: 0, q: 0 }))
  const first = { v: 0, w: 0, u: 0 }
  return { looks: 0, busy: 0, deviations: 0, first, levels, totals: [], last: null }
}

/** The sums with one look of the stable instances more. */
export function addDispersion(sums: DispersionSums, look: readonly InstanceCount[]): DispersionSums {
  const all = sumCounts(look)
  if (all.total === 0) return sums
  const part = look.length === 1 && sums.last ? successive(sums.last, all) : deviations(look)
  return {
    looks: sums.looks + 1,
    busy: sums.busy + (part.w > 0 ? 1 : 0),
    deviations: sums.deviations + (part.v - part.w) ** 2,
    first: { v: sums.first.v + part.v, w: sums.first.w + part.w, u: sums.first.u + part.u },
    levels: sums.levels.map((level) => addToLevel(level, look)),
    totals: addCounts(sums.totals, look),
    last: all,
  }
}

/**
 * Dispersion and spread by the method of moments over blocks of 1, 8, 40 and all looks (see docs: rule R*), each drawn
 * towards what is assumed in proportion to how little was seen: a spread estimated from a handful of events is noise.
 */
export function estimateDispersion(sums: DispersionSums, assumptions: Assumptions): Dispersion {
  const { v, w, u } = sums.first
  const fast = w > 0 ? v / w : 1
  const slow = slowSpread(sums, fast)
  const excessBeside = (spread: number) => {
    const raw = Math.max(0, fast - (w > 0 ? (spread * u) / w : 0) - 1)
    const seen = (sums.busy * raw + PRIOR_LOOKS * (assumptions.dispersion - 1)) / (sums.busy + PRIOR_LOOKS)
    return Math.max(seen, ...sums.levels.map((level) => burstExcess(level, spread)))
  }
  const error = Math.max(0.01, w > 0 ? Math.sqrt(sums.deviations) / w : 0)
  const prior = assumptions.spread ** 2
  if (sums.totals.length < 2) {
    const spread = Math.max(prior, AGGREGATED_SPREAD ** 2)
    return {
      excess: excessBeside(slow.estimate),
      error,
      spread,
      freedom: PRIOR_FREEDOM,
      assumed: true,
      slow: null,
    }
  }
  // How well the spread is known depends on how large it surely is, not on how large chance made it look.
  const level = Math.max(slow.sure, prior)
  const reliability = level / (level + slow.noise)
  const seen = (sums.totals.length - 1) * reliability ** 2
  const spread = (PRIOR_FREEDOM * prior + seen * slow.estimate) / (PRIOR_FREEDOM + seen)
  const excess = excessBeside(Math.min(spread, slow.estimate))
  const freedom = PRIOR_FREEDOM + seen
  return { excess, error, spread, freedom, assumed: false, slow: slowNoise(sums, prior, excess + error) }
}

/**
 * Variance over mean, minus 1, that blocks of looks show surely (less one standard error) and the spread believed does not
 * explain: faults whose retries last for several looks are clumps too, and each look alone hides how large they are.
 */
function burstExcess({ v, w, u, q }: Level, spread: number): number {
  if (w === 0) return 0
  const whole = v / w
  const error = (Math.sqrt(q) * Math.max(1, whole)) / w
  return whole - error - (spread * u) / w - 1
}

/** A second reading is followed where it finds so many times the dispersion of the first. */
const DIFFERENT = 1.25
/** Fewer blocks do not show what lasts longer than they do. */
const FEWEST_BLOCKS = 2

/**
 * Noise that is slower than a look, read as clumps: their variance grows with the length of a block, that of lasting
 * differences between instances with its square. The longest blocks and all looks together tell the two apart, and both
 * variances are kept as they were seen, whichever way they are split. Bursts that last for minutes would otherwise be
 * taken for instances that differ by several times, among which no bad release can be seen.
 */
function slowNoise(sums: DispersionSums, prior: number, known: number): SlowNoise | null {
  const whole = deviations(sums.totals)
  const instances = sums.totals.length - 1
  const [long] = sums.levels
    .filter(({ length, w, looks }) => w > 0 && sums.looks - looks >= FEWEST_BLOCKS * length)
    .sort((a, b) => b.length - a.length)
  if (!long || whole.w === 0) return null
  const [blocks, all] = [long.v / long.w, whole.v / whole.w]
  const [perBlock, perAll] = [long.u / long.w, whole.u / whole.w]
  const lasting = Math.max(0, (all - blocks) / (perAll - perBlock))
  const noise = Math.max(1, blocks - lasting * perBlock) / perAll
  const level = Math.max(lasting, prior)
  const seen = instances * (level / (level + noise)) ** 2
  const spread = (PRIOR_FREEDOM * prior + seen * lasting) / (PRIOR_FREEDOM + seen)
  const excess = Math.max(blocks - lasting * perBlock, all - lasting * perAll) - 1
  const error = (Math.sqrt(long.q) * Math.max(1, 1 + excess)) / long.w
  if (!(1 + excess > DIFFERENT * (1 + known))) return null
  return { excess: excess + error, spread, freedom: PRIOR_FREEDOM + seen }
}

/** Squared deviations of instances from their common rate: observed (v), expected of Poisson counts (w), per unit of spread (u), and the variance of v (q). */
export function deviations(look: readonly InstanceCount[]) {
  const { total, events } = sumCounts(look)
  let v = 0
  let w = 0
  let u = 0
  let q = 0
  for (const count of look) {
    const share = count.total / total
    const mean = events * share
    v += (count.events - mean) ** 2
    w += mean * (1 - share)
    u += mean * mean * (1 - share)
    q += 2 * (mean * (1 - share)) ** 2
  }
  return { v, w, u, q }
}

/** One series only: a look against the one before it. */
function successive(before: { total: number; events: number }, now: { total: number; events: number }) {
  const events = before.events + now.events
  const share = now.total / (before.total + now.total)
  return { v: (now.events - events * share) ** 2, w: events * share * (1 - share), u: 0 }
}

function addToLevel(level: Level, look: readonly InstanceCount[]): Level {
  const block = addCounts(level.block, look)
  if (level.looks + 1 < level.length) return { ...level, block, looks: level.looks + 1 }
  const { v, w, u, q } = deviations(block)
  return { ...level, block: [], looks: 0, v: level.v + v, w: level.w + w, u: level.u + u, q: level.q + q }
}

/**
 * Variance of the log rate that lasts longer than a look; what of it the totals show surely (less two standard errors);
 * and the sampling variance of one instance's log rate.
 */
function slowSpread(sums: DispersionSums, fast: number): { estimate: number; sure: number; noise: number } {
  const whole = deviations(sums.totals)
  if (whole.u === 0 || sums.looks < 2) return { estimate: 0, sure: 0, noise: Number.POSITIVE_INFINITY }
  const clumps = Math.max(1, fast)
  const all = (whole.v - fast * whole.w) / (whole.u * (1 - 1 / sums.looks))
  const blocks = sums.levels.map(({ length, v, w, u, q }) =>
    u > 0 ? (v - fast * w) / (u * (1 - 1 / length)) - (Math.sqrt(q) * clumps) / u : 0,
  )
  const estimate = Math.max(0, all, ...blocks)
  const sure = Math.max(0, all - (2 * Math.sqrt(whole.q) * clumps) / whole.u)
  return { estimate, sure, noise: (clumps * whole.w) / whole.u }
}
