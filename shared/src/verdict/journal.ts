import type { Comparison } from './comparison.ts'
import { addCounts, effectiveInstances, type InstanceCount, sumCounts } from './instance-counts.ts'
import type { Noise } from './outage.ts'
import { addToRollback, emptied, type RollbackEvidence, rollbackEvidence } from './rollback-evidence.ts'

/** Looks kept per canary instance, to ask what the evidence would be without one of them. */
export type JournalEntry = { look: number; noise: Noise; canary: InstanceCount[]; stable: InstanceCount }

const MOST_NUMBERS = 600
/** Only the instances with the most events against them can be the one that carries the evidence. */
const SUSPECTS = 3

/** The journal with one entry more; the two oldest neighbours become one when it grows too long. */
export function addToJournal(journal: readonly JournalEntry[], entry: JournalEntry): JournalEntry[] {
  const next = [...journal, entry]
  let numbers = next.reduce((sum, { canary }) => sum + 2 * canary.length + 4, 0)
  for (let at = 0; numbers > MOST_NUMBERS && next.length > 8; at = (at + 1) % Math.floor(next.length / 2)) {
    const [one, two] = next.slice(at, at + 2)
    if (!one || !two) break
    const merged = merge(one, two)
    numbers -= 2 * (one.canary.length + two.canary.length - merged.canary.length) + 4
    next.splice(at, 2, merged)
  }
  return next
}

function merge(one: JournalEntry, two: JournalEntry): JournalEntry {
  const { total, events } = sumCounts([one.stable, two.stable])
  const canary = addCounts(one.canary, two.canary)
  return { look: one.look, noise: two.noise, canary, stable: { instance: '', total, events } }
}

/**
 * The smallest rollback e-value with one canary instance left out, and that instance: when it is weak, a single
 * instance carries the evidence and is the thing to replace, not the release. Meant for three or more instances.
 */
export function withoutOneInstance(
  journal: readonly JournalEntry[],
  comparison: Comparison,
  opened: RollbackEvidence,
  spread: { instances: number; stable: number; arms: number; freedom: number },
): { evidence: number; instance: string } | null {
  const totals = journal.reduce<InstanceCount[]>((sums, entry) => addCounts(sums, entry.canary), [])
  const all = sumCounts(totals)
  const suspects = totals
    .map((count) => ({
      ...count,
      over: comparison.worse * (count.events - (all.events * count.total) / all.total),
    }))
    .sort((a, b) => b.over - a.over)
    .slice(0, SUSPECTS)
  let weakest: { evidence: number; instance: string } | null = null
  for (const { instance } of suspects) {
    let evidence = emptied(opened)
    for (const { look, noise, canary, stable } of journal) {
      const { total, events } = sumCounts(canary.filter((count) => count.instance !== instance))
      const counts = {
        canaryEvents: events,
        canaryTotal: total,
        stableEvents: stable.events,
        stableTotal: stable.total,
      }
      evidence = addToRollback(evidence, comparison, counts, noise, look)
    }
    const others = effectiveInstances(totals.filter((count) => count.instance !== instance))
    const scale = Math.sqrt(spread.instances * (1 / others + 1 / spread.stable) + spread.arms)
    const left = rollbackEvidence(evidence, { scale, freedom: spread.freedom })
    if (!weakest || left < weakest.evidence) weakest = { evidence: left, instance }
  }
  return weakest
}
