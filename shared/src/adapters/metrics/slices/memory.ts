import type { Arm } from './arms.ts'
import type { SliceSeries } from './source.ts'

/** Of one check: where its series were seen, and how often its events came. Unix seconds. */
export type CheckMemory = {
  /** Beginning of the first slice of each instance, by arm and name. */
  firstSeen: Map<string, number>
  lastSeen: Map<Arm, number>
  /** Whether a count of events ever came, be it 0. */
  counted: boolean
  edges: Set<number>
  /** Requests and events together, and the requests since there was a count of events. */
  total: number
  events: number
  silent: number
  lastEvents: number | null
}

export const newCheckMemory = (): CheckMemory => ({
  firstSeen: new Map(),
  lastSeen: new Map(),
  counted: false,
  edges: new Set(),
  total: 0,
  events: 0,
  silent: 0,
  lastEvents: null,
})

export const instanceKey = (arm: Arm, instance: string): string => `${arm}\n${instance}`

/** Remembers what an answer showed of a check. */
export const remember = (memory: CheckMemory, series: readonly SliceSeries[], interval: number): void => {
  for (const { part, edge, arm, instance, points } of series) {
    if (points.size === 0) continue
    if (part === 'events') memory.counted = true
    if (part === 'edge' && edge !== null && Number.isFinite(edge)) memory.edges.add(edge)
    if (part === 'events') continue
    const key = instanceKey(arm, instance)
    let [first, last] = [memory.firstSeen.get(key) ?? Number.POSITIVE_INFINITY, memory.lastSeen.get(arm) ?? 0]
    for (const at of points.keys()) {
      first = Math.min(first, at)
      last = Math.max(last, at + interval)
    }
    memory.firstSeen.set(key, first)
    memory.lastSeen.set(arm, last)
  }
}

/** More than so many events missing is no chance any more, even where they come in clumps. */
const missed = 20

/**
 * Counts a stretch of requests without any count of events, which vendors leave out where nothing happened; 0 or more
 * where there was one. True once so many events are missing, by their share so far, that their series must have vanished.
 */
export const eventsVanished = (
  memory: CheckMemory,
  stretch: { end: number; total: number; events: number | null },
): boolean => {
  if (stretch.events !== null) {
    memory.total += memory.silent + stretch.total
    memory.events += stretch.events
    memory.silent = 0
    memory.lastEvents = stretch.end
    return false
  }
  memory.silent += stretch.total
  return memory.total > 0 && (memory.events / memory.total) * memory.silent > missed
}
