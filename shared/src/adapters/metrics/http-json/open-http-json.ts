import type { HttpPolicy } from '../../../config/metrics-providers.ts'
import { request, show } from '../../network/request.ts'
import { renderHeaders } from '../headers.ts'
import type { Hide } from '../hide-secrets.ts'
import { jsonAnswer } from '../json-answer.ts'
import type { Ask } from '../slices/asks.ts'
import { placeSeries } from '../slices/place.ts'
import type { SliceAnswer, SliceSource } from '../slices/source.ts'
import { renderRequest } from './http-request.ts'
import { type RawAnswer, seriesReader } from './read-series.ts'

export type HttpAccess = {
  policy: HttpPolicy
  asks: readonly Ask[]
  env: Record<string, string | undefined>
  allowPrivate: (host: string, port: string) => boolean
  hide?: Hide
}

const answerLimit = 16_000_000
const atOnce = 6

/** Any service that answers a query over time with JSON, read by the paths of the configuration. */
export const openHttpJson = ({ policy, asks, env, allowPrivate, hide }: HttpAccess): SliceSource => {
  const { method, timeout, interval, delay, stamp, points, read } = policy
  const headers = {
    accept: 'application/json',
    ...renderHeaders('metrics.http.headers', policy.headers, env),
  }
  const readSeries = seriesReader(policy, hide)
  const fetchOne = async (
    rendered: { url: string; body?: string },
    signal?: AbortSignal,
  ): Promise<RawAnswer> => {
    const { url, body } = rendered
    const type = body !== undefined && !Object.hasOwn(headers, 'content-type')
    const answer = await request({
      url,
      method,
      headers: type ? { ...headers, 'content-type': 'application/json' } : headers,
      ...(body === undefined ? {} : { body }),
      timeoutSeconds: timeout,
      limit: answerLimit,
      allowPrivate,
      ...(signal ? { signal } : {}),
    })
    const where = show(new URL(url))
    return readSeries(where, jsonAnswer(where, 'metrics.http', answer, hide))
  }
  return {
    interval,
    delay,
    read: async (from, to, signal) => {
      // A running total needs the point before the first slice, and some vendors leave out the first one asked for.
      const begin = from - interval
      const rendered = asks.map((ask) => renderRequest(policy, ask, [begin, to]))
      const asked = new Map<string, { url: string; body?: string }>(
        rendered.map((one) => [`${one.url}\n${one.body ?? ''}`, one]),
      )
      const answers = new Map<string, RawAnswer>()
      const keys = [...asked.keys()]
      for (let at = 0; at < keys.length; at += atOnce)
        await Promise.all(
          keys.slice(at, at + atOnce).map(async (key) => {
            answers.set(key, await fetchOne(asked.get(key) ?? { url: policy.url }, signal))
          }),
        )
      const all: SliceAnswer = { series: [], notes: [] }
      for (const [index, ask] of asks.entries()) {
        const { url = '', body = '' } = rendered[index] ?? {}
        const answer = answers.get(`${url}\n${body}`)
        if (!answer) continue
        const placed = placeSeries(ask, answer.series, {
          interval,
          stamp,
          points,
          versionLabel: `metrics.http.read.version: ${read.version ?? 'not configured'}`,
        })
        for (const one of placed.series) all.series.push(one)
        all.notes.push(...answer.notes, ...placed.notes)
      }
      return { ...all, notes: [...new Set(all.notes)] }
    },
  }
}
