import type { MetricCheck } from '../../config/metrics-policy.ts'
import type { Buckets, Observation, Sample } from '../../verdict/observation.ts'
import { absentEvents, type EventsMemory, newEventsMemory } from './absent-events.ts'
import { exactEdges, noEdges, type SeenEdges, upToEdges } from './prometheus-histogram.ts'
import type { Arm, Snapshot, Totals } from './snapshot.ts'

/**
 * What must be remembered between looks: since when an instance is known, what it last showed, where events were ever
 * counted, and at which edges a native histogram is counted.
 */
export type Memory = {
  firstSeen: Map<string, number>
  lastSeen: Map<string, { at: number; totals: Totals }>
  counted: Set<string>
  events: Map<string, EventsMemory>
  edges: Map<string, SeenEdges>
}

export const newMemory = (): Memory => ({
  firstSeen: new Map(),
  lastSeen: new Map(),
  counted: new Set(),
  events: new Map(),
  edges: new Map(),
})

/**
 * What each instance did between two snapshots, in whole numbers, one observation a check. The first sight of an
 * instance only teaches its baseline. A counter that fell below half began anew and counts from 0; one that fell less
 * lost series. Where requests were served and their events cannot be known, the sample has none, and is no evidence.
 * Absent bad events are 0 only where that counter was seen at all, and until too many are missing (`absentEvents`).
 */
export const between = (
  checks: readonly MetricCheck[],
  before: Snapshot,
  after: Snapshot,
  weight: number,
  memory: Memory,
): { observations: Observation[]; notes: string[] } => {
  const notes = [...after.notes]
  const observations = checks.map((check): Observation => {
    const at = { before: before.checks.get(check.name), after: after.checks.get(check.name) }
    const edges = nativeEdges(check, [at.before, at.after], memory)
    if ([at.before, at.after].some(tellsEvents)) memory.counted.add(check.name)
    const arm = (name: Arm): Read[] => {
      const keyOf = (instance: string) => `${check.name}\n${name}\n${instance}`
      for (const [instance, totals] of at.before?.[name] ?? [])
        remember(memory, keyOf(instance), before.at, totals)
      return [...(at.after?.[name] ?? [])].flatMap(([instance, totals]) => {
        const key = keyOf(instance)
        const sight = at.before?.[name].get(instance)
        const last = sight && !sight.bad ? sight : absentSince(memory, key, before.at)
        remember(memory, key, after.at, totals)
        const change = (last || totals.bad) && changeOf(check, last ?? {}, totals, { memory, key, edges })
        if (typeof change === 'string') notes.push(`${check.name} of ${instance}: ${change}`)
        if (!change || typeof change === 'string') return []
        if (change.unknown) notes.push(`${check.name} of ${instance}: ${change.unknown}`)
        const age = (after.at - (memory.firstSeen.get(key) ?? after.at)) / 1000
        return [{ instance, age, ...change }]
      })
    }
    const read = { canary: arm('canary'), stable: arm('stable') }
    const { canary, stable, notes: lacks } = withAbsent(check, read, [before.at, after.at], memory)
    notes.push(...lacks)
    const different = differentEdges(canary, stable)
    if (different) notes.push(`${check.name}: ${different}`)
    return {
      schema: 1,
      metric: check.name,
      kind: check.kind,
      from: before.at / 1000,
      to: after.at / 1000,
      weight,
      canary,
      stable,
    }
  })
  return { observations, notes: [...new Set(notes)] }
}

/** A scrape that failed hides an instance for a moment; what it did meanwhile belongs to the look that sees it again. */
const longestAbsence = 600_000

const absentSince = ({ lastSeen }: Memory, key: string, before: number): Totals | undefined => {
  const last = lastSeen.get(key)
  return last && last.at < before && before - last.at <= longestAbsence ? last.totals : undefined
}

const nativeEdges = (
  check: MetricCheck,
  sights: readonly (Record<Arm, Map<string, Totals>> | undefined)[],
  { edges }: Memory,
): number[] => {
  if (check.kind !== 'latency') return []
  const histograms = sights.flatMap((arms) =>
    arms ? [...arms.canary.values(), ...arms.stable.values()].flatMap(({ native }) => native ?? []) : [],
  )
  if (histograms.length === 0) return []
  const seen = edges.get(check.name) ?? noEdges()
  edges.set(check.name, seen)
  return exactEdges(histograms, seen)
}

/** Which edges only one version has; latency is compared at those that both have. */
const differentEdges = (canary: readonly Sample[], stable: readonly Sample[]): string | null => {
  const of = (samples: readonly Sample[]) => new Set(samples.flatMap(({ buckets }) => buckets?.le ?? []))
  const [mine, others] = [of(canary), of(stable)]
  if (mine.size === 0 || others.size === 0) return null
  const [lacks, more] = [[...others].filter((le) => !mine.has(le)), [...mine].filter((le) => !others.has(le))]
  if (lacks.length + more.length === 0) return null
  const say = (edges: readonly number[]) => edges.slice(0, 5).join(', ')
  return [
    'the versions have different buckets; only common edges can be compared',
    ...(lacks.length > 0 ? [`the new version lacks ${say(lacks)}`] : []),
    ...(more.length > 0 ? [`the stable one lacks ${say(more)}`] : []),
  ].join('; ')
}

const remember = (memory: Memory, key: string, at: number, totals: Totals): void => {
  // A later question may be about an earlier time.
  memory.firstSeen.set(key, Math.min(at, memory.firstSeen.get(key) ?? at))
  // What was counted before a value that is none belongs to the look that sees a count again.
  if (totals.bad) return
  memory.lastSeen.set(key, { at, totals })
  if (totals.events === undefined) return
  memory.counted.add(key)
}

/** Whether events are counted on any instance of either version. */
const tellsEvents = (arms: Record<Arm, Map<string, Totals>> | undefined): boolean =>
  arms !== undefined &&
  [arms.canary, arms.stable].some((all) => [...all.values()].some(({ events }) => events !== undefined))

/** `unknown` says why nobody knows the events of these requests; `isAbsent`: no count of them is there. */
type Change = Pick<Sample, 'total'> &
  Partial<Pick<Sample, 'events' | 'buckets' | 'value'>> & { unknown?: string; isAbsent?: true }
type Read = Change & Pick<Sample, 'instance' | 'age'>

const withAbsent = (
  check: MetricCheck,
  read: Record<Arm, Read[]>,
  [before, after]: [number, number],
  { events: memories }: Memory,
): Record<Arm, Sample[]> & { notes: string[] } => {
  const plain = ({ unknown: _, isAbsent, ...sample }: Read): Sample =>
    isAbsent ? { ...sample, events: 0 } : sample
  if (check.kind !== 'ratio' && check.kind !== 'rate')
    return { canary: read.canary.map(plain), stable: read.stable.map(plain), notes: [] }
  const memory = memories.get(check.name) ?? newEventsMemory()
  memories.set(check.name, memory)
  const sumOf = (arm: Arm) => {
    // What is no count is no absence either; it speaks for itself.
    const known = read[arm].filter(({ unknown }) => unknown === undefined)
    return {
      total: known.reduce((sum, { total }) => sum + total, 0),
      events: known.every(({ isAbsent }) => isAbsent)
        ? null
        : known.reduce((sum, { events = 0 }) => sum + events, 0),
    }
  }
  const stretch = { from: before / 1000, to: after / 1000, canary: sumOf('canary'), stable: sumOf('stable') }
  const gone = absentEvents(check, memory, stretch)
  const arm = (name: Arm) => (gone[name] ? [] : read[name].map(plain))
  return { canary: arm('canary'), stable: arm('stable'), notes: gone.notes }
}

const changeOf = (
  check: MetricCheck,
  last: Totals,
  now: Totals,
  { memory, key, edges }: { memory: Memory; key: string; edges: readonly number[] },
): Change | string | null => {
  if (check.kind === 'value') return now.value === undefined ? null : { total: 0, value: now.value }
  if (check.kind === 'latency') {
    const classic = (totals: Totals) => totals.buckets ?? (totals.native && upToEdges(totals.native, edges))
    return bucketChange(classic(last), classic(now))
  }
  const rise = last.total === undefined || now.total === undefined ? 0 : now.total - last.total
  const unknown = (why: string): Change => ({ total: Math.round(Math.max(0, rise)), unknown: why })
  if (now.bad)
    return unknown(`its counter of ${now.bad === 'total' ? 'requests' : 'events'} is no number from 0 up`)
  if (last.total === undefined || now.total === undefined) return null
  if (!memory.counted.has(check.name))
    return 'its events were never counted; a counter that starts at 0 or "or 0 * total" shows them'
  const restarted = now.total < last.total
  if (restarted && now.total > last.total / 2) return unknown('its counter went backwards without a restart')
  if (restarted && now.events === undefined) memory.counted.delete(key)
  if (now.events === undefined && memory.counted.has(key)) return unknown('its counter of events vanished')
  if (now.events === undefined) return { total: Math.round(restarted ? now.total : rise), isAbsent: true }
  const [total, events] = [restarted ? now.total : rise, now.events]
  const earlier = restarted ? 0 : (last.events ?? 0)
  if (events < earlier && events > earlier / 2)
    return unknown('its counter of events went backwards without a restart')
  return { total: Math.round(total), events: Math.round(events < earlier ? events : events - earlier) }
}

const bucketChange = (last: Totals['buckets'], now: Totals['buckets']): Change | string | null => {
  if (!last || !now) return null
  const edges = [...now.keys()].sort((a, b) => a - b)
  if (edges.at(-1) !== Number.POSITIVE_INFINITY || edges.length < 2)
    return 'its histogram has no +Inf bucket or no other edge'
  if (edges.some((edge) => !last.has(edge))) return 'its histogram changed its edges'
  const total = now.get(Number.POSITIVE_INFINITY) ?? 0
  const earlier = last.get(Number.POSITIVE_INFINITY) ?? 0
  const restarted = edges.some((edge) => (now.get(edge) ?? 0) < (last.get(edge) ?? 0))
  if (restarted && total > earlier / 2) return 'its histogram went backwards without a restart'
  const rise = edges.map((edge) => Math.round((now.get(edge) ?? 0) - (restarted ? 0 : (last.get(edge) ?? 0))))
  const counts = rise.map((value, index) => value - (rise[index - 1] ?? 0))
  if (counts.some((count) => count < 0)) return 'its histogram is not cumulative'
  const buckets: Buckets = { le: edges.slice(0, -1), counts }
  return { total: rise.at(-1) ?? 0, buckets }
}
