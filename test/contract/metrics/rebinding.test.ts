import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { json, openServer, type TestServer } from '../traffic/server.ts'

type Found = { address: string; family: number }
type Done = (error: Error | null, found: Found[]) => void

/** What the name resolves to, one answer after the other. */
let answers: string[][] = []
const lookup = jest.fn((_: string, __: unknown, done: Done) =>
  done(
    null,
    (answers.length > 1 ? (answers.shift() ?? []) : (answers[0] ?? [])).map((address) => ({
      address,
      family: 4,
    })),
  ),
)
jest.unstable_mockModule('node:dns', () => ({ lookup }))
const { request } = await import('@relman/core/adapters/network/request')

let server: TestServer
beforeEach(async () => {
  lookup.mockClear()
  server = await openServer((_, response) => json(response, { fine: true }))
})
afterEach(() => server.close())

const ask = (allowed: boolean) =>
  request({
    url: `http://metrics.example:${server.port}/`,
    timeoutSeconds: 2,
    limit: 1000,
    allowPrivate: () => allowed,
  })

test('70: a name that changes its mind is resolved once, and the address that was judged is asked', async () => {
  answers = [['127.0.0.1'], ['169.254.169.254']]
  expect(await ask(true)).toMatchObject({ status: 200 })
  expect(lookup).toHaveBeenCalledTimes(1)
  expect(server.seen).toHaveLength(1)
})

test('70: one bad address among several is enough to refuse, before anything is asked', async () => {
  answers = [['93.184.216.34', '127.0.0.1']]
  await expect(ask(false)).rejects.toThrow(/leads to 127\.0\.0\.1, a private address/)
  answers = [['127.0.0.1', '169.254.169.254']]
  await expect(ask(true)).rejects.toThrow(/169\.254\.169\.254.*never allowed/)
  answers = [[]]
  await expect(ask(true)).rejects.toThrow(/has no address/)
  expect(server.seen).toEqual([])
})
