import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void
export type TestServer = { url: string; port: number; seen: string[]; answer: Answer; close(): Promise<void> }

/** A server on loopback whose answer a test chooses. */
export const openServer = async (first: Answer): Promise<TestServer> => {
  const seen: string[] = []
  const held: TestServer = { url: '', port: 0, seen, answer: first, close: async () => undefined }
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk
    })
    request.on('end', () => {
      seen.push(`${request.method} ${request.url} ${request.headers.authorization ?? '-'} ${body}`)
      held.answer(request, response, body)
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  held.port = (server.address() as AddressInfo).port
  held.url = `http://127.0.0.1:${held.port}`
  held.close = async () => {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
  return held
}

export const json = (response: ServerResponse, body: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
