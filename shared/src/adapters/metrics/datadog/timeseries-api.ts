import { z } from 'zod'
import type { Answer } from '../../network/request.ts'
import { request, show } from '../../network/request.ts'
import type { Hide } from '../hide-secrets.ts'
import { jsonAnswer, said } from '../json-answer.ts'

/** One group of one query: its tags, and its values by the beginning of the slice in Unix seconds. */
export type DatadogSeries = {
  query: number
  tags: readonly string[]
  points: { at: number; value: number }[]
}

export type DatadogAccess = {
  /** https://api.<site>, without a slash at its end. */
  base: string
  keys: { api: string; application: string }
  timeoutSeconds: number
  allowPrivate: (host: string, port: string) => boolean
  /** Unix milliseconds. */
  now: () => number
  hide?: Hide
}

const answerLimit = 16_000_000
const seriesLimit = 50_000

// The parts in use of TimeseriesFormulaQueryResponse in Datadog's own description of API v2.
const body = z.object({
  errors: z.union([z.string(), z.array(z.string())]).optional(),
  data: z
    .object({
      attributes: z
        .object({
          series: z.array(
            z.object({ group_tags: z.array(z.string()).nullish(), query_index: z.number().int().nullish() }),
          ),
          times: z.array(z.number()),
          values: z.array(z.array(z.union([z.number(), z.null()]))),
        })
        .partial(),
    })
    .partial()
    .nullish(),
})

/**
 * Asks Datadog's POST /api/v2/query/timeseries for several queries at once, in slices of `interval` seconds over
 * [from, to). After a 429 nothing is asked until the time that Datadog named.
 */
export const openTimeseriesApi = ({ base, keys, timeoutSeconds, allowPrivate, now, hide }: DatadogAccess) => {
  const url = `${base}/api/v2/query/timeseries`
  const where = show(new URL(url))
  let blockedUntil = 0
  return async (
    queries: readonly string[],
    { from, to, interval }: { from: number; to: number; interval: number },
    signal?: AbortSignal,
  ): Promise<DatadogSeries[]> => {
    if (now() < blockedUntil)
      throw new Error(
        `${where} asked not to be asked before ${new Date(blockedUntil).toISOString()} (status 429)`,
      )
    const named = queries.map((query, at) => ({ data_source: 'metrics', name: `q${at}`, query }))
    const attributes = {
      from: from * 1000,
      to: to * 1000,
      interval: interval * 1000,
      queries: named,
      formulas: named.map(({ name }) => ({ formula: name })),
    }
    const answer = await request({
      url,
      method: 'POST',
      body: JSON.stringify({ data: { type: 'timeseries_request', attributes } }),
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        'dd-api-key': keys.api,
        'dd-application-key': keys.application,
      },
      timeoutSeconds,
      limit: answerLimit,
      allowPrivate,
      ...(signal ? { signal } : {}),
    })
    if (answer.status === 429) {
      blockedUntil = now() + 1000 * resetSeconds(answer)
      throw new Error(
        `${where} limits how often it may be asked (status 429); the next request is made at ${new Date(blockedUntil).toISOString()}`,
      )
    }
    return readSeries(where, jsonAnswer(where, 'Datadog', answer, hide), queries.length, hide)
  }
}

/** Seconds until the limit is reset, as the header says; a minute when it says nothing that can be. */
const resetSeconds = ({ headers }: Answer): number => {
  const told = headers['x-ratelimit-reset'] ?? headers['retry-after'] ?? ''
  return /^\d{1,5}$/.test(told) ? Math.max(1, Math.min(3600, Number(told))) : 60
}

const readSeries = (where: string, value: unknown, asked: number, hide?: Hide): DatadogSeries[] => {
  const { data: parsed, error } = body.safeParse(value)
  if (!parsed) {
    const [issue] = error.issues
    throw new Error(
      `${where} answered something that is not the API of Datadog: ${said(`${issue?.path.join('.')}: ${issue?.message}`)}`,
    )
  }
  const errors = said(parsed.errors, hide)
  if (errors) throw new Error(`${where} reports an error: ${errors}`)
  const { series = [], times = [], values = [] } = parsed.data?.attributes ?? {}
  if (series.length > seriesLimit)
    throw new Error(
      `${where} answered with ${series.length} series, more than ${seriesLimit}; narrow the query`,
    )
  if (values.length !== series.length || values.some((row) => row.length !== times.length))
    throw new Error(
      `${where} answered with ${series.length} series whose times and values do not fit together`,
    )
  return series.map(({ group_tags, query_index }, index) => {
    const query = query_index ?? 0
    if (query < 0 || query >= asked)
      throw new Error(`${where} answered a query that was not asked (${query})`)
    const row = values[index] ?? []
    return {
      query,
      tags: group_tags ?? [],
      points: times.flatMap((at, place) => {
        const one = row[place]
        return typeof one === 'number' && Number.isFinite(one) ? [{ at: at / 1000, value: one }] : []
      }),
    }
  })
}
