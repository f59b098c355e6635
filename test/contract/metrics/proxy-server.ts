/** An HTTP proxy on loopback: it forwards requests and opens tunnels, whatever host is meant, to one port. */

import { createServer, request } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'

export type ProxyServer = {
  /** With user and password, where it wants them. */
  url: string
  /** `CONNECT host:port` and `GET http://…`, as asked. */
  seen: string[]
  close(): Promise<void>
}

export const openProxyServer = async (to: number, account: string | null = null): Promise<ProxyServer> => {
  const seen: string[] = []
  const sockets = new Set<Socket>()
  const wanted = account === null ? undefined : `Basic ${Buffer.from(account).toString('base64')}`
  const server = createServer((asked, response) => {
    seen.push(`${asked.method} ${asked.url}`)
    if (asked.headers['proxy-authorization'] !== wanted) return void response.writeHead(407).end()
    const { 'proxy-authorization': _, ...headers } = asked.headers
    const { pathname, search } = new URL(asked.url ?? '')
    const options = { host: '127.0.0.1', port: to, method: asked.method, path: pathname + search, headers }
    const forwarded = request(options, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    asked.pipe(forwarded.on('error', () => response.destroy()))
  })
  server.on('connect', (asked, socket: Socket) => {
    seen.push(`CONNECT ${asked.url}`)
    if (asked.headers['proxy-authorization'] !== wanted)
      return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n')
    const upstream = connect(to, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      upstream.pipe(socket).pipe(upstream)
    })
    for (const one of [socket, upstream]) one.on('error', () => one.destroy())
    sockets.add(upstream)
  })
  server.on('connection', (socket) => sockets.add(socket))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${account === null ? '' : `${account}@`}127.0.0.1:${port}`,
    seen,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((done) => server.close(done))
    },
  }
}
