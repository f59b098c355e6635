import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from '@jest/globals'
import { type FaultKind, flaky } from '../../../rehearsal/github/faults.ts'
import { openWorld, type World } from './world.ts'

const permissions = { contents: 'write', issues: 'write' } as const

async function within(
  faults: Record<number, FaultKind> | undefined,
  seed: number,
  work: (world: World, token: string) => Promise<void>,
) {
  const rule = (method: string, _path: string, count: number) =>
    method === 'GET' ? undefined : faults?.[count]
  const world = await openWorld({ faults: faults ? { rule } : flaky(seed) })
  try {
    await work(world, world.hub.mintToken({ actor: 'ada', kind: 'job', permissions }))
  } finally {
    await world.close()
  }
}

const issues = '/repos/octo/shop/issues'
const titles = async ({ hub }: World) =>
  (await hub.issues.all()).filter(({ pull }) => !pull).map(({ title }) => title)

test.each<[FaultKind, number, string | null, number]>([
  ['server-error', 503, null, 0],
  ['rate-limit', 429, '1', 0],
  ['secondary-limit', 403, '1', 0],
  ['lost-reply', 502, null, 1],
])('%s: the client sees %d, the effect took place or not', async (kind, status, retryAfter, effects) => {
  await within({ 1: kind }, 0, async (world, token) => {
    const reply = await world.raw('POST', issues, token, { title: 'Release' })
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([status, retryAfter])
    expect(await titles(world)).toHaveLength(effects)
    if (kind === 'lost-reply') expect(reply.text).toContain('<h1>502 Bad Gateway</h1>')
    if (kind === 'secondary-limit') expect(reply.text).toContain('secondary rate limit')
    expect(world.lines.at(-1)).toContain(`fault=${kind}`)
    expect(world.hub.injected).toEqual([{ route: 'POST /issues', kind, count: 1 }])
    expect((await world.raw('POST', issues, token, { title: 'Second' })).status).toBe(201)
  })
})

test('a reply is only lost after a success: a refusal keeps the fault for the next', async () => {
  await within({ 1: 'lost-reply' }, 0, async (world, token) => {
    expect((await world.raw('POST', issues, token, { title: ' ' })).status).toBe(422)
    expect(world.hub.injected).toEqual([])
    expect((await world.raw('POST', issues, token, { title: 'x' })).status).toBe(502)
    expect(world.hub.injected).toHaveLength(1)
  })
})

test('people and reads are left alone', async () => {
  await within({ 1: 'server-error' }, 0, async (world, token) => {
    const person = world.hub.mintToken({ actor: 'ada', kind: 'user', permissions: {} })
    expect((await world.raw('POST', issues, person, { title: 'x' })).status).toBe(201)
    expect((await world.raw('GET', issues, token)).status).toBe(200)
  })
})

test('a lost commit on the record lies on the branch', async () => {
  await within({ 1: 'lost-reply' }, 0, async (world, token) => {
    const before = world.git('rev-parse', 'relman-record')
    const query =
      'mutation ($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }'
    const branch = { repositoryNameWithOwner: 'octo/shop', branchName: 'relman-record' }
    const variables = { input: { branch, expectedHeadOid: before, message: { headline: 'event' } } }
    expect((await world.raw('POST', '/graphql', token, { query, variables })).status).toBe(502)
    expect(world.git('rev-parse', 'relman-record^')).toBe(before)
    expect(world.hub.injected[0]?.route).toBe('POST /graphql createCommitOnBranch')
    const second = await world.raw('POST', '/graphql', token, { query, variables })
    expect(JSON.parse(second.text).errors[0].type).toBe('STALE_DATA')
  })
})

test.each([1, 2, 3, 42])(
  'seed %d: one write, retried, meets a 5xx, a 429 and a lost reply; the same each time',
  async (seed) => {
    const sequences: number[][] = []
    for (let repeat = 0; repeat < 2; repeat++) {
      await within(undefined, seed, async (world, token) => {
        const statuses: number[] = []
        while (statuses.at(-1) !== 502)
          statuses.push((await world.raw('POST', issues, token, { title: 'x' })).status)
        sequences.push(statuses)
        expect(await titles(world)).toEqual(['x'])
        expect(world.hub.missingFaults()).toEqual([])
        await world.raw('POST', '/repos/octo/shop/dispatches', token, { event_type: 'x' })
        const [missing] = world.hub.missingFaults()
        expect([missing?.route, missing?.kinds.length]).toEqual(['POST /dispatches', 2])
      })
    }
    expect(sequences[0]).toEqual(sequences[1])
    expect(sequences[0]).toEqual(expect.arrayContaining([503, 429, 502]))
  },
)

test('seeds differ', () => {
  const first = (seed: number) => flaky(seed).rule('POST', '/issues', 1)
  expect(new Set(Array.from({ length: 20 }, (_, seed) => first(seed))).size).toBe(2)
})

test('a sender that is killed in the middle of a request is no defect of anyone', async () => {
  const world = await openWorld()
  try {
    const token = world.hub.mintToken({ actor: 'ada', kind: 'job', permissions })
    const socket = connect(Number(new URL(world.hub.apiUrl).port), '127.0.0.1')
    await once(socket, 'connect')
    socket.write(
      `POST ${issues} HTTP/1.1\r\nhost: x\r\nauthorization: token ${token}\r\ncontent-length: 99\r\n\r\n{"tit`,
    )
    await new Promise((resolve) => setTimeout(resolve, 50))
    socket.destroy()
    const end = Date.now() + 5000
    while (world.lines.length === 0 && Date.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 10))
    expect(world.lines).toEqual([expect.stringContaining('POST /repos/octo/shop/issues 400 ada')])
    expect(world.hub.violations).toEqual([])
    expect(await titles(world)).toEqual([])
  } finally {
    await world.close()
  }
})
