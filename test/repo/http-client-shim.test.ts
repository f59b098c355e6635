import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getIDToken } from '@actions/core'
import { HttpClient } from '@actions/http-client'
import { BearerCredentialHandler } from '@actions/http-client/lib/auth'
import { afterEach, beforeEach, expect, test } from '@jest/globals'

type Reply = { status: number; body: string }

let replies: Reply[] = []
let seen: Array<{ url: string | undefined; authorization: string | undefined; agent: string | undefined }> =
  []
const server = createServer((request, response) => {
  const { authorization, 'user-agent': agent } = request.headers
  seen.push({ url: request.url, authorization, agent })
  const reply = replies.shift() ?? { status: 500, body: 'no reply left' }
  response.writeHead(reply.status, { 'content-type': 'application/json' }).end(reply.body)
})
const environment = { ...process.env }
let base = ''

beforeEach(async () => {
  seen = []
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token?api-version=2.0`
  process.env['ACTIONS_ID_TOKEN_REQUEST_URL'] = base
  process.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] = 'request-token'
})

afterEach(async () => {
  process.env = { ...environment }
  server.closeAllConnections()
  await new Promise((closed) => server.close(closed))
})

test('core.getIDToken works through the stand-in, with audience and bearer token', async () => {
  replies = [{ status: 200, body: '{"value":"signed.id.token"}' }]
  await expect(getIDToken('sts.example')).resolves.toBe('signed.id.token')
  expect(seen).toEqual([
    {
      url: '/token?api-version=2.0&audience=sts.example',
      authorization: 'Bearer request-token',
      agent: 'actions/oidc-client',
    },
  ])
})

test('a busy token service is asked again', async () => {
  replies = [
    { status: 503, body: 'busy' },
    { status: 502, body: '' },
    { status: 200, body: '{"value":"third"}' },
  ]
  await expect(getIDToken()).resolves.toBe('third')
  expect(seen).toHaveLength(3)
})

test('a refusal carries status and message, and is not asked again', async () => {
  replies = [{ status: 403, body: '{"message":"id-token: write is missing"}' }]
  await expect(getIDToken()).rejects.toThrow(/403[\s\S]*id-token: write is missing/)
  expect(seen).toHaveLength(1)
})

test('retries end', async () => {
  replies = [1, 2, 3].map(() => ({ status: 503, body: 'busy' }))
  const client = new HttpClient('probe', [new BearerCredentialHandler('t')], {
    allowRetries: true,
    maxRetries: 2,
    retryMs: 1,
  })
  await expect(client.getJson(base)).rejects.toMatchObject({ statusCode: 503, message: 'busy' })
  expect(seen).toHaveLength(3)
})

test('404 is a null result, as in the original', async () => {
  replies = [{ status: 404, body: '{"message":"not here"}' }]
  await expect(new HttpClient('probe').getJson(base)).resolves.toMatchObject({
    statusCode: 404,
    result: null,
  })
})
