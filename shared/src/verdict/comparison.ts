/** How canary and stable counts are compared. */
export type Comparison = {
  /** `absolute`: the increase of the rate is limited; `relative`: the ratio of the rates is. */
  scale: 'absolute' | 'relative'
  /** +1 when more events are worse, -1 when fewer are (relative only). */
  worse: 1 | -1
  /** One per step; the smallest is the one rollback is measured against. */
  margins: readonly number[]
  /** The margin that rollback is measured against, where it is another. */
  blamed?: number
  /** Absolute rate that may not be exceeded (or, where fewer is worse, fallen below). */
  ceiling: number | null
  /** The ceiling speaks only of a rate that is also so many times the stable one. */
  ceilingTimes?: number
  /** The rate is a share of requests, so at most 1. */
  share?: true
  /** The stable rate where it is given and not measured. */
  objective?: number
}

/** Ratio of canary to stable rate when the canary is worse by `amount`, at a stable rate of `rate`. */
export function ratioAt({ scale, worse }: Comparison, amount: number, rate: number): number {
  return scale === 'absolute' ? 1 + amount / rate : 1 + worse * amount
}

/** The margin that holds at a step: the last one given also holds for every later step. */
export function marginAt({ margins }: Comparison, step: number): number | null {
  return margins[Math.min(Math.max(step, 0), margins.length - 1)] ?? null
}

/** How far instances alone move the log ratio of the arms: Student's t with this scale and these degrees of freedom. */
export type InstanceEffect = { scale: number; freedom: number }

/**
 * The effect of instances and, beside it, a normal one of whole arms with this standard deviation. Degrees of freedom of
 * the sum by Satterthwaite 1946.
 */
export function besideArms(
  instances: { variance: number; freedom: number },
  armSpread: number,
): InstanceEffect {
  const variance = instances.variance + armSpread ** 2
  const share = variance > 0 ? instances.variance / variance : 1
  return { scale: Math.sqrt(variance), freedom: Math.min(instances.freedom / share ** 2, MOST_FREEDOM) }
}

/**
 * An effect of `u` on the log ratio of shares, as an instance shows it near the share `around`: what moves all requests
 * alike moves the log odds, and a share that is near 1 hardly moves any more. Null: the rate is no share.
 */
export function effectBehind(u: number, around: number | null): number {
  if (around === null) return u
  const moved = around * Math.exp(u)
  if (moved >= 1) return Number.POSITIVE_INFINITY
  return (1 - around) * (u + Math.log1p(-around) - Math.log1p(-moved))
}

/** Beyond this Student's t is the normal distribution. */
const MOST_FREEDOM = 1000
