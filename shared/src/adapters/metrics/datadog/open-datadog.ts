import type { MetricsPolicy } from '../../../config/metrics-policy.ts'
import type { DatadogPolicy } from '../../../config/metrics-providers.ts'
import { secret } from '../headers.ts'
import type { Hide } from '../hide-secrets.ts'
import type { Ask } from '../slices/asks.ts'
import { placeSeries } from '../slices/place.ts'
import type { SliceAnswer, SliceSource } from '../slices/source.ts'
import { openTimeseriesApi } from './timeseries-api.ts'

export type DatadogSettings = {
  policy: DatadogPolicy
  labels: MetricsPolicy['labels']
  asks: readonly Ask[]
  env: Record<string, string | undefined>
  allowPrivate: (host: string, port: string) => boolean
  now: () => number
  hide?: Hide
}

/** Queries in one request; each counts once against the limit of an organization, however many it holds. */
const atOnce = 20

/** What Datadog makes of the value of a tag: small letters, and _ for what a tag may not hold. */
export const tagValue = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}_\-:./]/gu, '_')

/** Counts from Datadog, grouped by the tags that tell version and instance. */
export const openDatadog = ({
  policy,
  labels,
  asks,
  env,
  allowPrivate,
  now,
  hide,
}: DatadogSettings): SliceSource => {
  const { interval, delay, secrets } = policy
  const [versionTag, instanceTag] = [
    policy.labels.version ?? labels.version,
    policy.labels.instance ?? labels.instance,
  ]
  const ask = openTimeseriesApi({
    base: (policy.url ?? `https://api.${policy.site}`).replace(/\/+$/, ''),
    keys: {
      api: secret('metrics.datadog.secrets.api', secrets.api, env),
      application: secret('metrics.datadog.secrets.application', secrets.application, env),
    },
    timeoutSeconds: policy.timeout,
    allowPrivate,
    now,
    ...(hide ? { hide } : {}),
  })
  const queries = [...new Set(asks.map(({ query }) => query))]
  const tag = (tags: readonly string[], name: string): string =>
    tags.find((one) => one.startsWith(`${name}:`))?.slice(name.length + 1) ?? ''
  return {
    interval,
    delay,
    read: async (from, to, signal) => {
      const found = new Map<
        string,
        { version: string; instance: string; edge: string; points: { at: number; value: number }[] }[]
      >()
      for (let at = 0; at < queries.length; at += atOnce) {
        const some = queries.slice(at, at + atOnce)
        for (const { query, tags, points } of await ask(some, { from, to, interval }, signal)) {
          const text = some[query] ?? ''
          const one = { version: tag(tags, versionTag), instance: tag(tags, instanceTag), edge: '', points }
          found.set(text, [...(found.get(text) ?? []), one])
        }
      }
      const all: SliceAnswer = { series: [], notes: coarser([...found.values()].flat(), interval) }
      for (const one of asks) {
        const placed = placeSeries(one, found.get(one.query) ?? [], {
          interval,
          stamp: 'start',
          points: 'counts',
          normal: tagValue,
          versionLabel: `tag ${versionTag}`,
        })
        for (const series of placed.series) all.series.push(series)
        all.notes.push(...placed.notes)
      }
      return all
    },
  }
}

/** Datadog takes a longer interval than it was asked for where points are too many; counts then spill over slices. */
const coarser = (all: readonly { points: readonly { at: number }[] }[], interval: number): string[] => {
  const off = all.some(({ points }) =>
    points.some(({ at }) => Math.abs(at / interval - Math.round(at / interval)) > 0.001),
  )
  return off
    ? [
        `Datadog counts in other slices than ${interval} s; set metrics.datadog.interval to the one that it keeps`,
      ]
    : []
}
