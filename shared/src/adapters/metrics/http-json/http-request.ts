import { ConfigurationError } from '../../../config/configuration-error.ts'
import type { HttpPolicy } from '../../../config/metrics-providers.ts'
import { fillPlaceholders } from '../../../text/placeholder.ts'
import type { Ask } from '../slices/asks.ts'

export type Rendered = { url: string; body?: string }
type Env = Record<string, string | undefined>

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

/** Headers with their secrets. @throws ConfigurationError for a variable that this job does not have, or of two lines */
export const renderHeaders = (headers: HttpPolicy['headers'], env: Env): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, text]) => [
      name.toLowerCase(),
      fillPlaceholders(
        text,
        (variable) => secret(`metrics.http.headers.${name}`, variable.replace(/^env:/, ''), env),
        (value) => value,
      ),
    ]),
  )

/** The value of a named environment variable that goes into a header. */
export const secret = (key: string, name: string, env: Env): string => {
  const value = env[name]?.trim()
  if (!value)
    throw new ConfigurationError(
      `${key}: the environment variable ${name} is not set in this job; pass the secret to this step`,
    )
  if (/[^\t\x20-\x7e]/.test(value))
    throw new ConfigurationError(
      `${key}: the environment variable ${name} holds a line break or another character that no header may have`,
    )
  return value
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
