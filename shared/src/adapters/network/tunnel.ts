import { request as plain } from 'node:http'
import { request as secure } from 'node:https'
import { isIP, type Socket } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { hostOf, type Proxy } from './proxy.ts'

/** Where a proxy is reached and what it is told about itself. Its user and password go nowhere else. */
export const toProxy = ({ url, authorization }: Proxy) => ({
  host: hostOf(url),
  port: url.port || (url.protocol === 'https:' ? '443' : '80'),
  headers: authorization === null ? {} : { 'proxy-authorization': authorization },
})

/** Speaks to a proxy in the clear or by TLS, as its address says. */
export const sender = ({ url }: Proxy) => (url.protocol === 'https:' ? secure : plain)

/**
 * A TLS connection to a host through a proxy (CONNECT). The certificate is that of the host, checked here, so the proxy
 * sees its name and nothing of the exchange.
 */
export const openTunnel = (url: URL, proxy: Proxy, signal: AbortSignal): Promise<TLSSocket> =>
  new Promise((resolve, reject) => {
    const { host, port, headers } = toProxy(proxy)
    const target = `${url.hostname}:${url.port || '443'}`
    const options = { host, port, method: 'CONNECT', path: target, agent: false, signal }
    const exchange = sender(proxy)({ ...options, headers: { ...headers, host: target } })
    exchange.once('connect', ({ statusCode = 0 }, socket: Socket) => {
      if (statusCode !== 200) {
        socket.destroy()
        reject(new Error(refusal(statusCode, proxy)))
        return
      }
      const name = hostOf(url)
      const encrypted = connect({ socket, ...(isIP(name) === 0 ? { servername: name } : { host: name }) })
      encrypted.once('secureConnect', () => resolve(encrypted)).once('error', reject)
      signal.addEventListener('abort', () => encrypted.destroy(signal.reason as Error), { once: true })
    })
    // Some answer CONNECT as if it were any request.
    exchange.once('response', (answer) => {
      answer.destroy()
      reject(new Error(refusal(answer.statusCode ?? 0, proxy)))
    })
    exchange.once('error', reject).end()
  })

/** What a proxy that does not let a request through means. */
export const refusal = (status: number, { shown }: Proxy): string =>
  status === 407
    ? `the proxy ${shown} wants a user and a password (status 407); write them into its address in the environment`
    : `the proxy ${shown} does not let it through (status ${status})`
