import type { Look, MetricsProvider } from '../../ports/metrics.ts'
import { downUnless } from './down-unless.ts'
import { between, newMemory } from './increments.ts'
import { type Reader, readSnapshots, type Snapshot } from './snapshot.ts'

/** Prometheus refuses ranges of more than 11,000 points. */
const pointsAtOnce = 5000

/**
 * Increments from the raw counters of a Prometheus API. A look asks for the present only and subtracts what the look
 * before it saw, so samples that arrive late are counted in the next look and never lost.
 */
export const openPrometheus = (reader: Reader): MetricsProvider => {
  const memory = newMemory()
  let last: Snapshot | null = null
  const observe = async (from: number, to: number, weight: number, signal?: AbortSignal): Promise<Look> => {
    const [start, end] = [Math.round(from * 1000), Math.round(to * 1000)]
    if (end <= start)
      return { observations: [], down: null, notes: ['the clock did not move on between two looks'] }
    const known = last?.at === start ? last : null
    const times = known ? [end] : [start, end]
    const read = await readSnapshots(reader, times, signal)
    const [before, after] = [known ?? read[0], read.at(-1)]
    if (!before || !after) return { observations: [], down: null }
    last = after
    return { ...between(reader.checks, before, after, weight, memory), down: null }
  }
  const range: MetricsProvider['range'] = async (from, to, seconds, weight, signal) => {
    const step = Math.max(1, Math.round(seconds * 1000))
    const start = Math.round(from * 1000)
    const count = Math.floor((Math.round(to * 1000) - start) / step) + 1
    const all: Look = { observations: [], down: null, notes: [] }
    let before: Snapshot | undefined
    for (let done = 0; done < count; done += pointsAtOnce) {
      const times = Array.from(
        { length: Math.min(pointsAtOnce, count - done) },
        (_, index) => start + (done + index) * step,
      )
      for (const snapshot of await readSnapshots(reader, times, signal)) {
        const change = before && between(reader.checks, before, snapshot, weight, memory)
        all.observations.push(...(change?.observations ?? []))
        all.notes?.push(...(change?.notes ?? []))
        before = snapshot
      }
    }
    return { ...all, notes: [...new Set(all.notes)] }
  }
  return {
    observe: (...parameters) => observe(...parameters).catch(downUnless(parameters[3])),
    range: (...parameters) => range(...parameters).catch(downUnless(parameters[4])),
  }
}
