import { type RateRatio, rateRatio } from './association.ts'
import { belowCeilingEvidence, ceilingEvidence } from './ceiling-evidence.ts'
import { besideArms, type Comparison, type InstanceEffect, marginAt } from './comparison.ts'
import type { CountStream } from './count-stream.ts'
import { readAgain, unseenShare } from './doubt.ts'
import { effectiveInstances, type InstanceCount, sumCounts, tailFreedom } from './instance-counts.ts'
import { atLeastDispersed, withoutOneInstance } from './journal.ts'
import { isUnprovable, promotionEvidence } from './promotion-evidence.ts'
import { type RollbackEvidence, rollbackEvidence } from './rollback-evidence.ts'

/** What a count stream says at one step. */
export type StreamEvidence = {
  against: number
  /** Whether the ceiling, not the comparison, is what speaks against. */
  ceiling: boolean
  for: number
  unprovable: boolean
  margin: number | null
  estimate: number | null
  bounds: [number, number] | null
}

/** Share of a metric's evidence that its ceiling gets when it has a margin too. */
const CEILING_SHARE = 0.1
/** Rolling back on one of fewer instances is all one can do; three that are not quite equally loaded are three. */
const FEWEST_TO_LEAVE_ONE_OUT = 2.5

/** Spread of the log ratio of the arms that instances (and, if known from past rollouts, whole arms) cause alone. */
export function instanceEffect(stream: CountStream, armSpread: number): InstanceEffect {
  const { spread, freedom } = stream.dispersion
  const canaries = effectiveInstances(stream.canary)
  const parts = 1 / canaries + 1 / stableInstances(stream)
  return besideArms(
    { variance: spread * parts, freedom: Math.min(freedom, tailFreedom(canaries)) },
    armSpread,
  )
}

/** What instances cause where slow noise is read as clumps. */
function slowEffect(stream: CountStream, armSpread: number): InstanceEffect {
  const { spread, freedom } = stream.dispersion.slow ?? stream.dispersion
  return instanceEffect({ ...stream, dispersion: { ...stream.dispersion, spread, freedom } }, armSpread)
}

function comparedEvidence(stream: CountStream, blameSpread: number): number {
  const { rollback, slow } = stream
  const lasting = rollback ? rollbackEvidence(rollback, instanceEffect(stream, blameSpread)) : 1
  return slow ? (lasting + rollbackEvidence(slow, slowEffect(stream, blameSpread))) / 2 : lasting
}

/** Evidence that the ceiling is exceeded, and its share of all. */
function ceilingPart({ ceiling }: CountStream, margin: number | null) {
  if (!ceiling) return { over: 1, share: 0 }
  return { over: ceilingEvidence(ceiling), share: margin === null ? 1 : CEILING_SHARE }
}

/** Evidence of a stream at step `step`; `wanted` is the e-value that promotes there. */
export function streamEvidence(
  stream: CountStream,
  comparison: Comparison,
  step: number,
  wanted: number,
  { alpha, armSpread, blameSpread }: { alpha: number; armSpread: number; blameSpread: number },
): StreamEvidence {
  const margin = marginAt(comparison, step)
  const effect = instanceEffect(stream, armSpread)
  const { ceiling, rate } = stream
  const compared = comparedEvidence(stream, blameSpread)
  const { over, share } = ceilingPart(stream, margin)
  const grids = stream.promotion.find((evidence) => evidence.margin === margin)
  const proven = grids ? promotionEvidence(grids, comparison, rate, effect) : 1
  const ratio = rateRatio(stream.association, stream.phi, effect, alpha)
  return {
    against: (1 - share) * compared + share * over,
    ceiling: share * over > (1 - share) * compared,
    for: margin === null && ceiling ? belowCeilingEvidence(ceiling) : proven,
    unprovable: margin !== null && rate > 0 && isUnprovable(comparison, margin, rate, effect, wanted),
    margin,
    ...(ratio ? differenceOf(stream, comparison, ratio) : { estimate: null, bounds: null }),
  }
}

/**
 * The ratio of the arms as a difference in the unit of the margin. Of an absolute one the stable rate is the yardstick; one
 * without any event has no length, so half an event stands for it in the interval, as in the ratio, and the rates
 * themselves are subtracted: nothing among few requests is not known to be nothing.
 */
function differenceOf(stream: CountStream, comparison: Comparison, { ratio, low, high }: RateRatio) {
  const bounds = (scale: number): [number, number] => [(low - 1) * scale, (high - 1) * scale]
  if (comparison.scale !== 'absolute') return { estimate: ratio - 1, bounds: bounds(1) }
  const stable = stableRate(stream)
  if (stream.association.stable > 0) return { estimate: (ratio - 1) * stable, bounds: bounds(stable) }
  const { total, events } = sumCounts(stream.canary)
  const estimate = (total > 0 ? events / total : 0) - stable
  const [least, most] = bounds(Math.max(stable, 0.5 / Math.max(stream.stableSince.total, 1)))
  return { estimate, bounds: [Math.min(least, estimate), Math.max(most, estimate)] as [number, number] }
}

/**
 * The evidence when the instance that carries the comparison's is left out, and that instance: null where the evidence is
 * whole, because the instances that serve are too few, or the others served too little to show what it shows. A ceiling
 * holds whatever the instances are like, so its part of the evidence stays whole.
 */
export function guardedEvidence(
  stream: CountStream,
  comparison: Comparison,
  blameSpread: number,
): { evidence: number; instance: string | null } {
  const guarded = guardedComparison(stream, comparison, blameSpread) ?? {
    evidence: comparedEvidence(stream, blameSpread),
    instance: null,
  }
  const fixed = comparison.margins.length === 0
  const share = stream.ceiling ? (fixed ? 1 : CEILING_SHARE) : 0
  const over = stream.ceiling ? ceilingEvidence(stream.ceiling) : 1
  return { ...guarded, evidence: (1 - share) * guarded.evidence + share * over }
}

function guardedComparison(stream: CountStream, comparison: Comparison, blameSpread: number) {
  if (!stream.rollback || effectiveInstances(presentOf(stream)) < FEWEST_TO_LEAVE_ONE_OUT) return null
  const { spread, freedom } = stream.dispersion
  const others = { stable: stableInstances(stream), arms: blameSpread }
  const lasting = { ...others, instances: spread, freedom }
  const guarded = withoutOneInstance(stream.journal, stream.canary, comparison, stream.rollback, lasting)
  const slow = stream.dispersion.slow
  if (!guarded || !slow || !stream.slow) return guarded
  const slowly = { ...others, instances: slow.spread, freedom: slow.freedom }
  const journal = atLeastDispersed(stream.journal, stream.slowPhi)
  const other = withoutOneInstance(journal, stream.canary, comparison, stream.slow, slowly)
  const slower = other?.evidence ?? rollbackEvidence(stream.slow, slowEffect(stream, blameSpread))
  return { ...guarded, evidence: (guarded.evidence + slower) / 2 }
}

/** A scrape that fails hides an instance for so many looks. */
const LOOKS_OF_THE_PRESENT = 3

/** The canary's instances of the last looks that were compared: others cannot be replaced any more. */
function presentOf({ canary, journal }: CountStream): InstanceCount[] {
  const last = journal.slice(-LOOKS_OF_THE_PRESENT)
  const places = new Set(last.flatMap((entry) => entry[5].map(([place]) => place)))
  return canary.filter((_, place) => places.has(place))
}

/**
 * Evidence against as it reads with what is known by now, and with the doubt whether one spell of it was an instance's own
 * trouble. Costly, so asked only of evidence that would roll back. A ceiling is none the less exceeded.
 */
export function doubtedEvidence(
  stream: CountStream,
  comparison: Comparison,
  step: number,
  { alpha, blameSpread, sideBySide }: { alpha: number; blameSpread: number; sideBySide: boolean },
): number {
  const { rollback, slow, journal, phi, slowPhi, served } = stream
  const { over, share } = ceilingPart(stream, marginAt(comparison, step))
  if (!rollback) return share * over + 1 - share
  const before = comparedEvidence(stream, blameSpread)
  // A fixed objective is to be kept to, and how other times differ is another question (`armSpread`).
  const unseen = sideBySide ? unseenShare(served, alpha) : 0
  const read = (evidence: RollbackEvidence, least: number, effect: InstanceEffect) =>
    readAgain(atLeastDispersed(journal, least), comparison, evidence, effect, unseen)
  const one = read(rollback, phi, instanceEffect(stream, blameSpread))
  const other = slow ? read(slow, slowPhi, slowEffect(stream, blameSpread)) : one
  return (1 - share) * Math.min(before, (one + other) / 2) + share * over
}

function stableInstances({ stable, bad }: CountStream): number {
  return effectiveInstances(stable.filter(({ instance }) => instance !== bad))
}

function stableRate({ stableSince, baseline }: CountStream): number {
  const { total, events } = stableSince.total > 0 ? stableSince : baseline
  return total > 0 ? events / total : 0
}
