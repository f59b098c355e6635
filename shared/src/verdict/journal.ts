import { besideArms, type Comparison } from './comparison.ts'
import { effectiveInstances, type InstanceCount, sumCounts, tailFreedom } from './instance-counts.ts'
import type { Counts } from './likelihood.ts'
import type { Noise } from './outage.ts'
import {
  addToRollback,
  emptied,
  type RollbackEvidence,
  type RollbackLook,
  rollbackEvidence,
  rollbackLook,
} from './rollback-evidence.ts'

/** Requests and events of the canary instance at that place of the list of all instances seen. */
type PlacedCount = [place: number, total: number, events: number]

/**
 * A look kept per canary instance, to ask what the evidence would be without one of them: number of the look, rate,
 * dispersion, requests and events of the stable arm, and the canary's instances. Tuples, because state is to be small.
 */
export type JournalEntry = [
  look: number,
  rate: number,
  dispersion: number,
  stableTotal: number,
  stableEvents: number,
  canary: PlacedCount[],
]

/** The entry of one look; `seen` are all canary instances so far, in the order in which they appeared. */
export function journalEntry(
  look: number,
  { rate, dispersion }: Noise,
  stable: { total: number; events: number },
  canary: readonly InstanceCount[],
  seen: readonly InstanceCount[],
): JournalEntry {
  const places = new Map(seen.map(({ instance }, place) => [instance, place]))
  const placed = canary.map(
    ({ instance, total, events }): PlacedCount => [places.get(instance) ?? -1, total, events],
  )
  return [look, rounded(rate), rounded(dispersion), stable.total, stable.events, placed]
}

function rounded(value: number): number {
  return Number(value.toPrecision(6))
}

const MOST_NUMBERS = 600
/** Only the instances with the most events against them can be the one that carries the evidence. */
const SUSPECTS = 3

/** The journal with one entry more; the two oldest neighbours become one when it grows too long. */
export function addToJournal(journal: readonly JournalEntry[], entry: JournalEntry): JournalEntry[] {
  const next = [...journal, entry]
  let numbers = next.reduce((sum, one) => sum + size(one), 0)
  for (let at = 0; numbers > MOST_NUMBERS && next.length > 8; at = (at + 1) % Math.floor(next.length / 2)) {
    const [one, two] = next.slice(at, at + 2)
    if (!one || !two) break
    const both = merge(one, two)
    numbers += size(both) - size(one) - size(two)
    next.splice(at, 2, both)
  }
  return next
}

function size([, , , , , canary]: JournalEntry): number {
  return 5 + 3 * canary.length
}

function merge(one: JournalEntry, two: JournalEntry): JournalEntry {
  const canary = new Map<number, PlacedCount>(one[5].map((count) => [count[0], count]))
  for (const [place, total, events] of two[5]) {
    const old = canary.get(place)
    canary.set(place, [place, total + (old?.[1] ?? 0), events + (old?.[2] ?? 0)])
  }
  return [one[0], two[1], two[2], one[3] + two[3], one[4] + two[4], [...canary.values()]]
}

/** Others that served less than the instance must be able to show so many times what they show, or are no witnesses. */
const ENOUGH_TO_SHOW = 3

/**
 * The smallest rollback e-value with one canary instance left out, and that instance: when it is weak, a single
 * instance carries the evidence and is the thing to replace, not the release. Meant for three or more instances.
 * Null where no instance can be told from the others: these served less, and had they, with that, the rate of all together,
 * their evidence would be hardly more than it is. Idle instances are fine whatever the release is like.
 */
export function withoutOneInstance(
  journal: readonly JournalEntry[],
  canary: readonly InstanceCount[],
  comparison: Comparison,
  opened: RollbackEvidence,
  spread: { instances: number; stable: number; arms: number; freedom: number },
): { evidence: number; instance: string } | null {
  const all = sumCounts(canary)
  const suspects = canary
    .map(({ instance, total, events }, place) => {
      const over = comparison.worse * (events - (all.events * total) / all.total)
      return { instance, place, over, isMost: total > all.total / 2 }
    })
    .sort((a, b) => b.over - a.over)
    .slice(0, SUSPECTS)
  const found = suspects.map(({ instance, place, isMost }) => {
    const left = effectiveInstances(canary.filter((_, at) => at !== place))
    const variance = spread.instances * (1 / left + 1 / spread.stable)
    const freedom = Math.min(spread.freedom, tailFreedom(left))
    const effect = besideArms({ variance, freedom }, spread.arms)
    const others = without(place, journal)
    const evidenceOf = (entries: readonly JournalEntry[]) =>
      rollbackEvidence(rollbackOf(looksOf(entries, comparison, opened), opened), effect)
    const evidence = evidenceOf(others)
    const couldShow = () => evidenceOf(withRate(all.events / all.total, others))
    return { evidence, instance, isTold: () => !isMost || couldShow() > ENOUGH_TO_SHOW * evidence }
  })
  const told = found.sort((a, b) => a.evidence - b.evidence).find(({ isTold }) => isTold())
  return told ? { evidence: told.evidence, instance: told.instance } : null
}

/** The entries as they would be if every instance had that rate of events. */
function withRate(rate: number, journal: readonly JournalEntry[]): JournalEntry[] {
  return journal.map(([look, baseline, dispersion, total, events, canary]) => {
    const like = canary.map(([place, requests]): PlacedCount => [place, requests, requests * rate])
    return [look, baseline, dispersion, total, events, like]
  })
}

function without(place: number, journal: readonly JournalEntry[]): JournalEntry[] {
  return journal.map(([look, rate, dispersion, total, events, canary]) => {
    const others = canary.filter(([at]) => at !== place)
    return [look, rate, dispersion, total, events, others]
  })
}

/** What each entry says on the grids of `opened`, with the number of its look. */
export function looksOf(
  journal: readonly JournalEntry[],
  comparison: Comparison,
  opened: RollbackEvidence,
): (RollbackLook & { look: number })[] {
  return journal.map((entry) => {
    const [look, rate, dispersion] = entry
    return { look, ...rollbackLook(opened, comparison, countsIn(entry), { rate, dispersion }) }
  })
}

/** The evidence against that such looks give. */
export function rollbackOf(
  looks: readonly (RollbackLook & { look: number })[],
  opened: RollbackEvidence,
): RollbackEvidence {
  return looks.reduce((evidence, one) => addToRollback(evidence, one, one.look), emptied(opened))
}

/** Both arms of one entry. */
export function countsIn([, , , stableTotal, stableEvents, canary]: JournalEntry): Counts {
  let canaryTotal = 0
  let canaryEvents = 0
  for (const [, total, events] of canary) {
    canaryTotal += total
    canaryEvents += events
  }
  return { canaryEvents, canaryTotal, stableEvents, stableTotal }
}

/** The entries as they would be judged with at least this dispersion. */
export function atLeastDispersed(journal: readonly JournalEntry[], least: number): JournalEntry[] {
  return journal.map(([look, rate, dispersion, ...rest]) => [
    look,
    rate,
    Math.max(dispersion, least),
    ...rest,
  ])
}
