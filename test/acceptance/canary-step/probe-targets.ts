/** Two small services on loopback, one for each version, as probes reach them. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Answer = (request: IncomingMessage, response: ServerResponse) => void

export type ProbeTarget = {
  url: string
  host: string
  /** What it does with each request; may be changed while it runs. */
  answer: Answer
  seen: { method: string; path: string; agent: string; header: string }[]
  /** The most requests that were open at the same moment. */
  most: number
  close(): Promise<void>
}

export const fine: Answer = (_, response) => response.writeHead(200).end('all is well')

export const openProbeTarget = async (answer: Answer = fine): Promise<ProbeTarget> => {
  let open = 0
  const server = createServer((request, response) => {
    open += 1
    target.most = Math.max(target.most, open)
    response.once('close', () => {
      open -= 1
    })
    target.seen.push({
      method: request.method ?? '',
      path: request.url ?? '',
      agent: request.headers['user-agent'] ?? '',
      header: String(request.headers['x-key'] ?? ''),
    })
    target.answer(request, response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const target: ProbeTarget = {
    url: `http://${host}`,
    host,
    answer,
    seen: [],
    most: 0,
    close: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
  return target
}
