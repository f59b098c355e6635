import type { MetricCheck } from '../../../config/metrics-policy.ts'
import type { Sample } from '../../../verdict/observation.ts'
import { absentEvents } from '../absent-events.ts'
import type { Arm } from './arms.ts'
import { type CheckMemory, instanceKey } from './memory.ts'
import type { SliceSeries } from './source.ts'

/** What was counted of one instance in some slices. What no slice had is absent, never 0. */
type Counted = {
  total?: number
  events?: number
  value?: number
  edges: Map<number, number>
  /** Whether its events came, and are not only declared 0; and whether something came that is no count. */
  told?: boolean
  bad?: boolean
}
type Arms = Record<Arm, Sample[]>

/**
 * What each instance did in the slices from `from` to `to`, in whole numbers. Vendors leave out slices without events, so
 * an absent count of events is 0 once such a count was ever seen, until too many are missing for that to be chance. An
 * instance of which something came that is no count has no events in its sample.
 */
export const samplesOf = (
  check: MetricCheck,
  series: readonly SliceSeries[],
  span: { from: number; to: number },
  memory: CheckMemory,
): Arms & { notes: string[] } => {
  const notes = new Set<string>()
  const found = collect(series, span)
  const gone = goneOf(check, found, span, memory)
  for (const note of gone.notes) notes.add(note)
  const arm = (name: Arm): Sample[] =>
    [...found[name]].flatMap(([instance, counted]) => {
      const read = gone[name] ? null : sampleOf(check, counted, memory)
      if (typeof read === 'string') notes.add(`${check.name} of ${instance}: ${read}`)
      if (!read || typeof read === 'string') return []
      const age = span.to - (memory.firstSeen.get(instanceKey(name, instance)) ?? span.from)
      return [{ instance, age: Math.max(0, age), ...read }]
    })
  return { canary: arm('canary'), stable: arm('stable'), notes: [...notes] }
}

const collect = (series: readonly SliceSeries[], { from, to }: { from: number; to: number }) => {
  const arms: Record<Arm, Map<string, Counted>> = { canary: new Map(), stable: new Map() }
  const outside = (at: number) => at < from || at >= to
  const countedOf = (arm: Arm, instance: string): Counted => {
    const counted: Counted = arms[arm].get(instance) ?? { edges: new Map() }
    arms[arm].set(instance, counted)
    return counted
  }
  for (const { part, edge, arm, instance, points, bad = none, assumed = none } of series) {
    for (const [at, value] of points) {
      if (outside(at)) continue
      const counted = countedOf(arm, instance)
      if (part === 'events' && !assumed.has(at)) counted.told = true
      if (part === 'value') counted.value = value
      else if (part !== 'edge') counted[part] = (counted[part] ?? 0) + value
      else if (edge !== null) counted.edges.set(edge, (counted.edges.get(edge) ?? 0) + value)
    }
    if (part !== 'total' && part !== 'events') continue
    for (const at of bad) if (!outside(at)) countedOf(arm, instance).bad = true
  }
  return arms
}

const none: ReadonlySet<number> = new Set()

const goneOf = (
  check: MetricCheck,
  found: Record<Arm, Map<string, Counted>>,
  span: { from: number; to: number },
  { events }: CheckMemory,
) => {
  if (check.kind !== 'ratio' && check.kind !== 'rate') return { canary: false, stable: false, notes: [] }
  const sumOf = (arm: Arm) => {
    // What is no count is no absence either; it speaks for itself.
    const known = [...found[arm].values()].filter(({ bad }) => !bad)
    const sum = (part: 'total' | 'events') => known.reduce((rest, one) => rest + (one[part] ?? 0), 0)
    return { total: sum('total'), events: known.some(({ told }) => told) ? sum('events') : null }
  }
  return absentEvents(check, events, { ...span, canary: sumOf('canary'), stable: sumOf('stable') })
}

const sampleOf = (
  check: MetricCheck,
  { total, events, value, edges, bad }: Counted,
  memory: CheckMemory,
): Omit<Sample, 'instance'> | string | null => {
  if (check.kind === 'value') return value === undefined ? null : { total: 0, value }
  if (check.kind === 'latency')
    return histogramOf(total ?? edges.get(Number.POSITIVE_INFINITY), edges, memory)
  // Requests whose events nobody knows: the judge hears of them, and that they are no evidence.
  if (bad) return { total: Math.round(total ?? 0) }
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
