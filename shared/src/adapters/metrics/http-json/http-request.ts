import type { HttpPolicy } from '../../../config/metrics-providers.ts'
import { fillPlaceholders } from '../../../text/placeholder.ts'
import type { Ask } from '../slices/asks.ts'

export type Rendered = { url: string; body?: string }

/**
 * The address and the body for one query about the slices in [from, to). Whatever is filled in is escaped for its place:
 * as a part of the address, inside a JSON string or as a field of a form, as the content-type in `headers` says.
 */
export const renderRequest = (
  { url, body, time, interval, headers }: HttpPolicy,
  ask: Pick<Ask, 'query' | 'versions'>,
  [from, to]: [number, number],
): Rendered => {
  const plain: Record<string, string> = {
    from: writeTime(from, time),
    to: writeTime(to, time),
    step: String(interval),
    version: ask.versions.version.replace(/^v(?=\d)/, ''),
    previous: (ask.versions.previous ?? 'none').replace(/^v(?=\d)/, ''),
  }
  const query = fillPlaceholders(
    ask.query,
    (name) => plain[name] ?? `{{${name}}}`,
    (text) => text,
  )
  const value = (name: string) => (name === 'query' ? query : (plain[name] ?? ''))
  return {
    url: fillPlaceholders(url, value, encodeURIComponent),
    ...(body === undefined ? {} : { body: fillPlaceholders(body, value, escapeFor(contentType(headers))) }),
  }
}

const writeTime = (seconds: number, unit: HttpPolicy['time']): string => {
  if (unit === 'iso') return new Date(seconds * 1000).toISOString()
  const zeros = { s: 0, ms: 3, us: 6, ns: 9 }[unit]
  // As text: nanoseconds since 1970 are beyond what numbers hold.
  return `${Math.round(seconds)}${'0'.repeat(zeros)}`
}

const contentType = (headers: HttpPolicy['headers']): string =>
  Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? 'application/json'

const escapeFor = (type: string): ((text: string) => string) => {
  if (/json/i.test(type)) return (text) => JSON.stringify(text).slice(1, -1)
  if (/x-www-form-urlencoded/i.test(type)) return encodeURIComponent
  return (text) => text
}
