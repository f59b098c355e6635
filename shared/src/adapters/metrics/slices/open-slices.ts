import type { MetricCheck } from '../../../config/metrics-policy.ts'
import type { Look, MetricsProvider } from '../../../ports/metrics.ts'
import type { Observation } from '../../../verdict/observation.ts'
import { downUnless } from '../down-unless.ts'
import { addSpan, type WeightSpans, weightOf } from '../weight-spans.ts'
import type { Versions } from './arms.ts'
import { absentArms, lateness } from './lacks.ts'
import { type CheckMemory, newCheckMemory, remember } from './memory.ts'
import { samplesOf } from './samples.ts'
import type { SliceSource } from './source.ts'

/** Points of one series that are asked for at once. New Relic answers no more than 366, others with coarser slices. */
const slicesAtOnce = 300
const marksKept = 100

export type Sliced = {
  source: SliceSource
  checks: readonly MetricCheck[]
  versions: Versions
  /** Unix milliseconds. */
  now: () => number
}

/**
 * A provider over counts in slices of time. Only whole slices within a window are counted, and only once they are
 * complete, so a look may hold none: its checks are then `waiting`. Looks that follow one another lose no slice but the
 * ones in which the share of traffic changed.
 */
export const openSlices = ({ source, checks, versions, now }: Sliced): MetricsProvider => {
  const { interval, delay } = source
  const memories = new Map(checks.map(({ name }): [string, CheckMemory] => [name, newCheckMemory()]))
  const spans: WeightSpans = []
  /** Up to where the slices were counted when a look ended; several, since a caller may drop a look and ask anew. */
  const counted = new Map<number, number>()
  const up = (seconds: number) => Math.ceil(seconds / interval - 1e-9) * interval
  const down = (seconds: number) => Math.floor(seconds / interval + 1e-9) * interval

  const read = async (
    [start, end]: [number, number],
    size: number,
    weightAt: (from: number, to: number) => number | null,
    signal: AbortSignal | undefined,
  ): Promise<Look> => {
    const observations: Observation[] = []
    const notes = new Set<string>()
    const chunk = Math.max(1, Math.floor(slicesAtOnce / size)) * size * interval
    for (let from = start; from < end; from += chunk) {
      const to = Math.min(end, from + chunk)
      const answer = await source.read(from, to, signal)
      for (const note of answer.notes) notes.add(note)
      for (const note of lateness(answer.series, to, interval)) notes.add(note)
      for (const check of checks) {
        const own = answer.series.filter((series) => series.check === check.name)
        const memory = memories.get(check.name) ?? newCheckMemory()
        for (const note of absentArms(check, own, versions, memory)) notes.add(note)
        remember(memory, own, interval)
        for (let at = from; at < to; at += size * interval) {
          const span = { from: at, to: Math.min(to, at + size * interval) }
          const samples = samplesOf(check, own, span, memory)
          for (const note of samples.notes) notes.add(note)
          const { canary, stable } = samples
          const weight = weightAt(span.from, span.to)
          if (weight === null) continue
          observations.push({
            schema: 1,
            metric: check.name,
            kind: check.kind,
            ...span,
            weight,
            canary,
            stable,
          })
        }
      }
    }
    return { observations, down: null, notes: [...notes] }
  }

  const observe = async (from: number, to: number, weight: number, signal?: AbortSignal): Promise<Look> => {
    if (!(to > from))
      return { observations: [], down: null, notes: ['the clock did not move on between two looks'] }
    addSpan(spans, from, to, weight)
    const start = counted.get(mark(from)) ?? up(from)
    const end = Math.max(start, down(to - delay))
    const look = await read([start, end], 1, (a, b) => weightOf(spans, a, b), signal)
    counted.set(mark(to), end)
    const [oldest] = counted.keys()
    if (counted.size > marksKept && oldest !== undefined) counted.delete(oldest)
    return look.observations.length > 0 ? look : { ...look, waiting: checks.map(({ name }) => name) }
  }
  const range: MetricsProvider['range'] = async (from, to, seconds, weight, signal) => {
    const size = Math.max(1, Math.round(seconds / interval))
    const complete = down(Math.min(to, now() / 1000 - delay))
    const look = await read([up(from), complete], size, () => weight, signal)
    if (complete > up(from)) return look
    const note = `no slice of ${interval} s between ${iso(from)} and ${iso(to)} is complete yet; what is told comes ${delay} s late`
    return { ...look, notes: [note] }
  }
  return {
    observe: (...parameters) => observe(...parameters).catch(downUnless(parameters[3])),
    range: (...parameters) => range(...parameters).catch(downUnless(parameters[4])),
  }
}

const mark = (seconds: number): number => Math.round(seconds * 1000)
const iso = (seconds: number): string => new Date(seconds * 1000).toISOString()
