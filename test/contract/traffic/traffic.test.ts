import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { runProcess } from '@relman/core/adapters/process/run-process'
import { openTraffic, type TrafficSettings } from '@relman/core/adapters/traffic/open'
import { trafficPolicy } from '@relman/core/config/traffic-policy'
import { json, openServer, type TestServer } from './server.ts'

let folder: string
let server: TestServer
let weight = 0
const said: string[] = []
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'relman-traffic-'))
  weight = 0
  said.length = 0
  server = await openServer((request, response, body) => {
    if (request.method === 'PUT') weight = (JSON.parse(body) as { weight: number }).weight
    json(response, { weight })
  })
})
afterEach(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

const node = (script: string) => [process.execPath, '-e', script]
const keep = `require('fs').writeFileSync('weight', process.env.RELMAN_WEIGHT)`
const show = `console.log(require('fs').existsSync('weight') ? require('fs').readFileSync('weight', 'utf8') : 0)`
const open = (policy: unknown, more: Partial<TrafficSettings> = {}) =>
  openTraffic({
    policy: trafficPolicy.parse(policy),
    version: '1.2.0',
    previous: '1.1.0',
    cwd: folder,
    env: {},
    run: runProcess,
    dryRun: false,
    say: (line) => said.push(line),
    ...more,
  })
const http = (more = {}) => ({ driver: 'http', url: `${server.url}/weight`, timeout: 1, ...more })
const command = (more = {}) => ({ driver: 'command', set: node(keep), get: node(show), timeout: 5, ...more })

describe.each([
  ['http', http],
  ['command', command],
] as const)('C2: every driver: %s', (_, policy) => {
  test('reads back what was set, whole and broken weights, again and again', async () => {
    const router = open(policy())
    expect(await router.read()).toBe(0)
    for (const wanted of [1, 12.5, 100, 100, 0]) {
      await router.set(wanted)
      expect(await router.read()).toBe(wanted)
    }
  })

  test('an abort ends it at once with the reason of the abort', async () => {
    server.answer = () => undefined
    const slow = open(policy(_ === 'command' ? { set: node('setTimeout(() => {}, 60000)') } : {}))
    const began = Date.now()
    await expect(slow.set(5, AbortSignal.timeout(200))).rejects.toThrow(/aborted due to timeout/)
    expect(Date.now() - began).toBeLessThan(1500)
  })

  test('C7, 85: a dry run reaches nothing and says what it would do', async () => {
    const router = open(policy(), { dryRun: true })
    await router.set(25)
    expect(await router.read()).toBe(25)
    expect([server.seen, existsSync(join(folder, 'weight'))]).toEqual([[], false])
    expect(said).toEqual(['dry run: would set the weight of the new version to 25 %'])
  })
})

describe('C2: http', () => {
  test.each<[string, TestServer['answer'], RegExp]>([
    ['a status 500', (_, response) => json(response, {}, 500), /status 500/],
    [
      'a redirect is not followed',
      (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      /status 302; redirects are not followed/,
    ],
    ['HTML', (_, response) => response.end('<html>'), /something else than/],
    ['a weight of 120', (_, response) => json(response, { weight: 120 }), /something else than/],
    ['a weight as text', (_, response) => json(response, { weight: '12' }), /something else than/],
    ['no answer', () => undefined, /did not answer within 1 s/],
    [
      'half an answer',
      (_, response) => response.writeHead(200, { 'content-length': '99' }).write('{'),
      /did not answer within 1 s/,
    ],
    [
      '69: an endless answer',
      (_, response) => response.writeHead(200).end('x'.repeat(100_000)),
      /longer than 65536 bytes/,
    ],
  ])('%s is an error in one sentence', async (_, answer, message) => {
    server.answer = answer
    await expect(open(http()).read()).rejects.toThrow(message)
  })

  test('nothing listens there', async () => {
    await server.close()
    await expect(open(http()).set(1)).rejects.toThrow(/connection refused/)
  })

  test('a bearer token comes from the named variable; a missing one is a mistake', async () => {
    await open(http({ secret: 'TOKEN' }), { env: { TOKEN: 's3cret' } }).read()
    expect(server.seen[0]).toContain('Bearer s3cret')
    expect(() => open(http({ secret: 'TOKEN' }))).toThrow(/variable TOKEN is not set/)
  })

  test('70: link-local and metadata addresses are never asked', async () => {
    for (const url of [
      'http://169.254.169.254/weight',
      'http://[fe80::1]/weight',
      'http://[::ffff:169.254.169.254]/',
      'http://2852039166/',
    ]) {
      await expect(open(http({ url })).set(1)).rejects.toThrow(/never allowed/)
    }
  })
})

describe('C2: command', () => {
  test('learns weight and versions from its environment, and no input or token of ours', async () => {
    process.env['INPUT_GITHUB-TOKEN'] = 'ghs_secret'
    process.env['GITHUB_OUTPUT'] = '/nowhere'
    await open(command({ set: node(`require('fs').writeFileSync('env', JSON.stringify(process.env))`) })).set(
      5,
    )
    const env = JSON.parse(readFileSync(join(folder, 'env'), 'utf8')) as Record<string, string>
    expect([env['RELMAN_WEIGHT'], env['RELMAN_VERSION'], env['RELMAN_PREVIOUS']]).toEqual([
      '5',
      '1.2.0',
      '1.1.0',
    ])
    expect(JSON.stringify(env)).not.toContain('ghs_secret')
    expect(env['GITHUB_OUTPUT']).toBeUndefined()
  })

  test('2: a version that looks like shell is only text', async () => {
    const set = node(`require('fs').writeFileSync('weight', process.env.RELMAN_VERSION)`)
    await open(command({ set }), { version: '1.0";touch pwned;"$(touch pwned)' }).set(5)
    expect(readFileSync(join(folder, 'weight'), 'utf8')).toBe('1.0";touch pwned;"$(touch pwned)')
    expect(existsSync(join(folder, 'pwned'))).toBe(false)
  })

  test.each([
    ['fails', node('console.error("no cluster"); process.exit(7)'), /ended with status 7: no cluster/],
    ['does not exist', ['relman-no-such-program'], /cannot be run: is it installed/],
  ])('a program that %s', async (_, set, message) => {
    await expect(open(command({ set })).set(5)).rejects.toThrow(message)
  })

  test.each(['', 'ten', '1e1', '-1', '101', '5 %', '5\n6'])(
    'a weight printed as %j is not taken for one',
    async (text) => {
      const get = node(`process.stdout.write(${JSON.stringify(text)})`)
      await expect(open(command({ get })).read()).rejects.toThrow(/not a weight from 0 to 100/)
    },
  )

  test('75: a program that hangs is ended with all its children', async () => {
    const child = `setInterval(() => require('fs').writeFileSync('alive', String(Date.now())), 20)`
    const parent = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'ignore' }); process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`
    await expect(open(command({ set: node(parent), timeout: 0.8 })).set(5)).rejects.toThrow(
      /did not finish within 0.8 s/,
    )
    await new Promise((next) => setTimeout(next, 500))
    const last = readFileSync(join(folder, 'alive'), 'utf8')
    await new Promise((next) => setTimeout(next, 200))
    expect(readFileSync(join(folder, 'alive'), 'utf8')).toBe(last)
  })
})

test('C2: without a driver the mistake is named with its fix', () => {
  expect(() => open(http(), { policy: undefined })).toThrow(/traffic: no driver is configured/)
})
