import type { JsonReply, JsonRequest } from '../json-server.ts'
import { ExecutionError, evaluate, rangeOf } from './evaluate.ts'
import type { Labels } from './exposition.ts'
import { type Expression, parseExpression } from './expression.ts'
import { formatValue } from './format-value.ts'
import { labelsKey, type SeriesStore } from './series-store.ts'
import { BadData, parseDuration } from './tokens.ts'

const mostPoints = 11_000

/**
 * Prometheus' HTTP API over `store`: query and query_range by GET or form POST, buildinfo, ready and healthy, with
 * Prometheus' replies and errors. `clock` gives the time (ms since 1970) of a query without one.
 */
export function answerApi(store: SeriesStore, clock: () => number, request: JsonRequest): JsonReply {
  const { method, path } = request
  if (path === '/-/ready') return { status: 200, body: 'Prometheus Server is Ready.\n' }
  if (path === '/-/healthy') return { status: 200, body: 'Prometheus Server is Healthy.\n' }
  if (path === '/api/v1/status/buildinfo') return success({ version: '2.42.0', revision: 'rehearsal' })
  const query = path === '/api/v1/query' ? instantQuery : path === '/api/v1/query_range' ? rangeQuery : null
  if (query === null) return { status: 404, body: '404 page not found\n' }
  if (method !== 'GET' && method !== 'POST') return { status: 405, body: 'Method Not Allowed\n' }
  try {
    return success(query(store, parameters(request), clock))
  } catch (error) {
    if (error instanceof BadData) return failure(400, 'bad_data', error.message)
    if (error instanceof ExecutionError) return failure(422, 'execution', error.message)
    throw error
  }
}

type Parameters = (name: string) => string | null

/** A form wins over the address, as in Go. */
function parameters({ query, method, body }: JsonRequest): Parameters {
  const form = method === 'POST' ? new URLSearchParams(body) : new URLSearchParams()
  return (name) => form.get(name) ?? query.get(name)
}

function instantQuery(store: SeriesStore, read: Parameters, clock: () => number): unknown {
  const time = read('time') ? parseTime('time', read('time')) : clock()
  const expression = parseQuery(read('query'))
  if (expression.kind === 'range') {
    const result = rangeOf(store, expression, time).map(({ labels, times, values }) => ({
      metric: labels,
      values: times.map((at, index) => [at / 1000, formatValue(values[index] as number)]),
    }))
    return { resultType: 'matrix', result }
  }
  const value = evaluate(store, expression, time)
  if (typeof value === 'number') {
    return { resultType: 'scalar', result: [time / 1000, formatValue(value)] }
  }
  const result = value.map((point) => ({
    metric: point.labels,
    value: [time / 1000, formatValue(point.value)],
  }))
  return { resultType: 'vector', result }
}

function rangeQuery(store: SeriesStore, read: Parameters): unknown {
  const start = parseTime('start', read('start'))
  const end = parseTime('end', read('end'))
  if (end < start) throw invalid('end', 'end timestamp must not be before start time')
  const step = parseStep(read('step'))
  if ((end - start) / step > mostPoints) {
    throw new BadData(
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    )
  }
  const expression = parseQuery(read('query'))
  if (expression.kind === 'range') {
    throw invalid(
      'query',
      'invalid expression type "range vector" for range query, must be Scalar or instant Vector',
    )
  }
  const series = new Map<string, { metric: Labels; values: [number, string][] }>()
  for (let time = start; time <= end; time += step) {
    const value = evaluate(store, expression, time)
    const points = typeof value === 'number' ? [{ labels: {}, value }] : value
    for (const { labels, value } of points) {
      const key = labelsKey(labels)
      const found = series.get(key) ?? { metric: labels, values: [] }
      found.values.push([time / 1000, formatValue(value)])
      series.set(key, found)
    }
  }
  return { resultType: 'matrix', result: [...series.values()] }
}

function parseQuery(text: string | null): Expression {
  try {
    return parseExpression(text ?? '')
  } catch (error) {
    throw error instanceof BadData ? invalid('query', error.message) : error
  }
}

/** Seconds since 1970 or RFC 3339, in whole milliseconds. */
function parseTime(name: string, text: string | null): number {
  const given = text ?? ''
  const time = /^[+-]?[\d.]+(e[+-]?\d+)?$/i.test(given) ? Number(given) * 1000 : parseDate(given)
  if (Number.isFinite(time)) return Math.round(time)
  throw invalid(name, `cannot parse ${JSON.stringify(given)} to a valid timestamp`)
}

function parseDate(text: string): number {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text)
    ? Date.parse(text)
    : Number.NaN
}

function parseStep(text: string | null): number {
  const given = text ?? ''
  const step = /^[+-]?[\d.]+(e[+-]?\d+)?$/i.test(given) ? Number(given) * 1000 : parseDuration(given)
  if (step === null || Number.isNaN(step)) {
    throw invalid('step', `cannot parse ${JSON.stringify(given)} to a valid duration`)
  }
  if (step >= 1) return Math.round(step)
  throw invalid(
    'step',
    'zero or negative query resolution step widths are not accepted. Try a positive integer',
  )
}

function invalid(name: string, problem: string): BadData {
  return new BadData(`invalid parameter ${JSON.stringify(name)}: ${problem}`)
}

function success(data: unknown): JsonReply {
  return { status: 200, body: { status: 'success', data } }
}

function failure(status: number, errorType: string, error: string): JsonReply {
  return { status, body: { status: 'error', errorType, error } }
}
