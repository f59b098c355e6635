import { type Comparison, type InstanceEffect, ratioAt } from './comparison.ts'
import { type Counts, conditionalBinomial, jointIncrease } from './likelihood.ts'
import { studentQuantile } from './student.ts'

/** Requests that a step will see on each arm, and how much noisier than Poisson their events are. */
export type ExpectedTraffic = { canaryTotal: number; stableTotal: number; dispersion: number }

/** The smallest margin that can be proven, and what stands in the way of a smaller one. */
export type ProvableMargin = { margin: number; limit: 'instances' | 'traffic' }

/** What mixing over nodes and ordinary bad luck cost, in nats. */
const ALLOWANCE = 1.5

/**
 * The smallest margin a step can prove when nothing has changed, at a stable rate of `rate` and an e-value of `wanted`.
 *
 * Instances: however long one waits, the arms differ by what instances differ; below p (exp(t scale) - 1) the null
 * hypothesis keeps more of its mass on "no change" than 1/wanted of what the alternative has there, one half. Traffic: the margin at which the expected log evidence
 * of the expected counts reaches ln wanted and an allowance. Null when no margin up to 100 times the rate (or a fall of
 * 99 %) can be proven. An expectation, not a promise: about half of the steps prove it.
 */
export function smallestProvableMargin(
  comparison: Pick<Comparison, 'scale' | 'worse'>,
  rate: number,
  effect: InstanceEffect,
  wanted: number,
  traffic: ExpectedTraffic | null = null,
): ProvableMargin | null {
  const { scale, worse } = comparison
  const range = effect.scale * studentQuantile(1 - 0.5 / wanted, effect.freedom)
  const change = worse < 0 ? -Math.expm1(-range) : Math.expm1(range)
  const instances = scale === 'absolute' ? rate * change : change
  if (!traffic) return { margin: instances, limit: 'instances' }
  const shape: Comparison = { scale, worse, margins: [], ceiling: null }
  const most = worse < 0 ? 0.99 : scale === 'absolute' ? Math.max(100 * rate, 0.5) : 100
  const enough = (margin: number) =>
    expectedEvidence(shape, rate, margin, traffic) >= Math.log(wanted) + ALLOWANCE
  if (!enough(most)) return null
  let low = 0
  let high = most
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2
    if (enough(middle)) high = middle
    else low = middle
  }
  return high > instances ? { margin: high, limit: 'traffic' } : { margin: instances, limit: 'instances' }
}

/** Expected log likelihood of no change against the margin, when nothing has changed. */
function expectedEvidence(
  comparison: Comparison,
  rate: number,
  margin: number,
  traffic: ExpectedTraffic,
): number {
  const { canaryTotal, stableTotal, dispersion } = traffic
  const canaryEvents = canaryTotal * rate
  const stableEvents = stableTotal * rate
  const counts: Counts = { canaryEvents, canaryTotal, stableEvents, stableTotal }
  if (comparison.scale === 'absolute') return -jointIncrease(counts, rate, margin, 1) / dispersion
  return -conditionalBinomial(counts, ratioAt(comparison, margin, rate)) / dispersion
}
