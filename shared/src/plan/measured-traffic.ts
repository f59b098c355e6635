import type { Span } from '../schedule/moment.ts'
import type { Observation } from '../verdict/observation.ts'
import type { Measured } from './plan-bakes.ts'

const day = 86_400

/**
 * The traffic of the stable version in what was observed: in the hours of the window where some of it lies there, else of
 * the whole day. Null with the sentence why where nothing was seen. Where no bad request was seen half a one is assumed,
 * because no share is known to be 0.
 */
export const measuredTraffic = (
  name: string,
  observations: readonly Observation[],
  window: Span | null,
): Measured => {
  const all = observations
    .filter(({ metric, stable }) => metric === name && stable.some(({ total }) => total > 0))
    .map(({ from, to, stable }) => ({ from, to, stable }))
  if (all.length === 0)
    return { name, traffic: null, missing: `${name}: no request of the stable version in the last day` }
  const inside = window ? all.filter(({ from, to }) => atSameTime(from, to, window)) : []
  const counted = inside.length > 0 ? inside : all
  const sum = (pick: (sample: (typeof counted)[number]) => number): number =>
    counted.reduce((whole, each) => whole + pick(each), 0)
  const total = sum(({ stable }) => stable.reduce((count, sample) => count + sample.total, 0))
  const bad = sum(({ stable }) => stable.reduce((count, sample) => count + (sample.events ?? 0), 0))
  const instances = counted
    .map(({ stable }) => stable.filter((each) => each.total > 0).length)
    .sort((a, b) => a - b)
  const where = inside.length > 0 ? 'the last day at the hours of the window' : 'the last day'
  return {
    name,
    missing: null,
    traffic: {
      rate: digits(total / sum(({ from, to }) => to - from)),
      errors: digits((100 * Math.max(bad, 0.5)) / total),
      instances: Math.max(1, instances[Math.floor(instances.length / 2)] ?? 1),
      source: `${name} of the stable version, ${where}`,
    },
  }
}

/** Whether an interval (Unix seconds) lies at the hours of a window, on any day. */
const atSameTime = (from: number, to: number, { start, end }: Span): boolean => {
  const [opens, closes] = [Date.parse(start) / 1000, Date.parse(end) / 1000]
  const length = Math.min(day, closes - opens)
  const into = ((((from + to) / 2 - opens) % day) + day) % day
  return into < length
}

const digits = (value: number): number => Number(value.toPrecision(3))
