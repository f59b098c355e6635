import type { IncomingMessage, Server } from 'node:http'
import { createServer } from './node-http.ts'

export interface JsonRequest {
  method: string
  path: string
  query: URLSearchParams
  body: string
}

/** What to answer; a string goes out as plain text, anything else as JSON. */
export interface JsonReply {
  status: number
  body: unknown
}

const bodyLimit = 1_048_576

/** A small HTTP server: `answer` gets each whole request; what it throws becomes status 500. */
export function jsonServer(answer: (request: JsonRequest) => Promise<JsonReply> | JsonReply): Server {
  return createServer((request, response) => {
    const send = ({ status, body }: JsonReply) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      const type = typeof body === 'string' ? 'text/plain; version=0.0.4; charset=utf-8' : 'application/json'
      response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) })
      response.end(text)
    }
    read(request)
      .then((body) => {
        if (body === null) return { status: 413, body: { error: `A body may have ${bodyLimit} bytes.` } }
        const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
        return answer({ method: request.method ?? 'GET', path: pathname, query: searchParams, body })
      })
      .catch((error: unknown) => ({ status: 500, body: { error: (error as Error).message } }))
      .then(send)
      .catch(() => response.destroy())
  })
}

async function read(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length <= bodyLimit) chunks.push(chunk)
  }
  return length <= bodyLimit ? Buffer.concat(chunks).toString('utf8') : null
}
