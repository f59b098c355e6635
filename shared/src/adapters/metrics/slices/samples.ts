import type { MetricCheck } from '../../../config/metrics-policy.ts'
import type { Sample } from '../../../verdict/observation.ts'
import type { Arm } from './arms.ts'
import { type CheckMemory, eventsVanished, instanceKey } from './memory.ts'
import type { SliceSeries } from './source.ts'

/** What was counted of one instance in some slices. What no slice had is absent, never 0. */
type Counted = { total?: number; events?: number; value?: number; edges: Map<number, number> }
type Arms = Record<Arm, Sample[]>

/**
 * What each instance did in the slices from `from` to `to`, in whole numbers. Vendors leave out slices without events, so
 * an absent count of events is 0 once such a count was ever seen, until too many are missing for that to be chance.
 */
export const samplesOf = (
  check: MetricCheck,
  series: readonly SliceSeries[],
  span: { from: number; to: number },
  memory: CheckMemory,
): Arms & { notes: string[] } => {
  const notes = new Set<string>()
  const found = collect(series, span)
  const vanished = check.kind === 'ratio' && eventsGone(found, span.to, memory)
  if (vanished) notes.add(`${check.name}: its events are no longer counted since ${iso(memory.lastEvents)}`)
  const arm = (name: Arm): Sample[] =>
    [...found[name]].flatMap(([instance, counted]) => {
      const read = vanished ? null : sampleOf(check, counted, memory)
      if (typeof read === 'string') notes.add(`${check.name} of ${instance}: ${read}`)
      if (!read || typeof read === 'string') return []
      const age = span.to - (memory.firstSeen.get(instanceKey(name, instance)) ?? span.from)
      return [{ instance, age: Math.max(0, age), ...read }]
    })
  return { canary: arm('canary'), stable: arm('stable'), notes: [...notes] }
}

const collect = (series: readonly SliceSeries[], { from, to }: { from: number; to: number }) => {
  const arms: Record<Arm, Map<string, Counted>> = { canary: new Map(), stable: new Map() }
  for (const { part, edge, arm, instance, points } of series) {
    for (const [at, value] of points) {
      if (at < from || at >= to) continue
      const counted: Counted = arms[arm].get(instance) ?? { edges: new Map() }
      arms[arm].set(instance, counted)
      if (part === 'value') counted.value = value
      else if (part !== 'edge') counted[part] = (counted[part] ?? 0) + value
      else if (edge !== null) counted.edges.set(edge, (counted.edges.get(edge) ?? 0) + value)
    }
  }
  return arms
}

const eventsGone = (found: Record<Arm, Map<string, Counted>>, end: number, memory: CheckMemory): boolean => {
  const all = [...found.canary.values(), ...found.stable.values()]
  const told = all.filter(({ events }) => events !== undefined)
  const sum = (part: 'total' | 'events') => all.reduce((rest, one) => rest + (one[part] ?? 0), 0)
  return eventsVanished(memory, { end, total: sum('total'), events: told.length > 0 ? sum('events') : null })
}

const sampleOf = (
  check: MetricCheck,
  { total, events, value, edges }: Counted,
  memory: CheckMemory,
): Omit<Sample, 'instance'> | string | null => {
  if (check.kind === 'value') return value === undefined ? null : { total: 0, value }
  if (check.kind === 'latency')
    return histogramOf(total ?? edges.get(Number.POSITIVE_INFINITY), edges, memory)
  if (total === undefined) return null
  if (!memory.counted)
    return 'its events were never counted; write the query so that it answers 0 where there are none'
  return { total: Math.round(total), events: Math.round(events ?? 0) }
}

/** Counts up to each edge become counts between edges. An edge that never came for any instance is none. */
const histogramOf = (
  total: number | undefined,
  edges: ReadonlyMap<number, number>,
  memory: CheckMemory,
): Omit<Sample, 'instance'> | string | null => {
  const le = [...memory.edges].sort((a, b) => a - b)
  if (total === undefined || le.length === 0) return null
  const upTo = [...le.map((edge) => Math.round(edges.get(edge) ?? 0)), Math.round(total)]
  const counts = upTo.map((count, at) => count - (upTo[at - 1] ?? 0))
  if (counts.some((count) => count < 0))
    return 'its buckets are not cumulative: a higher edge counts fewer requests than a lower one'
  return { total: Math.round(total), buckets: { le, counts } }
}

const iso = (seconds: number | null): string =>
  seconds === null ? 'the beginning' : new Date(seconds * 1000).toISOString()
