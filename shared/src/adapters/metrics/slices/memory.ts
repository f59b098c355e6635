import { type EventsMemory, newEventsMemory } from '../absent-events.ts'
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
  events: EventsMemory
}

export const newCheckMemory = (): CheckMemory => ({
  firstSeen: new Map(),
  lastSeen: new Map(),
  counted: false,
  edges: new Set(),
  events: newEventsMemory(),
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
