import { ConfigurationError } from '../../../config/configuration-error.ts'
import type { HttpPolicy } from '../../../config/metrics-providers.ts'
import { type PathStep, parsePath, select } from '../../../text/json-path.ts'
import type { Hide } from '../hide-secrets.ts'
import { said } from '../json-answer.ts'

/** One series as the answer has it; `version`, `instance` and `edge` are '' where the answer has none. */
export type RawSeries = { version: string; instance: string; edge: string; points: RawPoint[] }
/** `at` in Unix seconds; `value` is NaN where something stands there that is no number. */
export type RawPoint = { at: number; value: number }
export type RawAnswer = { series: RawSeries[]; notes: string[] }

/** More series than any service has instances; a query without a filter has them. */
export const seriesLimit = 50_000
const pointLimit = 2_000_000

type Paths = Record<
  'series' | 'version' | 'instance' | 'edge' | 'points' | 'time' | 'value',
  PathStep[] | null
> & {
  errors: PathStep[][]
}

/** Reads answers by the paths of a configuration. @throws Error with one sentence when the vendor reports an error */
export const seriesReader = ({ read, time: unit }: Pick<HttpPolicy, 'read' | 'time'>, hide?: Hide) => {
  const path = (text: string | undefined) => (text === undefined ? null : parsePath(text))
  const paths: Paths = {
    series: path(read.series),
    version: path(read.version),
    instance: path(read.instance),
    edge: path(read.edge),
    points: path(read.points),
    time: path(read.time),
    value: path(read.value),
    errors: read.errors.map((text) => parsePath(text) ?? []),
  }
  if (!paths.series || !paths.time || !paths.value)
    throw new ConfigurationError('metrics.http.read: series, time and value must be paths')
  return (where: string, answer: unknown): RawAnswer => {
    for (const error of paths.errors) {
      const text = said(select(answer, error), hide)
      if (text) throw new Error(`${where} reports an error: ${text}`)
    }
    const found = select(answer, paths.series ?? [])
    if (found.length > seriesLimit)
      throw new Error(
        `${where} answered with ${found.length} series, more than ${seriesLimit}; narrow the query`,
      )
    return readAll(where, found, paths, unit, read.series)
  }
}

const readAll = (
  where: string,
  found: readonly unknown[],
  paths: Paths,
  unit: HttpPolicy['time'],
  written: string,
): RawAnswer => {
  const odd = { text: 0, times: 0 }
  let many = 0
  const series = found.map((one): RawSeries => {
    const points = paths.points ? select(one, paths.points) : [one]
    many += points.length
    if (many > pointLimit)
      throw new Error(`${where} answered with more than ${pointLimit} points; narrow the query`)
    return {
      version: label(one, paths.version),
      instance: label(one, paths.instance),
      edge: label(one, paths.edge),
      points: points.flatMap((point) => {
        const at = timeOf(first(point, paths.time), unit)
        const value = first(point, paths.value)
        const number = numberOf(value)
        if (at === null) odd.times += 1
        if (number === undefined) odd.text += 1
        return at === null || number === null ? [] : [{ at, value: number ?? Number.NaN }]
      }),
    }
  })
  const notes = [
    ...(found.length === 0 ? [`${where} has nothing at ${written} for some query`] : []),
    ...(odd.text > 0 ? [`${where}: ${odd.text} values are not numbers; they are left out`] : []),
    ...(odd.times > 0
      ? [`${where}: ${odd.times} points have no time that can be read; they are left out`]
      : []),
  ]
  return { series: paths.points ? series : joined(series), notes }
}

/** Rows of the same name as one series: where a vendor answers a row for each point, no row knows the one before. */
const joined = (rows: readonly RawSeries[]): RawSeries[] => {
  const byName = new Map<string, RawSeries>()
  for (const { points, ...name } of rows) {
    const key = JSON.stringify(name)
    const known = byName.get(key) ?? { ...name, points: [] }
    byName.set(key, known)
    for (const point of points) known.points.push(point)
  }
  return [...byName.values()]
}

const first = (value: unknown, path: PathStep[] | null): unknown =>
  path ? select(value, path)[0] : undefined

const label = (value: unknown, path: PathStep[] | null): string => {
  const found = first(value, path)
  return typeof found === 'string' || typeof found === 'number' ? String(found) : ''
}

/** Null where there is no value, which is usual; undefined where there is one that is no number. */
const numberOf = (value: unknown): number | null | undefined => {
  if (value === null || value === undefined || value === '') return null
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN
  return Number.isFinite(number) ? number : undefined
}

const timeOf = (value: unknown, unit: HttpPolicy['time']): number | null => {
  if (typeof value !== 'string' && typeof value !== 'number') return null
  const milliseconds =
    unit === 'iso' ? Date.parse(String(value)) : Number(value) * { s: 1e3, ms: 1, us: 1e-3, ns: 1e-6 }[unit]
  return Number.isFinite(milliseconds) && value !== '' ? milliseconds / 1000 : null
}
