import { addCounts, type InstanceCount, sumCounts } from './instance-counts.ts'

/**
 * How stable instances' values differ: deviations from the mean of their look, as shares of the baseline. An
 * InstanceCount is used for sums: `total` looks and `events`, the sum of the deviations.
 */
export type ValueSums = { looks: number; levels: Level[]; totals: InstanceCount[] }

type Level = {
  length: number
  block: InstanceCount[]
  looks: number
  squares: number
  count: number
  /** Mean of the block before, where there is one series only. */
  before: number | null
}

/** What the stable instances say about values. */
export type ValueNoise = {
  /** Variance of one instance in one look, such that looks average out: of the longest blocks where these say more. */
  fast: number
  /** Variance between instances, and the degrees of freedom it is known with: as believed, and as seen alone. */
  spread: number
  freedom: number
  seen: { spread: number; freedom: number } | null
}

const BLOCKS = [1, 8, 40] as const
/** Fewer blocks do not show a variance. */
const FEWEST_BLOCKS = 3
const PRIOR_LOOKS = 2
const PRIOR_FREEDOM = 4
/** Assumed where the stable arm is one series and cannot show how instances differ. */
const AGGREGATED_SPREAD = 0.2
/** A gauge that never moves is still not known more exactly than this. */
const LEAST = 1e-6

export function noValues(): ValueSums {
  const levels = BLOCKS.map((length) => ({ length, block: [], looks: 0, squares: 0, count: 0, before: null }))
  return { looks: 0, levels, totals: [] }
}

/** The sums with one look more: each stable instance's value as a share of the baseline. */
export function addValueNoise(
  sums: ValueSums,
  values: readonly { instance: string; share: number }[],
): ValueSums {
  if (values.length === 0) return sums
  const mean = values.length === 1 ? 0 : values.reduce((sum, { share }) => sum + share, 0) / values.length
  const look = values.map(({ instance, share }) => ({ instance, total: 1, events: share - mean }))
  return {
    looks: sums.looks + 1,
    levels: sums.levels.map((level) => addToLevel(level, look)),
    totals: values.length === 1 ? sums.totals : addCounts(sums.totals, look),
  }
}

function addToLevel(level: Level, look: readonly InstanceCount[]): Level {
  const block = addCounts(level.block, look)
  if (level.looks + 1 < level.length) return { ...level, block, looks: level.looks + 1 }
  const closed = { ...level, block: [], looks: 0 }
  if (look.length === 1) {
    // One series: a block against the one before it.
    const { total, events } = sumCounts(block)
    const now = events / total
    if (level.before === null) return { ...closed, before: now }
    const squares = level.squares + (now - level.before) ** 2 / 2
    return { ...closed, before: now, squares, count: level.count + 1 }
  }
  const { squares, count } = squaresOf(block)
  return { ...closed, before: null, squares: level.squares + squares, count: level.count + count }
}

function squaresOf(block: readonly InstanceCount[]): { squares: number; count: number } {
  const squares = block.reduce((sum, { total, events }) => sum + (events / total) ** 2, 0)
  return { squares, count: block.length - 1 }
}

/**
 * Variances by the method of moments: the mean of B looks of one instance has the variance spread + fast / B. Each block
 * length B together with all looks gives both; the largest of each is taken, so that slow wandering counts as lasting and
 * as noise of whole blocks. The noise is raised by one standard error, and both are drawn towards what is assumed (`assume`,
 * standard deviation between instances) while little was seen.
 */
export function estimateValueNoise(sums: ValueSums, assume: number): ValueNoise {
  const prior = assume ** 2
  const single = sums.totals.length < 2
  const { squares, count } = squaresOf(sums.totals)
  const whole = single || count === 0 ? 0 : squares / count
  let fast = 0
  let lasting = 0
  for (const level of sums.levels) {
    const instances = single ? 1 : count
    if (level.count < FEWEST_BLOCKS * instances) continue
    const blocks = level.squares / level.count
    const error = 1 + Math.sqrt(2 / level.count)
    if (single) fast = Math.max(fast, error * blocks * level.length)
    const rest = sums.looks - level.length
    if (single || rest <= 0) continue
    fast = Math.max(fast, (error * (blocks - whole) * level.length * sums.looks) / rest)
    lasting = Math.max(lasting, (sums.looks * whole - level.length * blocks) / rest)
  }
  const noise = Math.max(LEAST, (sums.looks * fast + PRIOR_LOOKS * prior) / (sums.looks + PRIOR_LOOKS))
  if (single || sums.looks < 2)
    return {
      fast: noise,
      spread: Math.max(prior, AGGREGATED_SPREAD ** 2),
      freedom: PRIOR_FREEDOM,
      seen: null,
    }
  const spread = (PRIOR_FREEDOM * prior + count * lasting) / (PRIOR_FREEDOM + count)
  const seen = { spread: lasting, freedom: count }
  return { fast: noise, spread, freedom: PRIOR_FREEDOM + count, seen: count >= 2 ? seen : null }
}
