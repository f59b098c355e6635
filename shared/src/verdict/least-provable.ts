import { besideArms, type Comparison, type InstanceEffect } from './comparison.ts'
import { addDispersion, estimateDispersion, noDispersion } from './dispersion.ts'
import { tailFreedom } from './instance-counts.ts'
import { isUnprovable } from './promotion-evidence.ts'

/** So many events that chance hides nothing of how instances differ. */
const plenty = 1e9
const looks = 3

/** How many instances run the new version and the stable one. */
export type Instances = { canary: number; stable: number }

/**
 * The best that the judge can come to believe of how far instances alone move the arms: that of instances of which endless
 * traffic has shown that they do not differ. `spread` is what is assumed before anything was seen.
 */
const bestEffect = ({ canary, stable }: Instances, spread: number): InstanceEffect => {
  const all = Array.from({ length: stable }, (_, i) => ({
    instance: String(i),
    total: 2 * plenty,
    events: plenty,
  }))
  const sums = Array.from({ length: looks }).reduce<ReturnType<typeof noDispersion>>(
    (seen) => addDispersion(seen, all),
    noDispersion(),
  )
  const known = estimateDispersion(sums, { dispersion: 1, spread })
  const variance = known.spread * (1 / canary + 1 / stable)
  return besideArms({ variance, freedom: Math.min(known.freedom, tailFreedom(canary)) }, 0)
}

/**
 * The smallest relative margin that so many instances can ever prove at an e-value of `wanted`, whatever the traffic and
 * however long a step bakes (`isUnprovable`, with the best that can be known of the instances). Null: not even a fall of
 * 99 %, or a hundredfold increase.
 */
export function leastProvable(
  worse: Comparison['worse'],
  instances: Instances,
  spread: number,
  wanted: number,
): number | null {
  const effect = bestEffect(instances, spread)
  const shape: Comparison = { scale: 'relative', worse, margins: [], ceiling: null }
  const never = (margin: number) => isUnprovable(shape, margin, 1, effect, wanted)
  let low = 0
  let high = worse < 0 ? 0.99 : 100
  if (never(high)) return null
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2
    if (never(middle)) low = middle
    else high = middle
  }
  return high
}
