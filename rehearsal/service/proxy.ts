import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Arm } from './arm.ts'
import type { Reply } from './connection-pool.ts'
import type { Counters } from './counters.ts'
import { quickServer } from './loopback.ts'
import { createServer } from './node-http.ts'
import type { Route } from './route.ts'
import { canaryInstance, type ServiceState, stableInstances } from './service-state.ts'
import type { Row, Truth } from './truth.ts'

/** More of a body is refused: this service needs none. */
const bodyLimit = 65_536

/**
 * The data port: HTTP/1.1 for any client. Each request goes to the canary or the stable version by weight; its
 * answer is counted by version, kept as truth and written to the access log. Where the process behind is dead the
 * client gets 502, on the account of the version that should have answered. Of the request's headers only the type
 * of a body is passed on.
 */
export function openProxy(options: {
  state: ServiceState
  route: Route
  counters: Counters
  truth: Truth
  log: (row: Row) => void
  clock: () => number
}): Server {
  const { state, route, counters, truth, log, clock } = options
  let turn = 0

  const settle = (
    response: ServerResponse,
    arm: Arm,
    instance: string,
    start: number,
    reply: Reply | null,
  ) => {
    const latency = performance.now() - start
    const head = reply?.head ?? ''
    const status = reply?.status ?? 502
    const row = {
      at: clock(),
      version: arm.version,
      instance,
      status,
      latency,
      order: head.includes('\r\nx-order: 1\r\n'),
      dependencyFailed: head.includes('\r\nx-dependency: failed\r\n'),
      faulty: (reply === null && arm !== state.stable) || head.includes('\r\nx-fault: 1\r\n'),
    }
    counters.count(row)
    truth.add(row)
    log(row)
    const body = reply?.body ?? Buffer.from('{"error":"bad gateway"}\n')
    const type = /\r\ncontent-type: ([^\r]*)/i.exec(head)?.[1] ?? 'application/json'
    const headers = ['x-version', arm.version, 'content-type', type, 'content-length', String(body.length)]
    response.writeHead(status, headers)
    response.end(body)
  }

  const forward = (request: IncomingMessage, response: ServerResponse, body: Buffer | null) => {
    const start = performance.now()
    const canary = state.canary()
    const toCanary = canary !== null && route(state.weight())
    const arm = toCanary ? canary : state.stable
    if (toCanary) state.canaryServes()
    const instance = toCanary ? canaryInstance : (stableInstances[turn++ % stableInstances.length] as string)
    // Its port may be another's by now.
    if (arm.exitCode() !== undefined) return settle(response, arm, instance, start, null)
    arm.pool.send(message(request, body), (error, reply) => {
      settle(response, arm, instance, start, error === null ? (reply ?? null) : null)
    })
  }

  return createServer(quickServer, (request, response) => {
    const { headers } = request
    if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) {
      return forward(request, response, null)
    }
    const chunks: Buffer[] = []
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length <= bodyLimit) chunks.push(chunk)
    })
    request.on('end', () => {
      if (length <= bodyLimit) return forward(request, response, Buffer.concat(chunks))
      response.writeHead(413, { 'content-type': 'text/plain' })
      response.end(`A body may have ${bodyLimit} bytes.\n`)
    })
  })
}

function message({ method, url, headers }: IncomingMessage, body: Buffer | null): string | Buffer {
  // The version's answer to HEAD has no body, which the pool would wait for; the server of the data port drops it.
  const verb = method === 'HEAD' ? 'GET' : method
  const start = `${verb} ${url} HTTP/1.1\r\nhost: checkout\r\n`
  if (body === null) return `${start}\r\n`
  const type = headers['content-type'] === undefined ? '' : `content-type: ${headers['content-type']}\r\n`
  return Buffer.concat([Buffer.from(`${start}${type}content-length: ${body.length}\r\n\r\n`, 'latin1'), body])
}
