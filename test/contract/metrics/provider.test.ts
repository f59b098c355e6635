import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openHealth } from '@relman/core/adapters/metrics/health'
import { openMetrics } from '@relman/core/adapters/metrics/open'
import { classify } from '@relman/core/adapters/network/address'
import { metricsPolicy } from '@relman/core/config/metrics-policy'
import { look, openJudge } from '@relman/core/verdict/judge'
import { json, openServer, type TestServer } from '../traffic/server.ts'
import { open } from './prometheus.ts'

let server: TestServer
beforeEach(async () => {
  server = await openServer((_, response) =>
    json(response, { status: 'success', data: { resultType: 'vector', result: [] } }),
  )
})
afterEach(() => server.close())

const empty = { status: 'success', data: { resultType: 'vector', result: [] } }

describe('V5, 72: a provider that does not answer as it should is down, in one sentence', () => {
  test.each<[string, TestServer['answer'], RegExp]>([
    ['401', (_, response) => json(response, {}, 401), /refused access \(status 401\): check the secret/],
    [
      'HTML with status 200',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>login'),
      /answered with a web page \(status 200\)/,
    ],
    [
      '502 with HTML',
      (_, response) => response.writeHead(502).end('<html>bad gateway'),
      /a web page \(status 502\)/,
    ],
    [
      '200 with an error body',
      (_, response) => json(response, { status: 'error', error: 'query timed\nout' }),
      /reports an error \(status 200\): query timed out/,
    ],
    [
      'a bad query',
      (_, response) => json(response, { status: 'error', error: 'parse error' }, 400),
      /parse error/,
    ],
    [
      'a scalar',
      (_, response) => json(response, { status: 'success', data: { resultType: 'scalar', result: [] } }),
      /answered with a scalar/,
    ],
    ...['scalar', 'string'].map((resultType): [string, TestServer['answer'], RegExp] => [
      `a ${resultType} as Prometheus writes it`,
      (_, response) => json(response, { status: 'success', data: { resultType, result: [1110, '1'] } }),
      new RegExp(`answered with a ${resultType}, not with series`),
    ]),
    [
      'a part of the answer (Thanos)',
      (_, response) => json(response, { ...empty, warnings: ['No StoreAPIs matched: 10.0.0.7 unavailable'] }),
      /gave only a part of the answer: No StoreAPIs matched: 10\.0\.0\.7 unavailable/,
    ],
    [
      'a part of the answer (VictoriaMetrics)',
      (_, response) => json(response, { ...empty, isPartial: true }),
      /gave only a part of the answer$/,
    ],
    [
      'a redirect',
      (_, response) => response.writeHead(307, { location: 'http://169.254.169.254/' }).end(),
      /redirects are not followed/,
    ],
    ['silence', () => undefined, /did not answer within 1 s/],
    [
      'drip by drip',
      (_, response) => void setInterval(() => response.write(' '), 50).unref(),
      /did not answer within 1 s/,
    ],
    ['a cut connection', (_, response) => response.destroy(), /connection was cut/],
    ['69: truncated JSON', (_, response) => response.end('{"status":"succ'), /answered with something/],
  ])('%s', async (_, answer, message) => {
    server.answer = answer
    const look = await open(server.url).observe(1100, 1110, 10)
    expect(look.observations).toEqual([])
    expect(look.down).toMatch(message)
    expect(look.down).not.toContain('\n')
  })

  test("Prometheus' own remarks about a query are no lack, and what VictoriaMetrics denies is none", async () => {
    const warnings = ['PromQL warning: encountered a mix of histograms and floats for aggregation']
    server.answer = (_, response) => json(response, { ...empty, warnings, isPartial: false })
    expect((await open(server.url).observe(1100, 1110, 10)).down).toBe(null)
  })

  test('69: a body without end is cut off', async () => {
    server.answer = (_, response) => {
      const more = () => {
        while (response.write('x'.repeat(1_000_000)));
        response.once('drain', more)
      }
      more()
    }
    const look = await open(server.url, { timeout: 10 }).observe(1100, 1110, 10)
    expect(look.down).toMatch(/longer than 16000000 bytes/)
  }, 20_000)

  test('nothing listens there', async () => {
    const { url } = server
    await server.close()
    expect((await open(url).range(1100, 1110, 5, 0)).down).toMatch(/connection refused/)
  })

  test('an abort is not "down": it is thrown', async () => {
    server.answer = () => undefined
    await expect(open(server.url).observe(1100, 1110, 10, AbortSignal.timeout(100))).rejects.toThrow(
      /timeout/,
    )
  })

  test('the bearer token comes from the named variable and is not shown', async () => {
    server.answer = (_, response) => json(response, {}, 403)
    const look = await open(server.url, { secret: 'PROM' }, { PROM: 's3cret' }).observe(1100, 1110, 10)
    expect(server.seen[0]).toContain('Bearer s3cret')
    expect(look.down).not.toContain('s3cret')
  })

  test.each([
    ['a bearer token', { secret: 'PROM' }],
    ['a password', { prometheus: { basic: { user: 'ada', password: 'PROM' } } }],
    ['a header', { prometheus: { headers: { 'x-key': 'k {{env:PROM}}' } } }],
  ])('what a server repeats of %s is hidden, and its words are cleaned and cut', async (_, more) => {
    server.answer = (request, response) => {
      const said = `${request.headers.authorization} ${request.headers['x-key']} ghp_0123456789abcdefghijABCDEFGHIJ012345`
      json(response, { status: 'error', error: `${said}\u202e\u001b[31m evil ${'x'.repeat(400)}` }, 400)
    }
    const look = await open(server.url, more, { PROM: 's3cret-value' }).observe(1100, 1110, 10)
    expect(look.down).toContain('***')
    for (const form of [
      's3cret',
      Buffer.from('ada:s3cret-value').toString('base64'),
      'ghp_',
      '\u202e',
      '\u001b',
    ])
      expect(look.down).not.toContain(form)
    expect(look.down?.length).toBeLessThan(300)
  })
})

describe('70: addresses are judged after the name is resolved', () => {
  test.each([
    ['127.0.0.1', 'private'],
    ['10.1.2.3', 'private'],
    ['172.31.0.1', 'private'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'private'],
    ['0.0.0.0', 'private'],
    ['::1', 'private'],
    ['::', 'private'],
    ['fd12::1', 'private'],
    ['::ffff:10.0.0.1', 'private'],
    ['::ffff:a00:1', 'private'],
    ['64:ff9b::a00:1', 'private'],
    ['2002:7f00:1::', 'private'],
    ['fec0::1', 'private'],
    ['feff::1', 'private'],
    ['::ffff:0:10.0.0.1', 'private'],
    ['2001:0:4136:e378:8000:63bf:f5ff:fffe', 'private'],
    ['2001:0:4136:e378:8000:63bf:a2ce:47dd', 'private'],
    ['2001:0:4136:e378:8000:63bf:5601:5601', 'forbidden'],
    ['::ffff:0:169.254.169.254', 'forbidden'],
    ['169.254.169.254', 'forbidden'],
    ['fe80::1', 'forbidden'],
    ['::ffff:169.254.169.254', 'forbidden'],
    ['64:ff9b::169.254.169.254', 'forbidden'],
    ['fd00:ec2::254', 'forbidden'],
    ['100.100.100.200', 'forbidden'],
    ['224.0.0.1', 'forbidden'],
    ['255.255.255.255', 'forbidden'],
    ['93.184.216.34', 'public'],
    ['2606:2800:220:1::1', 'public'],
    ['2001:4860:4860::8888', 'public'],
    ['::ffff:0:93.184.216.34', 'public'],
    ['example.org', 'none'],
  ])('%s is %s', (address, kind) => {
    expect(classify(address)).toBe(kind)
  })

  test.each([
    '127.0.0.1',
    'localhost',
    '2130706433',
    '0x7f000001',
    '017700000001',
    '127.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
  ])('%s is not asked unless metrics.allow lists it', async (host) => {
    const url = `http://${host}:${server.port}`
    const policy = metricsPolicy.parse({
      prometheus: { url, timeout: 1 },
      checks: [{ kind: 'ratio', name: 'errors', total: 'a', events: 'b' }],
    })
    const look = await openMetrics({ policy, version: '1.2.0', previous: '1.1.0', env: {} }).observe(
      1100,
      1110,
      10,
    )
    expect(look.down).toMatch(/a private address; list .* in metrics\.allow/)
    expect(server.seen).toEqual([])
  })

  test('a name that resolves to loopback is asked when it is listed, with or without its port', async () => {
    for (const allow of [[`localhost:${server.port}`], ['localhost']]) {
      const look = await open(`http://localhost:${server.port}`, { allow }).observe(1100, 1110, 10)
      expect(look.down).toBeNull()
    }
    const other = await open(`http://localhost:${server.port}`, { allow: ['localhost:1'] }).observe(
      1100,
      1110,
      10,
    )
    expect(other.down).toContain('a private address')
  })

  test.each(['http://169.254.169.254/', 'http://[fe80::1]/', 'http://2852039166/'])(
    '%s is never asked, listed or not',
    async (url) => {
      const look = await open(url, { allow: [new URL(url).hostname, new URL(url).host] }).observe(
        1100,
        1110,
        10,
      )
      expect(look.down).toMatch(/never allowed/)
    },
  )

  test('a scheme other than http and https is refused', async () => {
    const look = await open('file:///etc/passwd', { allow: [] }).observe(1100, 1110, 10)
    expect(look.down).toMatch(/only http and https/)
  })
})

describe('V2: health endpoints', () => {
  const health = (paths: string[]) =>
    openMetrics({
      policy: metricsPolicy.parse({
        health: paths.map((path) => `${server.url}${path}`),
        allow: ['127.0.0.1'],
      }),
      version: '1.2.0',
      previous: '1.1.0',
      env: {},
    })

  test('2xx is up; another status or no answer is not', async () => {
    server.answer = (request, response) => {
      if (request.url === '/cut') response.destroy()
      else response.writeHead(request.url === '/up' ? 204 : 503).end()
    }
    const provider = health(['/up', '/sick', '/cut'])
    const once = await provider.observe(1100, 1110, 10)
    expect(once.observations[0]?.canary).toMatchObject([{ up: true }])
    expect(once.down).toMatch(
      /health: 127\.0\.0\.1:\d+\/sick is not well \(status 503\); the next look tells/,
    )
    const soon = await provider.observe(1100, 1110.5, 10)
    expect(soon.down).toMatch(/the next look tells/)
    const { observations, down } = await provider.observe(1100, 1120, 10)
    expect(down).toBeNull()
    expect(observations[0]).toMatchObject({ from: 1110.5, to: 1120 })
    expect(observations[0]).toMatchObject({
      metric: 'health',
      kind: 'health',
      canary: [{ up: true }, { up: false }, { up: false }],
      stable: [],
    })
  })

  test('a cut of a moment fails nothing, and an endpoint that was never well is starting within its warm-up', async () => {
    let status = 503
    server.answer = (_, response) => response.writeHead(status).end()
    const provider = health(['/new'])
    provider.anchor?.(1100)
    let judge = openJudge({
      ...{ alpha: 0.01, warmUpSeconds: 30 },
      criteria: [
        { metric: 'health', kind: 'health', direction: 'lower-is-better', margins: [], required: true },
      ],
    })
    const found: string[] = []
    for (const [to, next] of [
      [1110, 503],
      [1120, 503],
      [1125, 200],
      [1135, 503],
      [1140, 200],
      [1150, 503],
      [1160, 503],
    ] as const) {
      status = next
      const { observations, down } = await provider.observe(to - 10, to, 10)
      if (down !== null) found.push('down')
      else {
        const answer = look(judge, observations, {
          index: 0,
          last: true,
          elapsedSeconds: to - 1100,
          weight: 10,
        })
        judge = answer.state
        found.push(answer.verdict.reason)
      }
    }
    expect(found).toEqual(['down', 'warming-up', 'proven', 'down', 'proven', 'down', 'health-checks-failing'])
  })

  test.each([
    ['a proxy that is not there', 'http://93.184.216.34/health', { HTTP_PROXY: 'http://127.0.0.1:1' }],
    ['a name that leads nowhere', 'http://health.invalid/', {}],
  ])('V5: %s says nothing of the version, however often', async (_, url, env) => {
    const before = { ...process.env }
    Object.assign(process.env, env)
    try {
      const provider = openHealth({ urls: [url], timeoutSeconds: 5, allowPrivate: () => false })
      for (const to of [1110, 1120, 1130]) {
        const { observations, down } = await provider.observe(to - 10, to, 10)
        expect([observations, down === null]).toEqual([[], false])
      }
    } finally {
      process.env = before
    }
  })

  test('have no past', async () => {
    expect(await health(['/up']).range(1100, 1110, 5, 0)).toMatchObject({ observations: [], down: null })
  })
})

test('V5: without a provider nothing is ever seen, and nothing is down', async () => {
  const none = openMetrics({ policy: undefined, version: '1.2.0', previous: null, env: {} })
  expect(await none.observe(1100, 1110, 10)).toEqual({ observations: [], down: null })
})
