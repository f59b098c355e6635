import { afterEach, expect, test } from '@jest/globals'
import { openRelease, type Release } from './released.ts'

let release: Release
afterEach(async () => {
  expect(release.hub.violations).toEqual([])
  await release.close()
})

const good = [
  'moved 0 10 1',
  'confirmed 0 10 2',
  'healthy 0 10 5 proven',
  'moved 1 50 6',
  'confirmed 1 50 7',
  'healthy 1 50 10 proven',
  'moved 2 100 11',
  'confirmed 2 100 12',
  'done 2 100 14',
]
const proof = () =>
  release.evidence([0, 10, 'healthy', 'proven'], [1, 50, 'healthy', 'proven'], [2, 100, null, null])
const record = (inputs: Record<string, string> = {}) =>
  release.run('publish-notes', {
    operation: 'record',
    'walk-result': 'success',
    'undo-result': 'skipped',
    evidence: proof(),
    ...inputs,
  })

test('L3, C7: a good rollout is recorded once, makes the version live and gives the lease back', async () => {
  release = await openRelease()
  await release.report(...good)
  const dry = await record({ 'dry-run': 'true' })
  expect([dry.status, dry.result.decision, await release.kinds()]).toEqual([
    0,
    'would-record',
    ['planned', 'approved', 'started'],
  ])
  const [ticket] = (await release.hub.issues.all()).filter((issue) => !issue.pull)
  expect(ticket?.body).not.toContain(':rollout -->')
  const first = await record()
  expect([first.status, first.outputs['state'], first.outputs['reason-code']]).toEqual([
    0,
    'deployed',
    'completed',
  ])
  const kinds = [
    'planned',
    'approved',
    'started',
    'stepped',
    'verdict',
    'stepped',
    'verdict',
    'stepped',
    'verdict',
    'deployed',
  ]
  expect(await release.kinds()).toEqual(kinds)
  const service = await release.store.service('shop')
  expect([service.live?.version, service.live?.digest, service.lease, service.blocked]).toEqual([
    '1.2.0',
    release.digest,
    null,
    [],
  ])
  const deployed = await release.event('deployed')
  expect(deployed?.data).toMatchObject({
    reason: 'completed',
    error: null,
    weight: 100,
    deployment: release.deployment,
    seconds: expect.any(Number),
  })
  expect(deployed?.token).toBe(release.token)
  expect(release.hub.reported().at(-1)).toMatchObject({
    state: 'success',
    description: 'recorded: 1.2.0 deployed, completed',
  })
  const again = await record()
  expect([again.status, again.outputs['state'], await release.kinds()]).toEqual([0, 'deployed', kinds])
  expect(
    (await release.hub.issues.all()).filter((issue) => !issue.pull).map(({ title, state }) => [title, state]),
  ).toEqual([['Release shop 1.2.0', 'open']])
}, 60_000)

const forged: [string, string[], RegExp][] = [
  [
    'a step is skipped',
    [
      'moved 0 10 1',
      'confirmed 0 10 2',
      'healthy 0 10 5 proven',
      'moved 2 100 6',
      'confirmed 2 100 7',
      'done 2 100 9',
    ],
    /begins step 2, when step 1 was due/,
  ],
  [
    'a step is not proven',
    [...good.slice(0, 2), ...good.slice(3)],
    /begins step 1, though step 0 was not proven/,
  ],
  ["a weight is not the plan's", ['moved 0 60 1', ...good.slice(1)], /says 60 % at step 0, the plan 10 %/],
  [
    'a bake is too short',
    ['moved 0 10 1', 'confirmed 0 10 7', 'healthy 0 10 3 proven', ...good.slice(3)],
    /says an earlier time|after 0 s, its least bake/,
  ],
  ['it is done at once', ['done 2 100 1'], /100 % was not reached/],
  ['a move is not confirmed', [...good.slice(0, 7), 'done 2 100 14'], /100 % was not reached and confirmed/],
]

test.each(forged)(
  'a forged report is never a success: %s',
  async (_, lines, words) => {
    release = await openRelease()
    await release.report(...lines)
    const { status, result, outputs } = await record()
    expect([status, outputs['state'], result.reasonCode]).toEqual([1, 'deployment-failed', 'status-mismatch'])
    expect(result.message).toMatch(words)
    const service = await release.store.service('shop')
    expect([service.live, service.lease?.token]).toEqual([null, release.token])
    expect((await release.event('deployment-failed'))?.data).toMatchObject({
      reason: 'status-mismatch',
      error: expect.stringMatching(words),
    })
  },
  60_000,
)

test('a status about another plan, and one that is missing, are mismatches', async () => {
  release = await openRelease()
  await release.report(...good.slice(0, 5))
  await release.raw(`7 1 50 healthy ${release.digest.slice(0, 8)} 1800000000 proven`)
  await release.raw('8 2 100 moved 00000000 1800000000')
  const { result } = await record()
  expect(result.data['faults']).toEqual(
    expect.arrayContaining([expect.stringMatching(/00000000, not about this one/), 'status 6 is missing']),
  )
  expect(result.data['ending']).toBe('deployment-failed')
}, 60_000)

const contradictions: [string, () => string, string, RegExp][] = [
  [
    'the provider shows harm',
    () => release.evidence([0, 10, 'healthy', 'proven'], [1, 50, 'unhealthy', 'error-rate-above-margin']),
    'status-mismatch',
    /provider shows error-rate-above-margin/,
  ],
  [
    'the provider saw nothing',
    () => release.evidence([0, 10, 'inconclusive', 'no-data'], [1, 50, 'healthy', 'proven']),
    'status-mismatch',
    /provider shows no-data/,
  ],
  [
    'the provider proves no step',
    () =>
      release.evidence([0, 10, 'inconclusive', 'not-proven-yet'], [1, 50, 'inconclusive', 'not-proven-yet']),
    'status-mismatch',
    /proves none/,
  ],
  [
    'harm at 100 %',
    () =>
      release.evidence(
        [0, 10, 'healthy', 'proven'],
        [1, 50, 'healthy', 'proven'],
        [2, 100, 'unhealthy', 'ceiling-exceeded'],
      ),
    'status-mismatch',
    /ceiling-exceeded/,
  ],
  ['there is no evidence', () => '', 'evidence-missing', /no evidence/],
  ['the evidence is not readable', () => '{"schema":1', 'evidence-missing', /no evidence/],
  [
    "the evidence is another rollout's",
    () => proof().replace(release.digest, 'f'.repeat(64)),
    'status-mismatch',
    /another rollout/,
  ],
]

test.each(contradictions)(
  'success needs the provider: %s',
  async (_, evidence, reasonCode, words) => {
    release = await openRelease()
    await release.report(...good)
    const { status, result, outputs } = await record({ evidence: evidence() })
    expect([status, outputs['state'], result.reasonCode]).toEqual([1, 'deployment-failed', reasonCode])
    expect(result.message).toMatch(words)
    expect((await release.store.service('shop')).live).toBeNull()
  },
  60_000,
)

test('success needs the job: a walk that was cut off is none', async () => {
  release = await openRelease()
  await release.report(...good)
  expect((await record({ 'walk-result': 'failure' })).result.reasonCode).toBe('status-mismatch')
}, 60_000)

const unhealthy = [
  'moved 0 10 1',
  'confirmed 0 10 2',
  'unhealthy 0 10 5 error-rate-above-margin',
  'returning 0 10 5 error-rate-above-margin',
  'returned 0 0 7 error-rate-above-margin',
  'recovered 0 0 9',
]

test('B5, B10: a rollback is recorded with its time to recover, blocks the version and gives the lease back', async () => {
  release = await openRelease()
  await release.report(...unhealthy)
  const { status, outputs, result } = await record({ 'walk-result': 'failure', 'undo-result': 'success' })
  expect([status, outputs['state'], outputs['reason-code']]).toEqual([
    0,
    'rolled-back',
    'error-rate-above-margin',
  ])
  expect(result.data).toMatchObject({ recoverySeconds: 2, verified: true })
  expect(await release.kinds()).toEqual([
    'planned',
    'approved',
    'started',
    'stepped',
    'verdict',
    'deployment-failed',
    'rolled-back',
  ])
  expect((await release.event('rolled-back'))?.data).toMatchObject({
    seconds: 2,
    verified: true,
    error: null,
  })
  const service = await release.store.service('shop')
  expect([service.live, service.lease, service.blocked.map(({ version }) => version)]).toEqual([
    null,
    null,
    ['1.2.0'],
  ])
  const next = await release.run('plan-release')
  expect(next.outputs['version']).toBe('1.2.1')
}, 60_000)

test('B5: a way back that failed keeps the lease, and a later one ends it', async () => {
  release = await openRelease()
  await release.report(...unhealthy.slice(0, 4), 'stuck 0 10 8 traffic-stuck')
  const failed = await record({ 'walk-result': 'failure', 'undo-result': 'failure' })
  expect([failed.status, failed.outputs['state'], failed.outputs['reason-code']]).toEqual([
    1,
    'rollback-failed',
    'traffic-stuck',
  ])
  expect((await release.store.service('shop')).lease?.token).toBe(release.token)
  await release.report('returning 0 10 20 run-lost', 'returned 0 0 22 run-lost')
  const ended = await record({ 'walk-result': 'cancelled', 'undo-result': 'success' })
  expect([ended.status, ended.outputs['state']]).toEqual([0, 'rolled-back'])
  expect((await release.store.service('shop')).lease).toBeNull()
}, 60_000)

test('a forged success that the undo job brought back is rolled back as a mismatch', async () => {
  release = await openRelease()
  await release.report('done 2 100 1')
  expect((await record()).outputs['state']).toBe('deployment-failed')
  await release.report('returning 2 100 5 run-lost', 'returned 2 0 7 run-lost')
  const { outputs } = await record({ 'walk-result': 'cancelled', 'undo-result': 'success' })
  expect([outputs['state'], outputs['reason-code']]).toEqual(['rolled-back', 'status-mismatch'])
}, 60_000)

test('nobody was exposed: the release can be planned again', async () => {
  release = await openRelease()
  const { status, outputs } = await record({ 'walk-result': 'failure', 'undo-result': 'success' })
  expect([status, outputs['state'], outputs['reason-code']]).toEqual([0, 'execution-failed', 'not-exposed'])
  const service = await release.store.service('shop')
  expect([service.lease, service.blocked]).toEqual([null, []])
}, 60_000)

test('a rollout that waits for a person keeps its lease', async () => {
  release = await openRelease()
  await release.report(...good.slice(0, 2))
  const { status, outputs } = await record()
  expect([status, outputs['state'], outputs['reason-code']]).toEqual([0, 'executing', 'held'])
  expect((await release.store.service('shop')).lease?.token).toBe(release.token)
}, 60_000)

test('B2: a live release taken back by hand is rolled back with the reason', async () => {
  release = await openRelease()
  await release.report(...good)
  await record()
  await release.report('returning 2 100 30 manual', 'returned 2 0 31 manual', 'recovered 2 0 33')
  const { status, outputs } = await record({
    'walk-result': '',
    'undo-result': 'success',
    evidence: '',
    reason: 'orders look wrong',
  })
  expect([status, outputs['state'], outputs['reason-code']]).toEqual([0, 'rolled-back', 'manual'])
  const service = await release.store.service('shop')
  expect([service.live, service.blocked]).toEqual([
    null,
    [expect.objectContaining({ version: '1.2.0', reason: 'orders look wrong' })],
  ])
}, 60_000)

test('84: what a rollout needs is asked for by name', async () => {
  release = await openRelease({ started: false })
  const { status, result } = await release.run('publish-notes', {
    operation: 'record',
    deployment: '',
    token: '',
  })
  expect([status, result.reasonCode, result.message]).toEqual([
    1,
    'configuration-error',
    expect.stringMatching(/"deployment": is required/),
  ])
}, 60_000)

test('C10, L3: a release that only probes prove is live, and the record, the ticket and the job say what it rests on', async () => {
  release = await openRelease({
    policy: `
service: shop
traffic: { driver: http, url: 'http://127.0.0.1:9/weight', timeout: 2s }
metrics:
  prometheus: { url: 'http://127.0.0.1:9' }
  probes: { url: 'https://{{arm}}.shop.example', answers: { version: x-version } }
  checks:
    - { kind: ratio, name: errors, total: requests_total, events: errors_total, required: false }
    - { kind: ratio, name: probe-errors, provider: probes }
rollout:
  steps: [{ weight: 10, margin: 3 %, min: 1, max: 12 }, { weight: 50, margin: 2 %, min: 1, max: 12 }]
  look: 0.5
  drain: 0.5
`,
  })
  await release.report(...good)
  const users = release.evidence(
    [0, 10, 'inconclusive', 'no-required-metric'],
    [1, 50, 'inconclusive', 'no-required-metric'],
    [2, 100, null, null],
  )
  const silent = await record({ evidence: users, 'dry-run': 'true' })
  expect([silent.status, silent.outputs['reason-code']]).toEqual([1, 'evidence-missing'])
  const visits = [0, 1].map((step) => ({
    step,
    weight: [10, 50][step],
    verdict: 'healthy',
    reason: 'proven',
  }))
  const evidence = JSON.stringify({ ...JSON.parse(users), probes: { reportedBy: 'walk', visits } })
  const told = await record({ evidence })
  expect([told.status, told.outputs['state'], told.outputs['reason-code']]).toEqual([
    0,
    'deployed',
    'completed-on-probes',
  ])
  expect(told.summary).toMatch(/step 0 \(10 %\) is proven by probes alone, as the walk reported them/)
  const deployed = await release.event('deployed')
  expect(deployed?.data).toMatchObject({
    reason: 'completed-on-probes',
    doubts: expect.stringMatching(/step 1 \(50 %\) is proven by probes alone/),
  })
  const [ticket] = (await release.hub.issues.all()).filter((issue) => !issue.pull)
  expect(ticket?.body).toMatch(/\*\*Not proven by requests of users:\*\*/)
}, 60_000)
