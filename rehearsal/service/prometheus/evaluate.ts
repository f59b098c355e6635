import type { Labels } from './exposition.ts'
import type { Expression } from './expression.ts'
import { extrapolated } from './extrapolated.ts'
import { countUntil, labelsKey, type Matcher, type Series, type SeriesStore } from './series-store.ts'

export interface Point {
  labels: Labels
  value: number
}

/** The value of an expression at one moment: a number, or one point for each series. */
export type Value = number | Point[]

/** A query that is right but has no answer; Prometheus answers 422 `execution`. */
export class ExecutionError extends Error {}

/** How long a series without new samples keeps its last value, in milliseconds. */
const lookback = 300_000

/** Evaluates at `time` (ms since 1970). A range alone has no value at one moment: see `rangeOf`. */
export function evaluate(store: SeriesStore, expression: Expression, time: number): Value {
  switch (expression.kind) {
    case 'number':
      return expression.value
    case 'selector':
      return instant(store, expression.matchers, time)
    case 'rate':
      return rates(store, expression, time)
    case 'sum':
      return sums(evaluate(store, expression.of, time), expression)
    case 'times':
      return product(evaluate(store, expression.left, time), evaluate(store, expression.right, time))
    case 'range':
      throw new ExecutionError('a range vector has no value at one moment')
  }
}

function instant(store: SeriesStore, matchers: Matcher[], time: number): Point[] {
  return store.select(matchers).flatMap(({ labels, times, values }) => {
    const at = countUntil(times, time) - 1
    const value = values[at]
    const seen = times[at]
    return value === undefined || value === null || seen === undefined || seen < time - lookback
      ? []
      : [{ labels, value }]
  })
}

/** The points of each series from `time` - range to `time`, both included as in Prometheus 2, stale marks left out. */
export function rangeOf(
  store: SeriesStore,
  { matchers, milliseconds }: { matchers: Matcher[]; milliseconds: number },
  time: number,
): { labels: Labels; times: number[]; values: number[] }[] {
  return store.select(matchers).flatMap((series) => {
    const points = pointsBetween(series, time - milliseconds, time)
    return points.times.length === 0 ? [] : [{ labels: series.labels, ...points }]
  })
}

function pointsBetween(series: Series, from: number, to: number): { times: number[]; values: number[] } {
  const times: number[] = []
  const values: number[] = []
  const end = countUntil(series.times, to)
  for (let at = countUntil(series.times, from - 1); at < end; at++) {
    const value = series.values[at]
    if (value === undefined || value === null) continue
    times.push(series.times[at] as number)
    values.push(value)
  }
  return { times, values }
}

function rates(
  store: SeriesStore,
  { of, perSecond }: Extract<Expression, { kind: 'rate' }>,
  time: number,
): Point[] {
  const range = { start: time - of.milliseconds, end: time, perSecond }
  const points = rangeOf(store, of, time).flatMap(({ labels, times, values }) => {
    const value = extrapolated(times, values, range)
    return value === null ? [] : [{ labels: withoutName(labels), value }]
  })
  return unique(points)
}

function sums(value: Value, { labels, without }: Extract<Expression, { kind: 'sum' }>): Point[] {
  if (typeof value === 'number') throw new ExecutionError('sum of a scalar')
  const dropped = new Set([...labels, '__name__'])
  const groups = new Map<string, Point>()
  for (const point of value) {
    const group = Object.fromEntries(
      without
        ? Object.entries(point.labels).filter(([name]) => !dropped.has(name))
        : labels.flatMap((name) => (point.labels[name] ? [[name, point.labels[name]]] : [])),
    )
    const key = labelsKey(group)
    const sum = groups.get(key)
    if (sum === undefined) groups.set(key, { labels: group, value: point.value })
    else sum.value += point.value
  }
  return [...groups.values()]
}

function product(left: Value, right: Value): Value {
  if (typeof left === 'number' && typeof right === 'number') return left * right
  if (typeof left === 'number') return scaled(right as Point[], left)
  if (typeof right === 'number') return scaled(left, right)
  throw new ExecutionError("the rehearsal's Prometheus multiplies a vector by a number only")
}

function scaled(points: Point[], factor: number): Point[] {
  return unique(points.map(({ labels, value }) => ({ labels: withoutName(labels), value: value * factor })))
}

function withoutName({ __name__, ...labels }: Labels): Labels {
  return labels
}

function unique(points: Point[]): Point[] {
  if (new Set(points.map(({ labels }) => labelsKey(labels))).size === points.length) return points
  throw new ExecutionError('vector cannot contain metrics with the same labelset')
}
