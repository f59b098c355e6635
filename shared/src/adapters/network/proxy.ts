import { BlockList, isIP } from 'node:net'
import { ConfigurationError } from '../../config/configuration-error.ts'

type Env = Record<string, string | undefined>

/** A proxy of the environment. `authorization` holds its user and password and is never shown. */
export type Proxy = { url: URL; shown: string; authorization: string | null }

/**
 * The proxy for an address, by HTTPS_PROXY or HTTP_PROXY and NO_PROXY, in small letters first, as curl and GitHub's own
 * toolkit read them. Loopback never goes through one.
 *
 * @throws ConfigurationError for a value that is no address of a proxy
 */
export const proxyFor = (url: URL, env: Env): Proxy | null => {
  const name = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  const value = (env[name.toLowerCase()] || env[name])?.trim()
  if (!value || isLoopback(hostOf(url)) || isExempt(url, env['no_proxy'] || env['NO_PROXY'] || ''))
    return null
  const proxy = parse(value)
  if (!proxy || !['http:', 'https:'].includes(proxy.protocol))
    throw new ConfigurationError(
      `the environment variable ${name} holds no address of a proxy; write it as http://host:port, or take it away`,
    )
  const account = `${decoded(proxy.username)}:${decoded(proxy.password)}`
  return {
    url: proxy,
    shown: proxy.host,
    authorization: account === ':' ? null : `Basic ${Buffer.from(account).toString('base64')}`,
  }
}

/** Who did not escape a percent sign meant one. */
const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const parse = (value: string): URL | null => {
  try {
    return new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`)
  } catch {
    return null
  }
}

/** The host of an address as an address or a name: IPv6 without its brackets. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '')

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

/** Entries are `*`, a host with everything below it (a dot before it is optional), an address or a network; a port may follow. */
const isExempt = (url: URL, list: string): boolean => {
  const host = hostOf(url).toLowerCase().replace(/\.$/, '')
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true
      if (entry.includes('/')) return isWithin(host, entry)
      const [, name = '', own] = /^(.*?)(?::(\d+))?$/.exec(isIP(entry) === 6 ? `[${entry}]` : entry) ?? []
      if (own !== undefined && own !== port) return false
      const bare = name.replace(/^\*?\.|^\[|\]$/g, '')
      return bare !== '' && (host === bare || (isIP(host) === 0 && host.endsWith(`.${bare}`)))
    })
}

const isWithin = (host: string, network: string): boolean => {
  const [base = '', bits = ''] = network.split('/')
  const [family, own] = [isIP(base), isIP(host)]
  if (family === 0 || family !== own || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128))
    return false
  const list = new BlockList()
  const type = family === 6 ? 'ipv6' : 'ipv4'
  list.addSubnet(base, Number(bits), type)
  return list.check(host, type)
}

/**
 * Names under which clouds answer with the credentials of a machine, and what is below them. A proxy within a cloud would
 * resolve them.
 */
export const isMetadataName = (host: string): boolean =>
  /^(metadata|instance-data|(.*\.)?(metadata\.google\.internal|metadata\.goog|instance-data\.ec2\.internal))\.?$/i.test(
    host,
  )
