import { type Association, addAssociation, noAssociation } from './association.ts'
import {
  addBaseline,
  againstObjective,
  type Baseline,
  badInstance,
  baselineRate,
  heldTo,
} from './baseline.ts'
import { addToCeiling, type CeilingEvidence, isGone, openCeiling } from './ceiling-evidence.ts'
import type { Comparison } from './comparison.ts'
import {
  type Assumptions,
  addDispersion,
  type Dispersion,
  type DispersionSums,
  estimateDispersion,
  noDispersion,
} from './dispersion.ts'
import {
  addCounts,
  effectiveInstances,
  type InstanceCount,
  sumCounts,
  typicalLoad,
} from './instance-counts.ts'
import { addToJournal, type JournalEntry, journalEntry } from './journal.ts'
import type { Counts } from './likelihood.ts'
import { isOutage, type Noise } from './outage.ts'
import { addToPromotion, openPromotion, type PromotionEvidence } from './promotion-evidence.ts'
import { addToRollback, openRollback, type RollbackEvidence, rollbackLook } from './rollback-evidence.ts'

/** Everything remembered of one count (errors, orders, requests slower than an edge) on both arms. */
export type CountStream = {
  looks: number
  /** Seconds that instances were seen for, the history included: how much of their trouble can be known. */
  served: { canary: number; stable: number }
  baseline: Baseline
  sums: DispersionSums
  dispersion: Dispersion
  bad: string | null
  canary: InstanceCount[]
  /** What the arms showed in looks that could only speak against. */
  exchanged?: { canary: Sums; stable: Sums }
  /** With the history; `stableSince` is since the rollout began, without a bad instance. */
  stable: InstanceCount[]
  stableSince: { total: number; events: number }
  association: Association
  rollback: RollbackEvidence | null
  /** Under the other reading of slow noise; null where there is none when the rollout begins. */
  slow: RollbackEvidence | null
  promotion: PromotionEvidence[]
  ceiling: CeilingEvidence | null
  journal: JournalEntry[]
  /** Stable rate and dispersion that the last look was judged with. */
  rate: number
  phi: number
  slowPhi: number
}

type Sums = { total: number; events: number }

/** One look at a count: what each instance did in `seconds`; `onlyAgainst` where it is not sure which arm is which. */
export type CountLook = {
  canary: InstanceCount[]
  stable: InstanceCount[]
  seconds: number
  onlyAgainst?: boolean
}

/** A stream that has seen nothing. */
export function openStream(comparison: Comparison, assumptions: Assumptions): CountStream {
  const { margins, ceiling, objective } = comparison
  const sums = noDispersion()
  return {
    looks: 0,
    served: { canary: 0, stable: 0 },
    baseline: objective === undefined ? { total: 0, events: 0 } : heldTo(objective),
    sums,
    dispersion: estimateDispersion(sums, assumptions),
    bad: null,
    canary: [],
    stable: [],
    stableSince: { total: 0, events: 0 },
    association: noAssociation(),
    rollback: null,
    slow: null,
    promotion: [],
    ceiling: ceiling === null || margins.length > 0 ? null : openCeiling(ceiling, comparison.ceilingTimes),
    journal: [],
    rate: 0,
    phi: 1,
    slowPhi: 1,
  }
}

/** What the stable arm did before the rollout: teaches baseline, dispersion and spread, and is no evidence. */
export function learn(
  stream: CountStream,
  comparison: Comparison,
  looks: readonly CountLook[],
  assumptions: Assumptions,
): CountStream {
  // A bad instance must be known before its noise is taken for everybody's.
  const stable = looks.reduce<InstanceCount[]>((sums, look) => addCounts(sums, look.stable), stream.stable)
  const bad = badInstance(stable, stream.dispersion, comparison.worse)
  let { baseline, sums, served } = stream
  for (const look of looks) {
    const good = look.stable.filter(({ instance }) => instance !== bad)
    sums = addDispersion(sums, good)
    served = { ...served, stable: served.stable + servedIn(good, look.seconds) }
    if (comparison.objective === undefined) baseline = addBaseline(baseline, sumCounts(good), look.seconds)
  }
  return { ...stream, stable, bad, baseline, sums, served, dispersion: estimateDispersion(sums, assumptions) }
}

/**
 * One look. Every estimate used comes from before it. A look without requests on the canary adds to the baseline only;
 * the first look without any history does nothing else either. One that can only speak against adds to nothing else.
 */
export function addCountLook(
  stream: CountStream,
  comparison: Comparison,
  look: CountLook,
  assumptions: Assumptions,
): CountStream {
  const canary = sumCounts(look.canary)
  const known = stream.baseline.total > 0
  const fixed = comparison.margins.length === 0
  const good = look.stable.filter(({ instance }) => instance !== stream.bad)
  const comparable =
    sumCounts(good).total > 0 || comparison.ceiling !== null || comparison.objective !== undefined
  const isHeard = canary.total > 0 && comparable && (known || fixed)
  if (look.onlyAgainst) return isHeard ? afterBoth(stream, comparison, { ...look, stable: good }) : stream
  if (!isHeard) return afterStable(stream, comparison, look, assumptions)
  return afterStable(afterBoth(stream, comparison, { ...look, stable: good }), comparison, look, assumptions)
}

/**
 * A stable arm that may be the new version, made no better than the stable version was before. With more events there the
 * evidence against only falls, so the null hypothesis of both comparisons, beside it and with what was before, is kept:
 * exchanged labels blame nobody, and a release that is worse than both is blamed.
 */
function noBetterThan(rate: number, counts: Counts, worse: 1 | -1): Counts {
  const before = rate * counts.stableTotal
  const stableEvents = worse * Math.max(worse * counts.stableEvents, worse * before)
  return { ...counts, stableEvents }
}

function afterBoth(stream: CountStream, comparison: Comparison, look: CountLook): CountStream {
  const { objective } = comparison
  const { onlyAgainst = false } = look
  const rate = baselineRate(stream.baseline)
  const seen = onlyAgainst ? noBetterThan(rate, countsOf(look), comparison.worse) : countsOf(look)
  const counts = objective === undefined ? seen : againstObjective(seen, objective)
  const { excess, error, slow } = stream.dispersion
  const usual = typicalLoad(look.stable)
  // An idle stable arm has no load to compare with, as one that is gone has none.
  const crowding = usual > 0 ? Math.max(1, typicalLoad(look.canary) / usual) : 1
  const phi = 1 + excess * crowding + error
  const noise = { rate, dispersion: phi }
  const slowly = { rate, dispersion: Math.max(phi, 1 + (slow?.excess ?? 0) * crowding) }
  const opened = stream.rollback ? stream : withGrids(stream, comparison, rate)
  const added = (evidence: RollbackEvidence | null, seen: Noise) =>
    evidence && addToRollback(evidence, rollbackLook(evidence, comparison, counts, seen), stream.looks)
  const outage = comparison.scale === 'absolute' && isOutage(counts, noise)
  const compared = counts.stableTotal > 0
  const alone = 1 + excess + error
  const limit = {
    dispersion: isGone(counts) ? alone : phi,
    worse: comparison.worse,
    shown: stream.stableSince,
  }
  // Nobody knows whose instances these are, so they do not make the others more.
  const canary = onlyAgainst ? stream.canary : addCounts(stream.canary, look.canary)
  const entry = journalEntry(stream.looks, noise, armOf(counts), look.canary, canary)
  return {
    ...opened,
    looks: stream.looks + 1,
    served: {
      canary: stream.served.canary + servedIn(look.canary, look.seconds),
      // Else counted as the stable arm teaches.
      stable: stream.served.stable + (onlyAgainst ? servedIn(look.stable, look.seconds) : 0),
    },
    canary,
    ...(onlyAgainst ? { exchanged: withLook(stream.exchanged, look) } : {}),
    stableSince:
      objective === undefined && !onlyAgainst
        ? sumCounts([{ instance: '', ...stream.stableSince }, ...look.stable])
        : stream.stableSince,
    association: onlyAgainst ? stream.association : addAssociation(stream.association, counts),
    rollback: added(opened.rollback, noise),
    slow: added(opened.slow, slowly),
    promotion:
      outage || !compared || onlyAgainst
        ? opened.promotion
        : opened.promotion.map((evidence) => addToPromotion(evidence, comparison, counts, noise)),
    ceiling: opened.ceiling && {
      ...addToCeiling(opened.ceiling, counts, limit, stream.looks),
      ...(onlyAgainst ? { below: opened.ceiling.below } : {}),
    },
    journal: comparison.margins.length > 0 && compared ? addToJournal(stream.journal, entry) : stream.journal,
    rate,
    phi,
    slowPhi: slowly.dispersion,
  }
}

function withLook(before: CountStream['exchanged'], { canary, stable }: CountLook) {
  const added = (sums: Sums | undefined, counts: readonly InstanceCount[]) =>
    sumCounts([{ instance: '', total: 0, events: 0, ...sums }, ...counts])
  return { canary: added(before?.canary, canary), stable: added(before?.stable, stable) }
}

/** Grids are laid out when the baseline is first known. */
function withGrids(stream: CountStream, comparison: Comparison, rate: number): CountStream {
  const { margins, ceiling } = comparison
  if (margins.length === 0) return stream
  return {
    ...stream,
    rollback: openRollback(comparison, rate),
    slow: stream.dispersion.slow && openRollback(comparison, rate),
    promotion: [...new Set(margins)].map((margin) => openPromotion(comparison, margin)),
    ceiling: ceiling === null ? null : openCeiling(ceiling, comparison.ceilingTimes),
  }
}

function afterStable(
  stream: CountStream,
  comparison: Comparison,
  look: CountLook,
  assumptions: Assumptions,
): CountStream {
  const stable = addCounts(stream.stable, look.stable)
  const present = new Set(look.stable.map(({ instance }) => instance))
  const stays = stream.bad !== null && (present.size === 0 || present.has(stream.bad))
  const candidates = stable.filter(({ instance }) => present.has(instance))
  const bad = stays ? stream.bad : badInstance(candidates, stream.dispersion, comparison.worse)
  // What was learnt together with an instance that is left out (or let in) from now on is not used any more.
  const sums = bad === stream.bad ? stream.sums : noDispersion()
  return teach({ ...stream, stable, bad, sums }, comparison, look, assumptions)
}

/** Baseline and dispersion after a look of the stable arm. */
function teach(
  stream: CountStream,
  { objective }: Comparison,
  look: CountLook,
  assumptions: Assumptions,
): CountStream {
  const good = look.stable.filter(({ instance }) => instance !== stream.bad)
  const sums = addDispersion(stream.sums, good)
  return {
    ...stream,
    served: { ...stream.served, stable: stream.served.stable + servedIn(good, look.seconds) },
    baseline:
      objective === undefined ? addBaseline(stream.baseline, sumCounts(good), look.seconds) : stream.baseline,
    sums,
    dispersion: estimateDispersion(sums, assumptions),
  }
}

/** Instance seconds of a look: as many instances as are equally loaded, so that idle ones show nothing. */
function servedIn(counts: readonly InstanceCount[], seconds: number): number {
  return sumCounts(counts).total > 0 ? effectiveInstances(counts) * seconds : 0
}

function armOf({ stableTotal, stableEvents }: Counts) {
  return { total: stableTotal, events: stableEvents }
}

function countsOf({ canary, stable }: CountLook): Counts {
  const one = sumCounts(canary)
  const other = sumCounts(stable)
  return {
    canaryEvents: one.events,
    canaryTotal: one.total,
    stableEvents: other.events,
    stableTotal: other.total,
  }
}
