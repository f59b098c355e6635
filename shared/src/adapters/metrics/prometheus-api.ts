import { z } from 'zod'
import { cut } from '../../text/visible.ts'
import { type Answer, request, show } from '../network/request.ts'
import type { Hide } from './hide-secrets.ts'
import { said } from './json-answer.ts'
import { histogramShape, type NativeHistogram, readHistogram } from './prometheus-histogram.ts'

const answerLimit = 16_000_000
const seriesLimit = 50_000

const point = z.tuple([z.number(), z.string()])
const histogramPoint = z.tuple([z.number(), histogramShape])
const labels = z.record(z.string(), z.string())
const body = z.object({
  status: z.string(),
  error: z.string().optional(),
  data: z.object({ resultType: z.string(), result: z.unknown() }).optional(),
  /** Thanos says here what is missing, VictoriaMetrics by `isPartial`. */
  warnings: z.array(z.string()).nullish(),
  isPartial: z.boolean().nullish(),
})
const allSeries = z.array(
  z.object({
    metric: labels,
    value: point.optional(),
    values: z.array(point).optional(),
    histogram: histogramPoint.optional(),
    histograms: z.array(histogramPoint).optional(),
  }),
)
/** What Prometheus itself remarks about a query, of which nothing is missing. */
const remark = /^PromQL (info|warning)\b/

/** One series: its labels, and its values by Unix milliseconds; NaN where a value is no finite number. */
export type Series = {
  labels: Record<string, string>
  values: Map<number, number>
  histograms: Map<number, NativeHistogram>
}

export type PrometheusApi = {
  at(expression: string, milliseconds: number, signal?: AbortSignal): Promise<Series[]>
  range(expression: string, from: number, to: number, step: number, signal?: AbortSignal): Promise<Series[]>
}

export type PrometheusAccess = {
  url: string
  /** What says who asks, and headers of one's own. */
  headers?: Readonly<Record<string, string>>
  timeoutSeconds: number
  allowPrivate: (host: string, port: string) => boolean
  /** Takes what was sent out of what the server says. */
  hide?: Hide
}

/** Prometheus' HTTP API (also Thanos, Mimir, VictoriaMetrics). Every failure is one sentence that names the address. */
export const openPrometheusApi = (access: PrometheusAccess): PrometheusApi => {
  const base = access.url.replace(/\/+$/, '')
  const ask = async (
    path: string,
    parameters: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<Series[]> => {
    const form = new URLSearchParams(parameters).toString()
    const long = form.length > 1500
    const answer = await request({
      url: long ? `${base}${path}` : `${base}${path}?${form}`,
      method: long ? 'POST' : 'GET',
      ...(long ? { body: form } : {}),
      headers: {
        accept: 'application/json',
        ...(long ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        ...access.headers,
      },
      timeoutSeconds: access.timeoutSeconds,
      limit: answerLimit,
      allowPrivate: access.allowPrivate,
      ...(signal ? { signal } : {}),
    })
    return readSeries(show(new URL(base)), answer, access.hide)
  }
  const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(3)
  return {
    at: (query, milliseconds, signal) => {
      const series = ask('/api/v1/query', { query, time: seconds(milliseconds) }, signal)
      return series.then((all) =>
        all.map((one) => ({
          ...one,
          values: new Map([...one.values.values()].map((v) => [milliseconds, v])),
          histograms: new Map([...one.histograms.values()].map((v) => [milliseconds, v])),
        })),
      )
    },
    range: async (query, from, to, step, signal) => {
      const asked = { query, start: seconds(from), end: seconds(to), step: stepOf(step) }
      const series = await ask('/api/v1/query_range', asked, signal)
      return series.map((one) => ({
        ...one,
        values: onGrid(one.values, from, step),
        histograms: onGrid(one.histograms, from, step),
      }))
    },
  }
}

/** Prometheus cuts a step to whole milliseconds after reading it as a float: 1.005 would become 1004 ms, point by point. */
const stepOf = (milliseconds: number): string =>
  milliseconds % 1000 === 0 ? String(milliseconds / 1000) : (milliseconds / 1000 + 1e-9).toFixed(9)

/** Some round the times of points too; a point stands for the moment that was asked about. */
const onGrid = <T>(points: ReadonlyMap<number, T>, from: number, step: number): Map<number, T> =>
  new Map(
    [...points].map(([at, value]) => {
      const asked = from + Math.round((at - from) / step) * step
      return [Math.abs(asked - at) <= Math.min(2, step / 4) ? asked : at, value]
    }),
  )

const readSeries = (where: string, { status, contentType, text }: Answer, hide?: Hide): Series[] => {
  if (status === 401 || status === 403)
    throw new Error(`${where} refused access (status ${status}): check the secret, its user or its tenant`)
  if (status >= 300 && status < 400)
    throw new Error(`${where} redirects (status ${status}); redirects are not followed`)
  const parsed = body.safeParse(parse(text))
  const alien = (): Error => {
    const kind = /html/i.test(contentType) || /^\s*</.test(text) ? 'a web page' : 'something'
    return new Error(`${where} answered with ${kind} (status ${status}) that is not the API of Prometheus`)
  }
  if (!parsed.success) {
    if (status === 503 && text.length < 100)
      throw new Error(`${where} is not ready (status 503); it may have just started`)
    throw alien()
  }
  const { data, error, warnings, isPartial } = parsed.data
  if (parsed.data.status !== 'success' || !data || status >= 400) {
    throw new Error(
      `${where} reports an error (status ${status}): ${said(error ?? '', hide) || 'no reason given'}`,
    )
  }
  if (data.resultType !== 'vector' && data.resultType !== 'matrix') {
    throw new Error(`${where} answered with a ${cut(data.resultType, 20)}, not with series`)
  }
  const partial = (warnings ?? []).filter((one) => !remark.test(one))
  // What is missing is read with the next whole answer, since counters go on.
  if (partial.length > 0 || isPartial)
    throw new Error(
      `${where} gave only a part of the answer${partial.length > 0 ? `: ${said(partial, hide)}` : ''}`,
    )
  const read = allSeries.safeParse(data.result)
  if (!read.success) throw alien()
  if (read.data.length > seriesLimit)
    throw new Error(`${where} answered with more than ${seriesLimit} series; narrow the selector`)
  return read.data.map(({ metric, value, values, histogram, histograms }) => ({
    labels: metric,
    values: new Map(
      (values ?? (value ? [value] : [])).map(([at, number]): [number, number] => [
        Math.round(at * 1000),
        Number.isFinite(Number(number)) ? Number(number) : Number.NaN,
      ]),
    ),
    histograms: new Map(
      (histograms ?? (histogram ? [histogram] : [])).flatMap(([at, shape]) => {
        const read = readHistogram(shape)
        return read ? [[Math.round(at * 1000), read] as const] : []
      }),
    ),
  }))
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
