import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { sha256 } from '@relman/core/adapters/hash/sha256'
import { canonicalJson } from '@relman/core/record/canonical-json'
import type { EventDraft } from '@relman/core/record/event'
import { fold } from '@relman/core/record/fold'
import { openWorld, type World } from '../../rehearsal/github/world.ts'
import { countingClock, openAdapters } from '../github/open-adapters.ts'

jest.setTimeout(60_000)

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(async () => {
  await world.close()
  expect(world.hub.violations).toEqual([])
})

const run = { id: 1, attempt: 1, workflow: 'release', job: 'plan' }
const digest = sha256('{"plan":1}')

const draft = (
  kind: EventDraft['kind'],
  key: string,
  data: EventDraft['data'] = {},
  token: number | null = null,
) => ({
  kind,
  key,
  actor: 'ada',
  run,
  digest,
  token,
  data,
})

const open = (more: Parameters<typeof openAdapters>[2] = {}) =>
  openAdapters(world, { contents: 'write' }, more).store
const requests = () => world.lines.length

test('L1: the branch is made on first use, with a history of its own', async () => {
  const store = open({ branch: 'first-use' })
  expect(await store.events('shop', '1.0.0')).toEqual([])
  expect(await store.service('shop')).toMatchObject({ service: 'shop', fence: 0, lease: null })
  expect(await store.plan(digest)).toBeNull()
  const { events } = await store.append('shop', '1.0.0', [draft('planned', 'p1')])
  expect(events).toHaveLength(1)
  expect(world.git('rev-list', '--max-parents=0', 'first-use').split('\n')).toHaveLength(1)
  expect(world.git('merge-base', '--all', 'first-use', 'first-use')).not.toBe(world.git('rev-parse', 'main'))
  expect(world.git('ls-tree', '-r', '--name-only', 'first-use')).toBe(
    'README.md\nreleases/shop/1.0.0/0001-planned.json',
  )
})

test('L1: two jobs that make the branch together both write', async () => {
  const stores = [open({ branch: 'together' }), open({ branch: 'together' })]
  await Promise.all(
    stores.map((store, index) => store.append(`shop${index}`, '1.0.0', [draft('planned', 'p1')])),
  )
  expect(world.git('rev-list', '--max-parents=0', 'together').split('\n')).toHaveLength(1)
  expect(await open({ branch: 'together' }).events('shop1', '1.0.0')).toHaveLength(1)
  expect(await open({ branch: 'together' }).events('shop0', '1.0.0')).toHaveLength(1)
})

test('a plan is kept by its digest, and releases are listed', async () => {
  const store = open()
  const plan = { digest, text: '{"plan":1}' }
  await store.append('plans', '1.0.0', [draft('planned', 'p1')], { plan })
  await store.append('plans', '1.1.0', [draft('planned', 'p1')], { plan })
  expect(await store.plan(digest)).toBe('{"plan":1}')
  expect((await store.releases('plans')).sort()).toEqual(['1.0.0', '1.1.0'])
  const wrong = store.append('plans', '1.2.0', [], { plan: { digest, text: '{}' } })
  await expect(wrong).rejects.toThrow('the plan does not match its digest')
})

test('faults 54: an append takes three requests, however long the record is', async () => {
  const store = open()
  await store.append('long', '1.0.0', [draft('planned', 'p0')])
  for (let count = 0; count < 3; count += 1) {
    const before = requests()
    await store.append('long', '1.0.0', [draft('reviewed', `r${count}`)])
    expect(requests() - before).toBe(3)
  }
})

test('faults 48: what was appended already is not appended again, and nothing is written', async () => {
  const store = open()
  const drafts = [draft('planned', 'p1'), draft('approved', 'a1')]
  await store.append('twice', '1.0.0', drafts)
  const head = world.git('rev-parse', 'relman-record')
  const { events } = await store.append('twice', '1.0.0', drafts)
  expect(events).toHaveLength(2)
  expect(world.git('rev-parse', 'relman-record')).toBe(head)
})

test('faults 45: ten writers of one release at once all get in, each once, in one unbroken chain', async () => {
  await open().append('race', '1.0.0', [draft('planned', 'p1')])
  const writers = Array.from({ length: 10 }, (_, index) =>
    open().append('race', '1.0.0', [draft('reviewed', `r${index}`)]),
  )
  const results = await Promise.allSettled(writers)
  const written = results.filter(({ status }) => status === 'fulfilled').length
  const events = await open().events('race', '1.0.0')
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
  expect(events).toHaveLength(written + 1)
  expect(written).toBeGreaterThanOrEqual(8)
  for (const result of results) {
    if (result.status === 'rejected') expect(String(result.reason)).toContain('branch relman-record moved')
  }
})

test('faults 49: of two that ask for the lease one gets it, and a token that is too old writes nothing', async () => {
  const store = open()
  await store.append('lease', '1.0.0', [draft('planned', 'p1'), draft('approved', 'a1')])
  const take = (id: number) => ({ release: '1.0.0', digest, run: { ...run, id }, seconds: 60 })
  const asked = await Promise.allSettled(
    [1, 2].map((id) => open().append('lease', '1.0.0', [], { change: { take: take(id) } })),
  )
  expect(asked.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  const lost = asked.find((result) => result.status === 'rejected')
  expect((lost as PromiseRejectedResult).reason).toMatchObject({ reasonCode: 'lease-held' })
  await store.append('lease', '1.0.0', [draft('started', 's1', {}, 1)], { change: { deployment: 7 } })
  expect(await store.service('lease')).toMatchObject({ fence: 1, lease: { token: 1, deployment: 7 } })
  await store.append('lease', '1.0.0', [], { change: { release: { token: 1 } } })
  await store.append('lease', '1.0.0', [], { change: { take: take(3) } })
  const late = store.append('lease', '1.0.0', [draft('deployed', 'd1', {}, 1)])
  await expect(late).rejects.toMatchObject({ reasonCode: 'stale-token' })
  expect(fold(await store.events('lease', '1.0.0')).state).toBe('executing')
})

test('L1: an illegal move is refused with both states, and nothing is written', async () => {
  const store = open()
  await store.append('legal', '1.0.0', [draft('planned', 'p1')])
  const head = world.git('rev-parse', 'relman-record')
  const move = store.append('legal', '1.0.0', [draft('deployed', 'd1')])
  await expect(move).rejects.toThrow('release 1.0.0 is planning and cannot become deployed')
  expect(world.git('rev-parse', 'relman-record')).toBe(head)
})

const put = async (path: string, text: string): Promise<void> => {
  const input = {
    branch: { repositoryNameWithOwner: 'octo/shop', branchName: 'relman-record' },
    expectedHeadOid: world.git('rev-parse', 'relman-record'),
    message: { headline: 'by hand' },
    fileChanges: { additions: [{ path, contents: Buffer.from(text).toString('base64') }] },
  }
  const mutation =
    'mutation ($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }'
  await world.user('ada').graphql(mutation, { input })
}

const rewrite = (path: string, change: (text: string) => string): Promise<void> =>
  put(path, change(world.git('show', `relman-record:${path}`)))

test.each([
  ['an actor', (text: string) => text.replace('"ada"', '"eve"')],
  ['a kind', (text: string) => text.replace('"planned"', '"approved"')],
  ['bytes cut off', (text: string) => text.slice(0, 40)],
  ['nothing left', () => ''],
])('faults 46: an event changed by hand (%s) stops reading and writing', async (what, change) => {
  const store = open()
  const service = `edited-${what.replace(/\W/g, '-')}`
  await store.append(service, '1.0.0', [draft('planned', 'p1'), draft('approved', 'a1')])
  await rewrite(`releases/${service}/1.0.0/0001-planned.json`, change)
  const broken = { reasonCode: 'broken-chain', message: expect.stringContaining('cannot be trusted') }
  await expect(store.events(service, '1.0.0')).rejects.toMatchObject(broken)
  await expect(store.append(service, '1.0.0', [draft('reviewed', 'r1')])).rejects.toMatchObject(broken)
})

test('faults 46: a service file changed by hand stops everything, a plan changed by hand is not read', async () => {
  const store = open()
  const text = canonicalJson({ plan: 'edited' })
  const plan = { digest: sha256(text), text }
  const change = { live: { version: '1.0.0', sha: 'a', digest } }
  await store.append('edited', '1.0.0', [draft('planned', 'p1')], { change, plan })
  await rewrite('services/edited.json', (file) => file.replace('"1.0.0"', '"0.9.0"'))
  await expect(store.service('edited')).rejects.toMatchObject({ reasonCode: 'broken-chain' })
  await expect(store.append('edited', '1.0.0', [draft('reviewed', 'r')])).rejects.toThrow(
    'services/edited.json',
  )
  await rewrite(`plans/${plan.digest}.json`, (file) => file.replace('edited', 'evil'))
  await expect(store.plan(plan.digest)).rejects.toMatchObject({ reasonCode: 'broken-chain' })
})

test('faults 55: an event of a later version is read, and nothing is written after it', async () => {
  const store = open()
  await store.append('newer', '1.0.0', [draft('planned', 'p1')])
  const [first] = await store.events('newer', '1.0.0')
  const event = {
    ...first,
    seq: 2,
    key: 't',
    schema: 99,
    kind: 'teleported',
    prev: first?.hash,
    extra: { deep: [1] },
  }
  const hash = sha256(canonicalJson({ ...event, hash: undefined }))
  await put('releases/newer/1.0.0/0002-teleported.json', `${canonicalJson({ ...event, hash })}\n`)
  const events = await store.events('newer', '1.0.0')
  expect(events).toHaveLength(2)
  expect(fold(events)).toMatchObject({ state: 'planning', lastKind: 'teleported' })
  await expect(store.append('newer', '1.0.0', [draft('reviewed', 'r')])).rejects.toMatchObject({
    reasonCode: 'record-too-new',
  })
})

test('a missing permission is named in the words of a workflow', async () => {
  const { store } = openAdapters(world, { contents: 'read' })
  await expect(store.append('denied', '1.0.0', [draft('planned', 'p1')])).rejects.toMatchObject({
    reasonCode: 'permission-missing',
    message: expect.stringContaining('`contents: write`'),
  })
})

test('a dry run reads and cannot write', async () => {
  const store = open({ dryRun: true })
  expect(await store.events('nobody', '1.0.0')).toEqual([])
  const before = requests()
  await expect(store.append('nobody', '1.0.0', [draft('planned', 'p1')])).rejects.toThrow('a dry run tried')
  expect(requests()).toBe(before)
})

test.each(['../x', 'a/b', '', '.git', 'a b', 'a:b'])('the name %j cannot lead elsewhere', async (name) => {
  await expect(open().events('shop', name)).rejects.toThrow('cannot be a name')
})

test('the clock of the record is the one given', async () => {
  const store = open({ clock: countingClock(Date.UTC(2026, 0, 2, 3, 4, 5)) })
  const { events } = await store.append('clock', '1.0.0', [draft('planned', 'p1')])
  expect(events[0]?.at).toBe('2026-01-02T03:04:05.000Z')
})
