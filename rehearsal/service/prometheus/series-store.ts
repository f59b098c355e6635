import type { Labels } from './exposition.ts'

/** One series; `values[i]` was seen at `times[i]` (ms since 1970), null where it had become stale. */
export interface Series {
  labels: Labels
  times: number[]
  values: (number | null)[]
}

/** A condition on one label; a label that is missing counts as empty. */
export interface Matcher {
  label: string
  matches(value: string): boolean
}

export interface SeriesStore {
  append(labels: Labels, time: number, value: number | null): void
  select(matchers: readonly Matcher[]): Series[]
}

/** The same for labels that are equal, in whatever order they were written. */
export function labelsKey(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Series in memory, each no longer than `limit` points: the oldest half goes when it is full. */
export function openSeriesStore(limit = 20_000): SeriesStore {
  const all = new Map<string, Series>()
  return {
    append(labels, time, value) {
      const key = labelsKey(labels)
      let series = all.get(key)
      if (series === undefined) {
        series = { labels, times: [], values: [] }
        all.set(key, series)
      }
      // As in Prometheus, a sample that is not later than the last one is dropped.
      if (time <= (series.times.at(-1) ?? Number.NEGATIVE_INFINITY)) return
      if (series.times.length >= limit) {
        series.times.splice(0, limit / 2)
        series.values.splice(0, limit / 2)
      }
      series.times.push(time)
      series.values.push(value)
    },
    select: (matchers) =>
      [...all.values()].filter(({ labels }) =>
        matchers.every(({ label, matches }) => matches(labels[label] ?? '')),
      ),
  }
}

/** How many of `times` are at or before `time`. */
export function countUntil(times: readonly number[], time: number): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] ?? 0) <= time) low = middle + 1
    else high = middle
  }
  return low
}
