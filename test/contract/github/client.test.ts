import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, jest, test } from '@jest/globals'
import { flaky } from '../../../rehearsal/github/faults.ts'
import { openWorld } from '../../rehearsal/github/world.ts'
import { countingClock, openAdapters } from './open-adapters.ts'

jest.setTimeout(60_000)

type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void
const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** A GitHub that answers every request as one function says. */
const oddGitHub = async (answer: Answer) => {
  let count = 0
  const server = createServer((request, response) => answer(request, response, ++count))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  closers.push(async () => {
    server.closeAllConnections()
    await new Promise<void>((done) => server.close(() => done()))
  })
  const hub = {
    owner: 'o',
    repo: 'r',
    apiUrl: url,
    graphqlUrl: `${url}/graphql`,
    serverUrl: url,
    mintToken: () => 'token',
  }
  const clock = countingClock()
  const open = (more: Parameters<typeof openAdapters>[2] = {}) =>
    openAdapters({ hub } as unknown as Parameters<typeof openAdapters>[0], {}, { clock, ...more })
  return { open, clock, requests: () => count }
}

const json = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) =>
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
    .end(JSON.stringify(body))

const branch = { default_branch: 'main' }

const stumbles: [string, Answer][] = [
  [
    '502 with a page of HTML',
    (_, response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>'),
  ],
  ['a connection cut off', (request) => request.socket.destroy()],
  [
    'JSON cut off',
    (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"default'),
  ],
  [
    'HTML with status 200',
    (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
  ],
]
test.each(stumbles)('faults 58, 69: %s is asked again, with a pause', async (_, stumble) => {
  const { open, clock, requests } = await oddGitHub((request, response, count) =>
    count < 3 ? stumble(request, response, count) : json(response, 200, branch),
  )
  expect(await open().github.defaultBranch()).toBe('main')
  expect(requests()).toBe(3)
  expect(clock.slept).toHaveLength(2)
})

const limits: [string, number, Record<string, string>, string, number][] = [
  ['429 with Retry-After', 429, { 'retry-after': '7' }, 'slow down', 7],
  ['a secondary limit without Retry-After', 403, {}, 'You have exceeded a secondary rate limit', 60],
]
test.each(limits)('faults 56: %s is obeyed', async (_, status, headers, message, seconds) => {
  const { open, clock } = await oddGitHub((_, response, count) =>
    count === 1 ? json(response, status, { message }, headers) : json(response, 200, branch),
  )
  expect(await open().github.defaultBranch()).toBe('main')
  expect(clock.slept[0]).toBeGreaterThanOrEqual(seconds * 1000)
  expect(clock.slept[0]).toBeLessThan((seconds + 1) * 1000)
})

test('faults 57: a limit that lasts longer than the job may wait stops at once, and says when', async () => {
  const reset = String(Math.floor(Date.now() / 1000) + 2400)
  const { open, requests } = await oddGitHub((_, response) =>
    json(
      response,
      403,
      { message: 'API rate limit exceeded' },
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset },
    ),
  )
  await expect(open().github.defaultBranch()).rejects.toMatchObject({
    reasonCode: 'rate-limited',
    message: expect.stringMatching(/asks to wait (239\d|240\d) s/),
  })
  expect(requests()).toBe(1)
})

test('complaint 2: a query of so many pull requests that GitHub gives up on is asked in halves, none left out', async () => {
  const sizes: number[] = []
  const { open, clock } = await oddGitHub(async (request, response) => {
    let text = ''
    for await (const chunk of request.setEncoding('utf8')) text += chunk
    const numbers = [...text.matchAll(/pullRequest\(number: (\d+)\)/g)].map((match) => Number(match[1]))
    sizes.push(numbers.length)
    if (numbers.length > 30) return void response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>')
    const pull = (number: number) => ({
      number,
      title: 't',
      author: null,
      mergedBy: null,
      labels: null,
      closingIssuesReferences: null,
    })
    json(response, 200, {
      data: { repository: Object.fromEntries(numbers.map((number) => [`p${number}`, pull(number)])) },
    })
  })
  const asked = Array.from({ length: 100 }, (_, index) => index + 1)
  const pulls = await open().github.pulls(asked)
  expect(pulls.map(({ number }) => number)).toEqual(asked)
  expect(sizes).toEqual([100, 100, 100, 50, 50, 50, 25, 25, 50, 50, 50, 25, 25])
  expect(clock.slept.reduce((sum, one) => sum + one, 0)).toBeLessThan(10_000)
})

test('an outage ends with the budget, not never', async () => {
  const { open, clock } = await oddGitHub((_, response) => json(response, 503, { message: 'down' }))
  await expect(open({ budgetSeconds: 30 }).github.defaultBranch()).rejects.toMatchObject({
    reasonCode: 'github-unavailable',
  })
  expect(clock.slept.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(30_000)
})

test('faults 60: errors of GraphQL with status 200 are errors; part of an answer is none', async () => {
  const { open } = await oddGitHub((_, response) =>
    json(response, 200, {
      data: { repository: { p1: null } },
      errors: [{ type: 'SERVICE_BROKEN', message: 'no' }],
    }),
  )
  await expect(open().github.pulls([1])).rejects.toMatchObject({ reasonCode: 'github-refused' })
})

test('faults 60: "Something went wrong" is asked again', async () => {
  const { open, requests } = await oddGitHub((_, response, count) =>
    count === 1
      ? json(response, 200, { errors: [{ message: 'Something went wrong while executing your query.' }] })
      : json(response, 200, { data: { repository: {} } }),
  )
  expect(await open().github.pulls([1])).toEqual([])
  expect(requests()).toBe(2)
})

test('faults 69: an answer without end is not read to its end', async () => {
  const chunk = Buffer.alloc(8 * 1024 * 1024, 32)
  const { open } = await oddGitHub((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    const more = () => {
      while (!response.destroyed && response.write(chunk)) {}
      if (!response.destroyed) response.once('drain', more)
    }
    more()
  })
  await expect(open({ budgetSeconds: 1 }).github.defaultBranch()).rejects.toMatchObject({
    reasonCode: 'github-refused',
    message: expect.stringContaining('larger than'),
  })
}, 30_000)

test('faults 58: a request that is never answered ends, and is asked again', async () => {
  const { open, requests } = await oddGitHub((_, response, count) => {
    if (count > 1) json(response, 200, branch)
  })
  expect(await open({ requestSeconds: 0.2 }).github.defaultBranch()).toBe('main')
  expect(requests()).toBe(2)
})

test('a signal ends what is under way, with its own reason', async () => {
  const abort = new AbortController()
  const { open } = await oddGitHub(() => abort.abort(new Error('stopped by SIGINT')))
  await expect(open({ signal: abort.signal }).github.defaultBranch()).rejects.toThrow('stopped by SIGINT')
})

test('faults 65: a token that is not accepted is said so', async () => {
  const { open } = await oddGitHub((_, response) => json(response, 401, { message: 'Bad credentials' }))
  await expect(open().github.defaultBranch()).rejects.toThrow('does not accept the token')
})

test.each([1, 2])(
  'faults 59: on a flaky GitHub (seed %i) every thing that is made is made once',
  async (seed) => {
    const world = await openWorld({ faults: flaky(seed) })
    closers.push(() => world.close())
    const all = { contents: 'write', deployments: 'write', issues: 'write', actions: 'write' } as const
    const { github } = openAdapters(world, all, { clock: countingClock(Date.now()) })
    const sha = world.git('rev-parse', 'main')
    const request = { sha, environment: 'production', marker: 'm', payload: { token: 1 }, description: 'd' }
    const id = await github.deployments.ensure(request)
    for (const word of ['one', 'two', 'three']) await github.deployments.report(id, 'in_progress', word)
    const release = {
      tag: 'v2.0.0',
      sha,
      name: '2',
      body: 'b',
      draft: false,
      prerelease: false,
      latest: true,
    }
    await github.releases.publish(release)
    await github.releases.publish({ ...release, body: 'c' })
    const ticket = (text: string) => ({
      marker: 'm',
      title: 't',
      labels: ['release'],
      state: 'open' as const,
      write: () => `<!-- m -->\n${text}`,
    })
    await github.issues.ensure(ticket('b'))
    await github.issues.ensure(ticket('c'))
    expect(world.hub.missingFaults()).toEqual([])
    expect(world.hub.deployments()).toHaveLength(1)
    expect((await github.deployments.statuses(id)).map(({ description }) => description)).toEqual([
      'three',
      'two',
      'one',
    ])
    expect(world.hub.releases().map(({ body }) => body)).toEqual(['c'])
    const issues = (await world.hub.issues.all()).filter(({ title }) => title === 't')
    expect(issues).toHaveLength(1)
    expect(world.hub.violations).toEqual([])
  },
)
