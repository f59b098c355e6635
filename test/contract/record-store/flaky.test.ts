import { afterEach, expect, jest, test } from '@jest/globals'
import { type FaultKind, flaky } from '../../../rehearsal/github/faults.ts'
import { openWorld, type World } from '../../rehearsal/github/world.ts'
import { countingClock, openAdapters } from '../github/open-adapters.ts'

jest.setTimeout(60_000)

let world: World
afterEach(async () => {
  await world.close()
  expect(world.hub.violations).toEqual([])
})

const run = { id: 1, attempt: 1, workflow: 'release', job: 'plan' }
const planned = {
  kind: 'planned',
  key: 'p1',
  actor: 'ada',
  run,
  digest: null,
  token: null,
  data: {},
} as const
const commits = () => Number(world.git('rev-list', '--count', 'relman-record'))
const append = '/graphql createCommitOnBranch'

test.each<FaultKind>(['lost-reply', 'server-error', 'rate-limit', 'secondary-limit'])(
  'faults 59: %s once on the append: exactly one event',
  async (kind) => {
    const faults = {
      rule: (_: string, path: string, count: number) => (path === append && count === 1 ? kind : undefined),
    }
    world = await openWorld({ faults })
    const clock = countingClock()
    const { store } = openAdapters(world, { contents: 'write' }, { clock })
    const before = commits()
    const { events } = await store.append('shop', '1.0.0', [planned])
    expect(world.hub.injected).toHaveLength(1)
    expect(events.map(({ seq, kind }) => [seq, kind])).toEqual([[1, 'planned']])
    expect(commits() - before).toBe(1)
    // Retry-After says one second.
    if (kind.endsWith('limit')) expect(clock.slept[0]).toBeGreaterThanOrEqual(1000)
  },
)

test('faults 59: a lease whose answer was lost is the same lease, not a second one', async () => {
  const faults = {
    rule: (_: string, path: string, count: number) =>
      path === append && count === 2 ? ('lost-reply' as const) : undefined,
  }
  world = await openWorld({ faults })
  const { store } = openAdapters(world, { contents: 'write' })
  await store.append('shop', '1.0.0', [planned])
  const take = { release: '1.0.0', digest: 'd', run, seconds: 60 }
  const { service } = await store.append('shop', '1.0.0', [], { change: { take } })
  expect(world.hub.injected).toHaveLength(1)
  expect(service).toMatchObject({ fence: 1, lease: { token: 1 } })
  expect(await store.service('shop')).toEqual(service)
})

test.each([1, 2, 3])(
  'faults 58-60: every write of the record on a flaky GitHub (seed %i), the branch made too',
  async (seed) => {
    world = await openWorld({ faults: flaky(seed) })
    const { store } = openAdapters(world, { contents: 'write' }, { branch: 'flaky' })
    await store.append('shop', '1.0.0', [planned])
    for (let count = 0; count < 5; count += 1) {
      await store.append('shop', '1.0.0', [{ ...planned, kind: 'reviewed', key: `r${count}` }])
    }
    expect(world.hub.missingFaults()).toEqual([])
    expect((await store.events('shop', '1.0.0')).map(({ key }) => key)).toEqual([
      'p1',
      'r0',
      'r1',
      'r2',
      'r3',
      'r4',
    ])
    expect(world.git('rev-list', '--count', 'flaky')).toBe('7')
  },
)

test('faults 45: a branch that never stands still is given up after eight attempts', async () => {
  world = await openWorld({ faults: { rule: (_, path) => (path === append ? 'server-error' : undefined) } })
  const { store } = openAdapters(world, { contents: 'write' })
  await expect(store.append('shop', '1.0.0', [planned])).rejects.toMatchObject({
    reasonCode: 'record-contended',
  })
  expect(world.hub.injected[0]?.count ?? 0).toBeGreaterThan(0)
  expect(world.hub.injected).toHaveLength(8)
})
