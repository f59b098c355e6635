import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { config } from '@relman/core/config/config'
import type { EventDraft } from '@relman/core/record/event'
import { openStage, type Stage } from './stage.ts'

jest.setTimeout(120_000)
let stage: Stage
let digest: string
beforeEach(async () => {
  stage = await openStage()
  digest = await stage.plan({ signoffs: [] })
  await stage.gate({ stage: 'production', digest })
})
afterEach(async () => {
  await stage.close()
  expect(stage.hub.violations).toEqual([])
})

const scheduled = {
  ...{ zone: 'UTC', type: 'minor' as const, governance: '', tests: '', notice: 0, bake: 1, why: '' },
  ...{ score: null, considered: 1, refused: [], milestones: [], tasks: [], critical: [] },
  ...{ shipBy: null, train: null },
}
const expose = (more: Parameters<Stage['gate']>[1] = {}) => stage.gate({ stage: 'exposure', digest }, more)
const run = { id: 4711, attempt: 1, workflow: 'release', job: 'lock' }
const add = (version: string, kinds: EventDraft['kind'][], token: number | null = null) =>
  stage.store.append(
    'shop',
    version,
    kinds.map((kind) => ({ kind, key: `${kind}:${version}`, actor: 'ada', run, digest, token, data: {} })),
  )
const take = (version: string, seconds = 3600) =>
  stage.store.append('shop', version, [], {
    change: { take: { release: version, digest: 'other', run, seconds } },
  })

test('the lease, the deployment and the start, each once, also when it is asked again', async () => {
  const first = await expose()
  expect([first.status, first.outputs['decision'], first.outputs['reason-code']]).toEqual([
    0,
    'go',
    'lease-taken',
  ])
  const deployments = stage.hub.deployments()
  expect(deployments).toHaveLength(1)
  expect(first.outputs).toMatchObject({ token: '1', deployment: String(deployments[0]?.id) })
  expect(deployments[0]?.payload).toMatchObject({ release: '1.1.0', digest, token: 1 })
  const service = await stage.store.service('shop')
  expect(service).toMatchObject({
    fence: 1,
    lease: { token: 1, release: '1.1.0', deployment: deployments[0]?.id },
  })
  // Five steps of 900 s with their drains, the deployment and the margin.
  const seconds =
    (Date.parse(service.lease?.expiresAt ?? '') - Date.parse(service.lease?.takenAt ?? '')) / 1000
  expect(seconds).toBe(5 * 930 + 30 + 900 + 1800)
  expect(await stage.release()).toMatchObject({
    state: 'executing',
    token: 1,
    deployment: deployments[0]?.id,
  })
  const second = await expose({ attempt: 2 })
  expect(second.outputs['reason-code']).toBe('record-unsettled')
  expect(stage.hub.deployments()).toHaveLength(1)
})

test('a lock that died before the start is taken up again in the next attempt', async () => {
  const take = { release: '1.1.0', digest, run: { ...run, id: stage.runId }, seconds: 3600 }
  await stage.store.append('shop', '1.1.0', [], { change: { take } })
  stage.hub.updateRun(stage.runId, { attempt: 2 } as never)
  const again = await expose({ attempt: 2 })
  expect([again.status, again.outputs['token']]).toEqual([0, '2'])
})

test('G20: what is not newer than what is live is superseded', async () => {
  const live = { version: '1.1.0', sha: stage.sha, digest }
  await stage.store.append('shop', '1.1.0', [], { change: { live } })
  const { status, outputs, result } = await expose()
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([1, 'no-go', 'superseded'])
  expect(result.message).toContain('1.1.0 is not newer than 1.1.0')
  expect((await stage.release()).state).toBe('approved')
  expect(stage.hub.deployments()).toEqual([])
})

/** A run that lives and holds the lease for a version. */
const heldBy = async (version: string): Promise<number> => {
  const about = { workflow: '.github/workflows/release.yml', name: 'Release', event: 'push', actor: 'ada' }
  const { id } = stage.hub.createRun({ ...about, headSha: stage.sha, headBranch: 'main', inputs: {} })
  stage.hub.updateRun(id, { status: 'in_progress' })
  const holder = { release: version, digest: 'other', run: { ...run, id }, seconds: 3600 }
  await stage.store.append('shop', version, [], { change: { take: holder } })
  return id
}

test('G20: what is older than what is being rolled out is superseded', async () => {
  await heldBy('1.2.0')
  const { outputs, result } = await expose()
  expect(outputs['reason-code']).toBe('superseded')
  expect(result.message).toContain('1.2.0')
  expect((await stage.store.service('shop')).fence).toBe(1)
})

test('faults 43: another rollout that holds the lease is not disturbed', async () => {
  const id = await heldBy('1.0.5')
  const { outputs, result } = await expose()
  expect(outputs['reason-code']).toBe('release-in-progress')
  expect(result.message).toContain(`run ${id}`)
  expect((await stage.store.service('shop')).fence).toBe(1)
})

test('faults 49: a lease whose run is over and whose rollout never ended waits for the watchdog', async () => {
  await add('1.0.5', ['planned', 'approved'])
  await take('1.0.5')
  await add('1.0.5', ['started'], 1)
  const { outputs, result } = await expose()
  expect(outputs['reason-code']).toBe('record-unsettled')
  expect(result.message).toContain('1.0.5')
})

test('B10: a version that was rolled back is blocked', async () => {
  const block = { version: '1.1.0', reason: 'rolled back: error-rate-above-margin' }
  await stage.store.append('shop', '1.1.0', [], { change: { block } })
  const { outputs, result } = await expose()
  expect(outputs['reason-code']).toBe('version-blocked')
  expect(result.message).toContain('error-rate-above-margin')
})

test('what nobody approved is not exposed', async () => {
  digest = await stage.plan({ signoffs: [], version: '1.3.0' })
  const { outputs } = await expose()
  expect([outputs['decision'], outputs['reason-code']]).toEqual(['no-go', 'not-approved'])
  expect(stage.hub.deployments()).toEqual([])
})

test('an approved revision that was planned again is superseded', async () => {
  await stage.plan({ signoffs: [], revision: 2 })
  expect((await expose()).outputs['reason-code']).toBe('superseded')
})

test('faults 46: a record changed by hand stops the exposure', async () => {
  const path = 'services/shop.json'
  await stage.store.append('shop', '1.0.0', [], {
    change: { live: { version: '1.0.0', sha: stage.sha, digest } },
  })
  const text = stage.world.git('show', `relman-record:${path}`).replace('"1.0.0"', '"0.0.1"')
  const input = {
    branch: { repositoryNameWithOwner: 'octo/shop', branchName: 'relman-record' },
    expectedHeadOid: stage.world.git('rev-parse', 'relman-record'),
    message: { headline: 'by hand' },
    fileChanges: { additions: [{ path, contents: Buffer.from(text).toString('base64') }] },
  }
  const mutation =
    'mutation ($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }'
  await stage.world.user('ada').graphql(mutation, { input })
  const { status, outputs } = await expose()
  expect([status, outputs['reason-code']]).toEqual([1, 'broken-chain'])
})

test('faults 85: a dry run takes no lease and creates no deployment', async () => {
  const head = stage.world.git('rev-parse', 'relman-record')
  const { status, outputs } = await stage.gate({ stage: 'exposure', digest, 'dry-run': 'true' })
  expect([status, outputs['decision'], outputs['token']]).toEqual([0, 'go', ''])
  expect(stage.hub.deployments()).toEqual([])
  expect(stage.world.git('rev-parse', 'relman-record')).toBe(head)
})

test.each(['observe', 'advise'])('W5: a policy that says %s moves nothing', async (mode) => {
  const observing = await stage.plan({
    signoffs: [],
    revision: 3,
    policy: config.parse({ mode }),
  })
  await stage.gate({ stage: 'production', digest: observing })
  const { status, outputs } = await stage.gate({ stage: 'exposure', digest: observing })
  expect([status, outputs['reason-code'], outputs['token'] ?? '']).toEqual([1, 'mode-observes', ''])
  expect(stage.hub.deployments()).toEqual([])
})

test('G16: a policy that enforces windows exposes nothing outside of them, and takes no lease', async () => {
  const hour = (count: number) => new Date(Date.now() + count * 3_600_000).toISOString()
  const policy = config.parse({ schedule: { window: 'enforce' } })
  const windowed = async (revision: number, from: number, to: number) => {
    const schedule = { ...scheduled, window: { start: hour(from), end: hour(to) } }
    digest = await stage.plan({ signoffs: [], revision, policy, schedule })
    await stage.gate({ stage: 'production', digest })
    return expose()
  }
  const early = await windowed(2, 1, 9)
  expect([early.status, early.outputs['reason-code']]).toEqual([1, 'outside-window'])
  expect(early.result.message).toMatch(/run this job again when it has begun/)
  const late = await windowed(3, -1, 1)
  expect([late.outputs['reason-code'], stage.hub.deployments()]).toEqual(['outside-window', []])
  expect(await stage.store.service('shop')).toMatchObject({ fence: 0, lease: null })
  const open = await windowed(4, -1, 7)
  expect([open.status, open.outputs['reason-code']]).toEqual([0, 'lease-taken'])
})
