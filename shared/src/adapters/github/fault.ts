import { ReplyTooLargeError } from './capped-fetch.ts'

/** What went wrong with one request: `limited` was not carried out, `transient` may have been, `refused` will not be. */
export type Fault =
  | { kind: 'limited'; seconds: number | null; message: string; status: number | null }
  | { kind: 'transient'; message: string; status: number | null }
  | { kind: 'refused'; message: string; status: number; types: readonly string[] }

type Headers = Record<string, string | number | undefined>

/** Reads an error of octokit's request. `now` is in milliseconds since 1970. */
export const readFault = (error: unknown, now: number): Fault => {
  const { status, headers } = reply(error)
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof Error && error.cause instanceof ReplyTooLargeError) {
    return { kind: 'refused', message: error.cause.message, status: 200, types: [] }
  }
  if (isDefect(error)) throw error
  if (status === null) return { kind: 'transient', message: cause(error) ?? message, status }
  if (status === 429 || (status === 403 && isLimit(message, headers))) {
    return { kind: 'limited', seconds: waitSeconds(headers, now), message, status }
  }
  if (status >= 500 || status === 408)
    return { kind: 'transient', message: `HTTP ${status}: ${short(message)}`, status }
  return { kind: 'refused', message: short(message), status, types: [] }
}

/** Reads the `errors` that GraphQL answers with status 200. */
export const readGraphqlErrors = (errors: readonly { type?: string; message?: string }[]): Fault => {
  const types = errors.map(({ type }) => type ?? '')
  const message = short(errors.map((error) => error.message ?? '').join('; '))
  if (types.includes('RATE_LIMITED')) return { kind: 'limited', seconds: null, message, status: 200 }
  const stumbled = /something went wrong|timeout|timed out/i.test(message)
  if (stumbled && !types.some((type) => type !== '')) return { kind: 'transient', message, status: 200 }
  return { kind: 'refused', message, status: 200, types }
}

/** A mistake of our own code, which no retry mends. A failing network is a TypeError too, by fetch's own words. */
const isDefect = (error: unknown): boolean => {
  const inner = error instanceof Error ? (error.cause ?? error) : error
  if (inner instanceof ReferenceError || inner instanceof RangeError || inner instanceof SyntaxError)
    return true
  return inner instanceof TypeError && !/fetch|terminated|network|socket|aborted|body/i.test(inner.message)
}

/** What octokit calls 500 without a response is a request that got no answer. */
const reply = (error: unknown): { status: number | null; headers: Headers } => {
  const response = (error as { response?: { status: number; headers?: Headers } } | null)?.response
  return { status: response?.status ?? null, headers: response?.headers ?? {} }
}

const isLimit = (message: string, headers: Headers): boolean =>
  headers['retry-after'] !== undefined ||
  String(headers['x-ratelimit-remaining'] ?? '') === '0' ||
  /rate limit|abuse detection/i.test(message)

const waitSeconds = (headers: Headers, now: number): number | null => {
  const told = Number(headers['retry-after'])
  if (headers['retry-after'] !== undefined && Number.isFinite(told) && told >= 0) return told
  const reset = Number(headers['x-ratelimit-reset'])
  const spent = String(headers['x-ratelimit-remaining'] ?? '') === '0'
  return spent && Number.isFinite(reset) && reset > 0 ? Math.max(1, reset - now / 1000) : null
}

const cause = (error: unknown): string | null => {
  const inner = error instanceof Error ? error.cause : null
  if (!(inner instanceof Error)) return null
  return inner.cause instanceof Error ? inner.cause.message : inner.message
}

const short = (message: string): string => {
  const line = message.replace(/\s+/g, ' ').trim()
  return line.length > 500 ? `${line.slice(0, 500)}…` : line
}
