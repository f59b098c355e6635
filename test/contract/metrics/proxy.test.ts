import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { json, openServer, type TestServer } from '../traffic/server.ts'
import { openProxyServer, type ProxyServer } from './proxy-server.ts'

type Found = { address: string; family: number }
type Done = (error: Error | null, found: Found[]) => void

/** What names resolve to here; a name that is not listed resolves to nothing. */
let names: Record<string, string[]> = {}
const lookup = jest.fn((name: string, _: unknown, done: Done) => {
  const found = names[name]
  if (!found) return done(Object.assign(new Error('ENOTFOUND'), { code: 'ENOTFOUND' }), [])
  done(
    null,
    found.map((address) => ({ address, family: 4 })),
  )
})
jest.unstable_mockModule('node:dns', () => ({ lookup }))
const { request } = await import('@relman/core/adapters/network/request')
const { proxyFor } = await import('@relman/core/adapters/network/proxy')

let server: TestServer
let proxy: ProxyServer
beforeEach(async () => {
  lookup.mockClear()
  names = { 'metrics.example': ['93.184.216.34'], 'inside.example': ['127.0.0.1'] }
  server = await openServer((_, response) => json(response, { fine: true }))
  proxy = await openProxyServer(server.port, 'ada:p%40ss')
})
afterEach(async () => {
  await proxy.close()
  await server.close()
})

const ask = (url: string, allowed: boolean, env: Record<string, string> = {}) =>
  request({
    url,
    method: 'POST',
    body: 'a=1',
    headers: { authorization: 'Bearer t' },
    timeoutSeconds: 2,
    limit: 1000,
    allowPrivate: () => allowed,
    env: { HTTP_PROXY: proxy.url.replace('p%40ss', 'p%2540ss'), ...env },
  })

describe('V1: requests through the proxy of the environment', () => {
  test('what is public goes through it, with method, body and headers as they are', async () => {
    expect(await ask('http://metrics.example/api?x=1', false)).toMatchObject({
      status: 200,
      text: '{"fine":true}',
    })
    expect(proxy.seen).toEqual(['POST http://metrics.example/api?x=1'])
    expect(server.seen).toEqual(['POST /api?x=1 Bearer t a=1'])
  })

  test('a private host that is allowed is asked directly, at the address that was judged', async () => {
    expect(await ask(`http://inside.example:${server.port}/`, true)).toMatchObject({ status: 200 })
    expect([proxy.seen.length, server.seen.length, lookup.mock.calls.length]).toEqual([0, 1, 1])
  })

  test.each(['metrics.example', '.example', 'METRICS.EXAMPLE:80', '100.64.0.0/10, *.example', '*'])(
    'NO_PROXY %s keeps it direct',
    async (exempt) => {
      names['metrics.example'] = ['127.0.0.1']
      const { port } = new URL(server.url)
      const own = exempt.replace(':80', `:${port}`)
      await ask(`http://metrics.example:${port}/`, true, { NO_PROXY: own })
      expect(proxy.seen).toEqual([])
    },
  )

  test('a header host that a proxy in the clear would drop is refused: both versions would be the same one', async () => {
    const probe = (host: string) =>
      request({
        url: 'http://metrics.example/',
        headers: { Host: host },
        timeoutSeconds: 2,
        limit: 1000,
        allowPrivate: () => false,
        env: { HTTP_PROXY: proxy.url.replace('p%40ss', 'p%2540ss') },
      })
    await expect(probe('canary.example')).rejects.toThrow(/header host .* does not pass the proxy/)
    expect(proxy.seen).toEqual([])
    await expect(probe('Metrics.Example')).resolves.toMatchObject({ status: 200 })
  })

  test('70: a private address is refused before the proxy hears of it', async () => {
    await expect(ask('http://inside.example/', false)).rejects.toThrow(/a private address; list/)
    await expect(ask('http://100.64.1.2/', false)).rejects.toThrow(/a private address; list/)
    names['metrics.example'] = ['93.184.216.34', '169.254.169.254']
    await expect(ask('http://metrics.example/', true)).rejects.toThrow(/that is never allowed/)
    await expect(ask('http://169.254.169.254/', true)).rejects.toThrow(/that is never allowed/)
    expect(proxy.seen).toEqual([])
  })

  test('70: a name that only the proxy can resolve must be allowed; names of metadata services never are', async () => {
    await expect(ask('http://elsewhere.example/', false)).rejects.toThrow(
      /cannot be resolved here, so only the proxy knows where it leads; list elsewhere\.example in metrics\.allow/,
    )
    for (const name of [
      'metadata.google.internal',
      'METADATA',
      'instance-data.ec2.internal.',
      'a.Metadata.Google.Internal',
    ])
      await expect(ask(`http://${name}/`, true)).rejects.toThrow(/that is never allowed/)
    expect(proxy.seen).toEqual([])
    expect(await ask('http://elsewhere.example/', true)).toMatchObject({ status: 200 })
    expect(proxy.seen).toEqual(['POST http://elsewhere.example/'])
  })

  test('a proxy that wants another password, refuses a tunnel, or is not there: one sentence without a secret', async () => {
    const said = (url: string, env: Record<string, string>) =>
      ask(url, false, env).then(
        () => 'answered',
        (error: Error) => error.message,
      )
    const { port } = new URL(proxy.url)
    const wrong = `http://ada:geheim@127.0.0.1:${port}`
    const text = `the proxy 127.0.0.1:${port} wants a user and a password (status 407)`
    for (const url of ['http://metrics.example/', 'https://metrics.example/']) {
      const message = await said(url, { HTTP_PROXY: wrong, HTTPS_PROXY: wrong })
      expect(message).toContain(`${url.slice(0, -1)} through the proxy 127.0.0.1:${port}: ${text}`)
      expect(message).not.toContain('geheim')
    }
    expect(await said('https://metrics.example/', { HTTPS_PROXY: 'http://127.0.0.1:1' })).toMatch(
      /through the proxy 127\.0\.0\.1:1: nothing listens there/,
    )
    for (const bad of ['socks5://ada:geheim@127.0.0.1:1', 'http://'])
      expect(await said('https://metrics.example/', { HTTPS_PROXY: bad })).toMatch(
        /^the environment variable HTTPS_PROXY holds no address of a proxy/,
      )
  })
})

test.each<[string, string, Record<string, string>, string | null]>([
  ['none', 'https://a.example', {}, null],
  ['small letters first', 'https://a.example', { https_proxy: 'one:1', HTTPS_PROXY: 'two:2' }, 'one:1'],
  ['of the other scheme', 'http://a.example', { HTTPS_PROXY: 'http://two:2' }, null],
  ['loopback', 'http://localhost:9090', { HTTP_PROXY: 'http://two:2' }, null],
  ['a network', 'http://100.64.1.2', { HTTP_PROXY: 'http://two:2', no_proxy: '100.64.0.0/10' }, null],
  [
    'another network',
    'http://100.128.1.2',
    { HTTP_PROXY: 'http://two:2', no_proxy: '100.64.0.0/10' },
    'two:2',
  ],
  [
    'an address within a name',
    'http://notexample',
    { HTTP_PROXY: 'http://two:2', NO_PROXY: 'example' },
    'two:2',
  ],
  ['another port', 'http://a.example', { HTTP_PROXY: 'http://two:2', NO_PROXY: 'a.example:81' }, 'two:2'],
  ['IPv6', 'http://[2001:db8::1]', { HTTP_PROXY: 'http://two:2', NO_PROXY: '2001:db8::1' }, null],
  [
    'nonsense in the list',
    'http://a.example',
    { HTTP_PROXY: 'http://two:2', NO_PROXY: '/, :, [, 1.2.3.4/99' },
    'two:2',
  ],
])('V1: the proxy of an address: %s', (_, url, env, shown) => {
  expect(proxyFor(new URL(url), env)?.shown ?? null).toBe(shown)
})
