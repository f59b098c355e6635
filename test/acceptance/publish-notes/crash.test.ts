import { afterEach, expect, test } from '@jest/globals'
import type { FaultKind } from '../../../rehearsal/github/faults.ts'
import { openRelease, type Release } from './released.ts'

let release: Release
afterEach(async () => {
  expect(release.hub.violations).toEqual([])
  await release.close()
})

/** What happens to the next request that writes: the job is lost before it, or after it took effect. */
let armed: 'before' | 'after' | null = null
const routes: string[] = []
const rule = (method: string, path: string): FaultKind | undefined => {
  if (armed === null || method === 'GET' || path === '/graphql query') return undefined
  const when = armed
  armed = null
  routes.push(`${when} ${method} ${path}`)
  release.kill()
  return when === 'before' ? 'server-error' : undefined
}

/** Runs again and again; each run is lost at its first write, before or after it, until one has nothing left to write. */
const survive = async (inputs: Record<string, string>) => {
  routes.length = 0
  for (let runs = 1; runs < 40; runs++) {
    armed = runs % 2 === 1 ? 'before' : 'after'
    const ended = await release.run('publish-notes', inputs)
    if (armed !== null) {
      armed = null
      return { ended, lost: runs - 1 }
    }
    expect(ended.status).not.toBe(0)
  }
  throw new Error(`it never came to an end:\n${routes.join('\n')}`)
}

const tickets = async () => (await release.hub.issues.all()).filter((issue) => !issue.pull)

test('47, C7, complaint 14: lost before and after every write, the notes are published once', async () => {
  release = await openRelease({ github: { faults: { rule } } })
  const { version, digest, token } = release
  const draft = {
    kind: 'deployed' as const,
    key: 'deployed',
    actor: 'ada',
    run: null,
    digest,
    token,
    data: {},
  }
  await release.store.append('shop', version, [draft], { change: { release: { token } } })
  const { ended, lost } = await survive({ operation: 'notes' })
  expect([ended.status, ended.outputs['state']]).toEqual([0, 'completed'])
  expect(lost).toBeGreaterThanOrEqual(6)
  expect(release.hub.releases()).toHaveLength(1)
  expect((await release.kinds()).slice(3)).toEqual(['deployed', 'published', 'completed'])
  expect((await tickets()).map(({ title, state }) => [title, state])).toEqual([
    ['Release shop 1.2.0', 'closed'],
  ])
}, 120_000)

test('47, L3: lost before and after every write, a rollout is settled once', async () => {
  release = await openRelease({ github: { faults: { rule } } })
  await release.report(
    'moved 0 10 1',
    'confirmed 0 10 2',
    'unhealthy 0 10 5 errors',
    'returning 0 10 5 errors',
    'returned 0 0 6',
    'recovered 0 0 9',
  )
  const evidence = release.evidence([0, 10, 'unhealthy', 'errors'])
  const inputs = { operation: 'record', 'walk-result': 'failure', 'undo-result': 'success', evidence }
  const { ended, lost } = await survive(inputs)
  expect([ended.status, ended.outputs['state'], ended.outputs['reason-code']]).toEqual([
    0,
    'rolled-back',
    'errors',
  ])
  expect(lost).toBeGreaterThanOrEqual(6)
  expect((await release.kinds()).slice(3)).toEqual(['stepped', 'verdict', 'deployment-failed', 'rolled-back'])
  const service = await release.store.service('shop')
  expect([service.lease, service.live, service.blocked.map(({ version }) => version)]).toEqual([
    null,
    null,
    ['1.2.0'],
  ])
  expect(await tickets()).toHaveLength(1)
  expect(
    release.hub.reported().filter(({ description }) => description.startsWith('recorded:')),
  ).toHaveLength(1)
}, 120_000)
