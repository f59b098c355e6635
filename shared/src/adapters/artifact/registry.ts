import { createHash } from 'node:crypto'
import { ConfigurationError } from '../../config/configuration-error.ts'
import type { Answer } from '../network/request.ts'
import { request } from '../network/request.ts'

export type Credentials = { user: string; password: string }
export type RegistryAccess = {
  /** host or host:port as the reference names it. */
  host: string
  repository: string
  plain: boolean
  timeoutSeconds: number
  allowPrivate: (host: string, port: string) => boolean
  credentials: Credentials | null
  /** Hosts beside the registry's own that may be given the credentials. */
  realms: readonly string[]
  signal?: AbortSignal
}

/** The bytes of a manifest or blob with the digest that they really have. */
export type Fetched = { digest: string; mediaType: string; text: string }

export type Registry = {
  /** null: the registry has no such thing. `reference` is a tag or a digest. */
  manifest(reference: string, accept: string): Promise<Fetched | null>
  blob(digest: string): Promise<Fetched | null>
  /** null: the registry does not know the referrers API. */
  referrers(digest: string): Promise<string | null>
}

const limit = 8_000_000
const mostRedirects = 3

/** Docker Hub's interface has another name than its images. */
const apiHost = (host: string): string =>
  host === 'docker.io' || host === 'index.docker.io' ? 'registry-1.docker.io' : host

/**
 * A registry of the OCI distribution specification 1.1 (Docker Registry HTTP API V2), for one repository. Whatever is
 * fetched is hashed; a digest that was asked for or told and is not that of the bytes is an error. Every function fails with
 * an Error in one sentence.
 */
export const openRegistry = (access: RegistryAccess): Registry => {
  const { repository, plain } = access
  const base = `${plain ? 'http' : 'https'}://${apiHost(access.host)}`
  let authorization: string | null = null

  const get = async (path: string, accept: string): Promise<Answer> => {
    const url = `${base}/v2/${repository}${path}`
    const first = await send(access, url, accept, authorization)
    if (first.status !== 401) return first
    authorization = await authorize(access, first.headers['www-authenticate'] ?? '')
    return authorization === null ? first : send(access, url, accept, authorization)
  }

  const fetched = async (path: string, accept: string, wanted: string | null): Promise<Fetched | null> => {
    const answer = await get(path, accept)
    if (answer.status === 404) return null
    if (answer.status !== 200) throw new Error(`${access.host} ${explain(answer)}`)
    const told = wanted ?? answer.headers['docker-content-digest'] ?? null
    const digest = digestOf(answer.bytes, told?.startsWith('sha512:') ? 'sha512' : 'sha256')
    if (told !== null && told !== digest)
      throw new Error(
        `${access.host} gave bytes with the digest ${digest}, where ${told.slice(0, 140)} was ${wanted ? 'asked for' : 'announced'}: do not trust it`,
      )
    return { digest, mediaType: answer.contentType, text: answer.text }
  }

  return {
    manifest: (reference, accept) =>
      fetched(`/manifests/${reference}`, accept, reference.includes(':') ? reference : null),
    blob: (digest) => fetched(`/blobs/${digest}`, '*/*', digest),
    referrers: async (digest) => {
      const answer = await get(`/referrers/${digest}`, 'application/vnd.oci.image.index.v1+json')
      if (answer.status === 404 || answer.status === 405) return null
      if (answer.status !== 200) throw new Error(`${access.host} ${explain(answer)}`)
      return answer.text
    },
  }
}

export const digestOf = (bytes: Uint8Array, algorithm: 'sha256' | 'sha512' = 'sha256'): string =>
  `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`

const ask = (access: RegistryAccess, url: string, headers: Record<string, string>): Promise<Answer> =>
  request({
    url,
    headers: { 'user-agent': 'relman', ...headers },
    timeoutSeconds: access.timeoutSeconds,
    limit,
    allowPrivate: access.allowPrivate,
    allowKey: 'artifacts.registry.allow',
    ...(access.signal ? { signal: access.signal } : {}),
  })

/** Blobs may lie elsewhere: there without our authorization, and over https. */
const send = async (
  access: RegistryAccess,
  url: string,
  accept: string,
  authorization: string | null,
): Promise<Answer> => {
  let at = url
  for (let hop = 0; ; hop += 1) {
    const own = new URL(at).origin === new URL(url).origin
    const answer = await ask(access, at, { accept, ...(own && authorization ? { authorization } : {}) })
    const to = answer.headers['location']
    if (![301, 302, 303, 307, 308].includes(answer.status) || !to) return answer
    if (hop >= mostRedirects) throw new Error(`${access.host} redirects more than ${mostRedirects} times`)
    const next = new URL(to, at)
    if (next.protocol !== 'https:' && next.origin !== new URL(url).origin)
      throw new Error(`${access.host} redirects to ${next.protocol}//${next.host}, which is not https`)
    at = next.href
  }
}

/** What the challenge asks for (RFC 7235, Docker token authentication); null where nothing helps. */
const authorize = async (access: RegistryAccess, challenge: string): Promise<string | null> => {
  const { credentials } = access
  const [, scheme = ''] = /^\s*(\w+)/.exec(challenge) ?? []
  const basic = credentials && !access.plain ? basicOf(credentials) : null
  if (/^basic$/i.test(scheme)) return basic
  if (!/^bearer$/i.test(scheme)) return null
  const { realm = '', service = '' } = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key.toLowerCase(), value]),
  )
  const url = realmOf(access, realm)
  url.searchParams.set('service', service)
  url.searchParams.set('scope', `repository:${access.repository}:pull`)
  const trusted = basic !== null && mayHave(access, url)
  const first = await ask(access, url.href, trusted ? { authorization: basic } : {})
  // A token without the right for packages is refused, where nobody at all might read a public image.
  const answer = trusted && [401, 403].includes(first.status) ? await ask(access, url.href, {}) : first
  if (answer.status !== 200)
    throw new Error(`${access.host} gives no token to read ${access.repository}: ${explain(answer)}`)
  const token = tokenIn(answer.text)
  if (token === null)
    throw new Error(`${access.host} sent clients to ${url.host} for a token, which gave none`)
  return `Bearer ${token}`
}

const realmOf = (access: RegistryAccess, realm: string): URL => {
  const url = URL.canParse(realm) ? new URL(realm) : null
  const own = access.plain && url?.protocol === 'http:' && url.host === access.host
  if (!url || (url.protocol !== 'https:' && !own))
    throw new Error(
      `${access.host} sends clients to ${url ? `${url.protocol}//${url.host}` : 'no address'} for a token, which is not https`,
    )
  return url
}

/** The password goes to the registry itself, to the domain that it belongs to, and to what the policy names. */
const mayHave = ({ host, realms }: RegistryAccess, { host: to, hostname }: URL): boolean => {
  const bare = host.replace(/:\d+$/, '')
  if (realms.includes(to) || realms.includes(hostname) || to === host || hostname === bare) return true
  if (/^(index\.)?docker\.io$/.test(host)) return hostname === 'auth.docker.io'
  return hostname.includes('.') && bare.endsWith(`.${hostname}`)
}

const basicOf = ({ user, password }: Credentials): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

const tokenIn = (text: string): string | null => {
  try {
    const { token, access_token } = JSON.parse(text) as { token?: unknown; access_token?: unknown }
    const found = token ?? access_token
    return typeof found === 'string' && /^[\x21-\x7e]{1,16384}$/.test(found) ? found : null
  } catch {
    return null
  }
}

/** The registry's own words are untrusted and left out; its codes are not needed to act. */
const explain = ({ status, headers }: Answer): string => {
  if (status === 401 || status === 403)
    return `refuses to be read (HTTP ${status}): give this step a user and password (artifacts.registry)`
  if (status === 429)
    return `limits how often it is asked (HTTP 429${headers['retry-after'] ? `, again in ${Number(headers['retry-after']) || '?'} s` : ''})`
  return `answered with HTTP ${status}`
}

/** Credentials of this job for a host. @throws ConfigurationError for one without the other */
export const credentialsOf = (
  names: { user: string; password: string },
  env: Record<string, string | undefined>,
): Credentials | null => {
  const [user, password] = [env[names.user]?.trim() ?? '', env[names.password]?.trim() ?? '']
  if (user === '' && password === '') return null
  if (password === '' || user.includes(':'))
    throw new ConfigurationError(
      `artifacts.registry: ${password === '' ? `${names.user} is set and ${names.password} is not; pass both to this step` : `${names.user} holds a colon, which no user has`}`,
    )
  return { user: user === '' ? 'relman' : user, password }
}
