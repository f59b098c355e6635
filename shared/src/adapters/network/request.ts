import { type LookupAddress, lookup as resolveName } from 'node:dns'
import { type ClientRequest, type IncomingMessage, request as plain } from 'node:http'
import { request as secure } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { ConfigurationError } from '../../config/configuration-error.ts'
import { classify } from './address.ts'
import { hostOf, isMetadataName, type Proxy, proxyFor } from './proxy.ts'
import type { Resolve } from './shared-lookup.ts'
import { openTunnel, refusal, sender, toProxy } from './tunnel.ts'
import { UnreachedError } from './unreached-error.ts'

export type Request = {
  url: string
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'
  headers?: Record<string, string>
  body?: string
  timeoutSeconds: number
  /** Bytes of the answer that are read at most. */
  limit: number
  /** A longer answer is no failure: what comes after `limit` is not read. */
  cut?: boolean
  /** Whether an address on a private network is allowed for this host. */
  allowPrivate: (host: string, port: string) => boolean
  /** The key of the configuration that allows private addresses, for the error; metrics.allow when absent. */
  allowKey?: string
  /** How names are resolved, where many requests share the answer; each is judged all the same. */
  resolve?: Resolve
  signal?: AbortSignal
  /** Where a proxy is looked for; the environment of the process when absent. */
  env?: Record<string, string | undefined>
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
 * Where the environment names a proxy, what is public goes through it and what is on a private network stays direct. A
 * name is judged in the same way before; one that cannot be resolved here, so that only the proxy knows where it leads,
 * must be allowed as a private one must.
 *
 * @throws ConfigurationError for a scheme, address or proxy that is not allowed; UnreachedError where the way to the host
 * failed, behind a proxy always; Error with one sentence for anything else
 */
export const request = async (options: Request): Promise<Answer> => {
  const url = new URL(options.url)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new ConfigurationError(`${show(url)}: only http and https are allowed`)
  const host = hostOf(url)
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  const key = options.allowKey ?? 'metrics.allow'
  const allowed = options.allowPrivate(host, port)
  const judge: Judge = (address) => refuse(url, address, allowed, key)
  const find = options.resolve ?? resolveName
  const literal = judge(host)
  if (literal) throw literal
  const late = AbortSignal.timeout(options.timeoutSeconds * 1000)
  const signal = options.signal ? AbortSignal.any([late, options.signal]) : late
  const proxy = proxyFor(url, options.env ?? process.env)
  let through: Proxy | null = null
  try {
    const route = proxy && (await routeOf(url, { judge, signal, allowed, key, find }))
    through = route === 'proxy' ? proxy : null
    if (through) refuseHost(url, options.headers, through)
    const lookup = Array.isArray(route) ? pinned(route) : guarded(judge, find)
    return await exchange(url, options, { signal, lookup, proxy: through })
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason
    const where = `${show(url)}${through ? ` through the proxy ${through.shown}` : ''}`
    const { code = '' } = error as { code?: string }
    const lost = (text: string) =>
      through !== null || lostWays.includes(code) ? new UnreachedError(text) : new Error(text)
    if (late.aborted) throw lost(`${where} did not answer within ${options.timeoutSeconds} s`)
    if (error instanceof ConfigurationError) throw error
    throw lost(`${where}: ${explain(error as Error & { code?: string })}`)
  }
}

/**
 * A proxy in the clear goes by the address alone (RFC 9112, 3.2.2): a header that names another host never arrives, and
 * whoever chooses a version by it would ask the same one twice.
 *
 * @throws ConfigurationError for such a header
 */
const refuseHost = (url: URL, headers: Request['headers'], { shown }: Proxy): void => {
  const host = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'host')?.[1]
  if (url.protocol !== 'http:' || host === undefined || host.toLowerCase() === url.host) return
  throw new ConfigurationError(
    `${show(url)}: a header host that names another host does not pass the proxy ${shown}; use https, write the host into the address, or list ${url.hostname} in NO_PROXY`,
  )
}

type Judge = (address: string) => ConfigurationError | null
type Way = { signal: AbortSignal; lookup: LookupFunction; proxy: Proxy | null }

const exchange = async (url: URL, options: Request, { signal, lookup, proxy }: Way): Promise<Answer> => {
  const { method = 'GET', body } = options
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const common = { method, signal, agent: false, headers: { ...options.headers, ...length } } as const
  const send = (): ClientRequest => {
    if (!proxy) return (url.protocol === 'https:' ? secure : plain)(url, { ...common, lookup })
    const { host, port, headers } = toProxy(proxy)
    const own = { ...common.headers, ...headers, host: url.host }
    return sender(proxy)({ ...common, host, port, path: url.href, headers: own })
  }
  const tunnel = proxy && url.protocol === 'https:' ? await openTunnel(url, proxy, signal) : null
  return new Promise<Answer>((resolve, reject) => {
    // An agent, even none, would make a connection of its own.
    const { agent: _, ...bare } = common
    const sent = tunnel ? secure(url, { ...bare, createConnection: () => tunnel }) : send()
    const fail = (error: unknown) => {
      sent.destroy()
      reject(error)
    }
    sent.on('response', (answer) => {
      if (proxy && !tunnel && answer.statusCode === 407) fail(new Error(refusal(407, proxy)))
      else read(answer, options).then(resolve, fail)
    })
    sent.on('error', fail).end(body)
  })
}

type Route = { judge: Judge; signal: AbortSignal; allowed: boolean; key: string; find: Resolve }

/** Whether a host is reached through the proxy, or directly at the addresses that were judged. */
const routeOf = async (
  url: URL,
  { judge, signal, allowed, key, find }: Route,
): Promise<'proxy' | LookupAddress[]> => {
  const host = hostOf(url)
  if (isIP(host) !== 0) return classify(host) === 'public' ? 'proxy' : [{ address: host, family: isIP(host) }]
  const found = await resolveAll(host, signal, find)
  if (found.length === 0) {
    if (allowed && !isMetadataName(host)) return 'proxy'
    throw new ConfigurationError(
      isMetadataName(host)
        ? `${show(url)} is a metadata address; that is never allowed`
        : `${show(url)} cannot be resolved here, so only the proxy knows where it leads; list ${url.host} in ${key} if that is meant`,
    )
  }
  const refused = found.map(({ address }) => judge(address)).find((fault) => fault !== null)
  if (refused) throw refused
  return found.every(({ address }) => classify(address) === 'public') ? 'proxy' : found
}

/** The addresses of a name; none where it cannot be resolved, or not in time. */
const resolveAll = (name: string, signal: AbortSignal, find: Resolve): Promise<LookupAddress[]> =>
  new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error)
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop, { once: true })
    find(name, { all: true }, (error, addresses) => {
      signal.removeEventListener('abort', stop)
      resolve(error ? [] : addresses)
    })
  })

/** Hands on addresses that were judged already. */
const pinned =
  (addresses: LookupAddress[]): LookupFunction =>
  (_, options, done) => {
    const [first] = addresses
    if (options.all) done(null, addresses)
    else if (first) done(null, first.address, first.family)
  }

/** Resolves a name, judges every address and hands on only what is allowed. */
const guarded =
  (refusalOf: Judge, find: Resolve): LookupFunction =>
  (name, options, done) => {
    find(name, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '')
      const refused = addresses.map(({ address }) => refusalOf(address)).find((fault) => fault !== null)
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

const read = async (answer: IncomingMessage, { limit, cut = false }: Request): Promise<Answer> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit && cut) {
      // Leaving the loop ends the connection.
      chunks.push(chunk.subarray(0, chunk.length - (size - limit)))
      break
    }
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

/** Faults of names and of the own network, not of the host. */
const lostWays = ['ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'ENETDOWN']

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
