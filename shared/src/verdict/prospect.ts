import { baselineRate } from './baseline.ts'
import type { MetricState } from './metric-state.ts'
import { WIDENING } from './promotion-evidence.ts'
import { type ProvableMargin, smallestProvableMargin } from './provable.ts'
import type { Rules } from './settings.ts'
import { instanceEffect } from './stream-evidence.ts'

/** Requests that a step will see on each arm. */
export type StepTraffic = { canaryTotal: number; stableTotal: number }

/**
 * The smallest margin that a metric can be expected to prove with so many requests at an e-value of `wanted`, in the unit
 * of its margins, with the noise and the instances that the judge knows of. `margin` is null where no margin can be
 * proven. Null when nothing can be foretold: no baseline yet, a plain value, a health check, a fixed limit alone.
 */
export function prospectOf(
  { criterion, streams }: Pick<MetricState, 'criterion' | 'streams'>,
  rules: Rules,
  wanted: number,
  traffic: StepTraffic,
): { margin: number | null; limit: ProvableMargin['limit'] } | null {
  const judged = streams.find(({ edge }) => edge?.proves ?? true)
  if (!judged || judged.comparison.margins.length === 0) return null
  const { stream, comparison } = judged
  if (!(stream.baseline.total > 0)) return null
  const rate = stream.rate > 0 ? stream.rate : baselineRate(stream.baseline)
  const effect = instanceEffect(stream, Math.max(criterion.armSpread ?? 0, rules.armSpread))
  const dispersion = 1 + WIDENING * (stream.dispersion.excess + stream.dispersion.error)
  const found = smallestProvableMargin(comparison, rate, effect, wanted, { ...traffic, dispersion })
  return found ?? { margin: null, limit: 'traffic' }
}
