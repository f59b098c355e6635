import { lookup as resolveName } from 'node:dns'
import { type IncomingMessage, request as plain } from 'node:http'
import { request as secure } from 'node:https'
import type { LookupFunction } from 'node:net'
import { ConfigurationError } from '../../config/configuration-error.ts'
import { classify } from './address.ts'

export type Request = {
  url: string
  method?: 'GET' | 'POST' | 'PUT'
  headers?: Record<string, string>
  body?: string
  timeoutSeconds: number
  /** Bytes of the answer that are read at most. */
  limit: number
  /** Whether an address on a private network is allowed for this host. */
  allowPrivate: (host: string, port: string) => boolean
  /** The key of the configuration that allows private addresses, for the error; metrics.allow when absent. */
  allowKey?: string
  signal?: AbortSignal
}

export type Answer = {
  status: number
  contentType: string
  text: string
  /** The answer as it came, for its digest. */
  bytes: Uint8Array
  /** Headers by name in small letters; of one that came twice, all values. */
  headers: Record<string, string>
}

/**
 * One HTTP exchange with a host that a configuration names. Addresses are judged after the name is resolved and the
 * connection goes to the very address that was judged, so a name cannot change its mind in between. Redirects are not
 * followed. The time limit covers everything from the name to the last byte.
 *
 * @throws ConfigurationError for a scheme or address that is not allowed; Error with one sentence for anything else
 */
export const request = (options: Request): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const url = new URL(options.url)
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const port = url.port || (url.protocol === 'https:' ? '443' : '80')
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      return reject(new ConfigurationError(`${show(url)}: only http and https are allowed`))
    }
    const refusal = (address: string) =>
      refuse(url, address, options.allowPrivate(host, port), options.allowKey ?? 'metrics.allow')
    const literal = refusal(host)
    if (literal) return reject(literal)
    const late = AbortSignal.timeout(options.timeoutSeconds * 1000)
    const signal = options.signal ? AbortSignal.any([late, options.signal]) : late
    const send = url.protocol === 'https:' ? secure : plain
    const headers = {
      ...options.headers,
      ...(options.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(options.body)) }),
    }
    const exchange = send(
      url,
      { method: options.method ?? 'GET', headers, signal, agent: false, lookup: guarded(refusal) },
      (answer) => read(answer, options.limit).then(resolve, fail),
    )
    const fail = (error: unknown) => {
      exchange.destroy()
      if (options.signal?.aborted) reject(options.signal.reason)
      else if (late.aborted)
        reject(new Error(`${show(url)} did not answer within ${options.timeoutSeconds} s`))
      else if (error instanceof ConfigurationError) reject(error)
      else reject(new Error(`${show(url)}: ${explain(error as Error & { code?: string })}`))
    }
    exchange.on('error', fail).end(options.body)
  })

/** Resolves a name, judges every address and hands on only what is allowed. */
const guarded =
  (refusal: (address: string) => ConfigurationError | null): LookupFunction =>
  (name, options, done) => {
    resolveName(name, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '')
      const refused = addresses.map(({ address }) => refusal(address)).find((fault) => fault !== null)
      const first = addresses[0]
      if (refused) return done(refused, '')
      if (!first) return done(new Error(`${name} has no address`), '')
      if (options.all) done(null, addresses)
      else done(null, first.address, first.family)
    })
  }

const refuse = (url: URL, address: string, allowPrivate: boolean, key: string): ConfigurationError | null => {
  const kind = classify(address)
  if (kind === 'forbidden') {
    return new ConfigurationError(
      `${show(url)} leads to ${address}, a link-local or metadata address; that is never allowed`,
    )
  }
  if (kind !== 'private' || allowPrivate) return null
  return new ConfigurationError(
    `${show(url)} leads to ${address}, a private address; list ${url.host} in ${key} if that is meant`,
  )
}

const read = async (answer: IncomingMessage, limit: number): Promise<Answer> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) throw new Error(`the answer is longer than ${limit} bytes`)
    chunks.push(chunk)
  }
  const bytes = Buffer.concat(chunks)
  return {
    status: answer.statusCode ?? 0,
    contentType: answer.headers['content-type'] ?? '',
    text: bytes.toString('utf8'),
    bytes,
    headers: Object.fromEntries(
      Object.entries(answer.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
    ),
  }
}

/** Without credentials and query: it goes into logs and pages. */
export const show = (url: URL): string =>
  `${url.protocol}//${url.host}${url.pathname === '/' ? '' : url.pathname}`

const explain = (error: Error & { code?: string }): string => {
  switch (error.code) {
    case 'ECONNREFUSED':
      return 'nothing listens there (connection refused)'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the name cannot be resolved'
    case 'ECONNRESET':
      return 'the connection was cut'
    default:
      return error.message
  }
}
