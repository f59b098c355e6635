import type { Observation, Sample } from '../verdict/observation.ts'

/** What one arm did, summed over instances and looks. */
export type ArmSum = { total: number; events: number }
export type Figures = { canary: ArmSum; stable: ArmSum }

/** A tail above 5 % is no tail: the edge to count slow requests at is the lowest that leaves stable below this. */
const tail = 0.05

/**
 * Sums of one metric over looks. Of a histogram, `events` are the requests slower than `edge`. Requests whose events
 * nobody knows are left out: they are not known to be good.
 */
export const sumFigures = (observations: readonly Observation[], edge: number | null = null): Figures => {
  const sum = (arm: 'canary' | 'stable') =>
    observations
      .flatMap(({ kind, [arm]: samples }) => (isCounted(kind) ? samples.filter(tellsEvents) : samples))
      .reduce<ArmSum>(
        (all, sample) => ({ total: all.total + sample.total, events: all.events + eventsOf(sample, edge) }),
        { total: 0, events: 0 },
      )
  return { canary: sum('canary'), stable: sum('stable') }
}

const isCounted = (kind: Observation['kind']): boolean => kind === 'ratio' || kind === 'rate'
const tellsEvents = ({ events }: Sample): boolean => events !== undefined

const eventsOf = ({ events = 0, buckets }: Sample, edge: number | null): number =>
  buckets && edge !== null ? slower(buckets, edge) : events

const slower = ({ le, counts }: NonNullable<Sample['buckets']>, edge: number): number =>
  counts.reduce((sum, count, index) => sum + ((le[index] ?? Number.POSITIVE_INFINITY) > edge ? count : 0), 0)

/** The edge in seconds at which slow requests are counted for a chart; null without a histogram. */
export const slowEdge = (observations: readonly Observation[]): number | null => {
  const edges = [
    ...new Set(observations.flatMap(({ stable }) => stable.flatMap(({ buckets }) => buckets?.le ?? []))),
  ]
  const ascending = edges.sort((a, b) => a - b)
  const fits = ascending.find((edge) => {
    const { total, events } = sumFigures(observations, edge).stable
    return total > 0 && events / total <= tail
  })
  return fits ?? ascending.at(-1) ?? null
}

/** Share of all requests that the canary served, 0 to 1; null without requests. */
export const observedShare = ({ canary, stable }: Figures): number | null =>
  canary.total + stable.total > 0 ? canary.total / (canary.total + stable.total) : null

/** Observations grouped by the end of their interval, oldest first. */
export const byEnd = (observations: readonly Observation[]): [number, Observation[]][] => {
  const groups = new Map<number, Observation[]>()
  for (const observation of observations) {
    const group = groups.get(observation.to)
    if (group) group.push(observation)
    else groups.set(observation.to, [observation])
  }
  return [...groups].sort(([a], [b]) => a - b)
}

/**
 * Tells for a moment the metrics of which an interval is under way: their next numbers are not due yet. With `lag`, also
 * those whose interval ended no longer than so many seconds before. Looking up a moment takes the logarithm of a moment's
 * intervals, however many there are.
 */
export const underWay = (observations: readonly Observation[]): ((at: number, lag?: number) => string[]) => {
  const named = new Map<string, Observation[]>()
  for (const one of observations) {
    const own = named.get(one.metric)
    if (own) own.push(one)
    else named.set(one.metric, [one])
  }
  const metrics = [...named].map(([metric, own]) => {
    const byTo = own.sort((a, b) => a.to - b.to)
    // The earliest beginning of all that end at a place or later.
    const earliest = byTo.map(({ from }) => from)
    for (let place = earliest.length - 2; place >= 0; place -= 1)
      earliest[place] = Math.min(earliest[place] ?? 0, earliest[place + 1] ?? 0)
    return { metric, ends: byTo.map(({ to }) => to), earliest }
  })
  return (at, lag = 0) =>
    metrics
      .filter(({ ends, earliest }) => {
        const open = firstAfter(ends, at + 0.001)
        return (
          (earliest[open] ?? at) < at - 0.001 ||
          (lag > 0 && firstAfter(ends, at - lag) < firstAfter(ends, at))
        )
      })
      .map(({ metric }) => metric)
}

/** The place of the first number above `limit` in ascending ones. */
const firstAfter = (ascending: readonly number[], limit: number): number => {
  let [low, high] = [0, ascending.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ascending[middle] ?? 0) > limit) high = middle
    else low = middle + 1
  }
  return low
}
