import { afterEach, expect, test } from '@jest/globals'
import { openPromotion, type World } from './promotion-world.ts'

let world: World
afterEach(async () => {
  expect(world.hosted.hub.violations).toEqual([])
  await world.close()
})

const open = async (inputs: Record<string, string> = {}) => {
  const { outputs, result, status } = await world.hosted.run('risk-gate', {
    stage: 'promotion',
    version: '1.1.0',
    ...inputs,
  })
  return { status, code: outputs['reason-code'], outputs, message: result.message }
}
const deployments = () =>
  world.hosted.hub
    .deployments()
    .map(({ environment, statuses }) =>
      `${environment} ${statuses.map(({ state }) => state).join(' ')}`.trim(),
    )

/** The run, and attempt, whose gate made a deployment. */
const runOf = (which: number, attempt = 1) => ({
  GITHUB_RUN_ID: String(
    (world.hosted.hub.deployments()[which]?.payload as { run?: number } | undefined)?.run,
  ),
  GITHUB_RUN_ATTEMPT: String(attempt),
})

/** A deployment that the team's own job made, with what it tells. */
const deployed = async (environment: string, payload: object): Promise<void> => {
  const { hub } = world.hosted
  const headers = {
    authorization: `Bearer ${hub.mintToken({ actor: 'ada', kind: 'job', permissions: { deployments: 'write' } })}`,
  }
  const url = `${hub.apiUrl}/repos/acme/checkout/deployments`
  const body = JSON.stringify({
    ...{ ref: world.sha, environment, payload, auto_merge: false, required_contexts: [] },
  })
  const { id } = (await (await fetch(url, { method: 'POST', headers, body })).json()) as { id: number }
  await fetch(`${url}/${id}/statuses`, { method: 'POST', headers, body: '{"state":"success"}' })
}

test('P24: none is skipped, another digest is no digest, what tells none does not count, and nothing is written', async () => {
  world = await openPromotion()
  await world.hosted.plan()
  const before = (await world.hosted.store.events('shop', '1.1.0')).length
  const skipped = await open({ environment: 'staging' })
  expect([skipped.status, skipped.code, skipped.message]).toEqual([
    1,
    'environment-skipped',
    expect.stringMatching(
      /^1\.1\.0 may not be promoted to staging: the artifact went through alpha: not observed; promote it to alpha/,
    ),
  ])
  await deployed('alpha', {})
  expect((await open({ environment: 'staging' })).code).toBe('promotion-digest-untold')
  await deployed('alpha', { 'artifact-digest': world.digest, service: 'another' })
  expect((await open({ environment: 'staging' })).code).toBe('promotion-digest-untold')
  await deployed('alpha', { 'artifact-digest': `sha256:${'0'.repeat(64)}` })
  expect((await open({ environment: 'staging' })).code).toBe('promotion-digest-differs')
  await deployed('alpha', { 'artifact-digest': world.digest })
  // The tag leads elsewhere now: what is in alpha is not what anybody would pull.
  world.registry.image('acme/shop', '1.1.0', { revision: world.sha, name: 'again' })
  expect((await open({ environment: 'staging' })).code).toBe('artifact-tag-moved')
  expect((await world.hosted.store.events('shop', '1.1.0')).length).toBe(before)
  expect(deployments().filter((one) => one.startsWith('staging'))).toEqual([])

  const faults = await Promise.all([
    open({ environment: 'qa' }),
    open({ version: '9.9.9' }),
    open({ version: '' }),
  ])
  expect(faults.map(({ code, message }) => [code, message])).toEqual([
    [
      'configuration-error',
      expect.stringMatching(/"qa" is not one of promotion\.environments .*alpha, staging, production/),
    ],
    ['configuration-error', expect.stringMatching(/the record has no plan of "9\.9\.9"/)],
    ['configuration-error', expect.stringMatching(/input "digest": is required, or version/)],
  ])
}, 120_000)

test('P24: a promotion that died is no success and may begin again; one that lives is not doubled', async () => {
  world = await openPromotion()
  await world.hosted.plan()
  const { hub } = world.hosted
  const first = await open()
  expect([first.code, first.outputs['environment'], deployments()]).toEqual([
    'promotion-open',
    'alpha',
    ['alpha in_progress'],
  ])
  const busy = await open()
  expect([busy.status, busy.code, busy.message]).toEqual([
    1,
    'promotion-in-progress',
    expect.stringMatching(/^run \d+ promotes 1\.1\.0 to alpha since .*run this again when it has ended/),
  ])
  const run = Number((hub.deployments()[0]?.payload as { run?: number } | undefined)?.run)
  hub.updateRun(run, { status: 'completed', conclusion: 'failure' })
  const again = await open()
  expect([again.code, deployments()]).toEqual(['promotion-open', ['alpha in_progress', 'alpha in_progress']])
  // Only a deployment of this very run is ever closed.
  const stranger = await world.hosted.run('publish-notes', {
    ...{ operation: 'promotion', digest: first.outputs['digest'] ?? '', environment: 'alpha' },
    ...{ deployment: first.outputs['deployment'] ?? '', 'walk-result': 'success' },
  })
  expect([stranger.status, stranger.result.message, deployments()]).toEqual([
    1,
    expect.stringMatching(/is not the deployment to alpha that the gate of this run created/),
    ['alpha in_progress', 'alpha in_progress'],
  ])
}, 120_000)

test('P24: what is not well there is red and says why; dry runs and advice deploy nothing', async () => {
  world = await openPromotion({
    deploy: { command: ['sh', '-c', 'echo "$RELMAN_OPERATION $RELMAN_ENVIRONMENT" >&2; exit 3'] },
  })
  const planned = await world.hosted.plan()
  const digest = planned.outputs['digest'] ?? ''
  const step = (inputs: Record<string, string>) =>
    world.hosted.run('canary-step', { operation: 'promote', digest, ...inputs }, runOf(0))
  await open()
  const failed = await step({ environment: 'alpha' })
  expect([failed.status, failed.outputs['reason-code'], failed.result.message]).toEqual([
    1,
    'deploy-failed',
    'sh ended with status 3: deploy alpha',
  ])
  const dry = await step({ environment: 'staging', 'dry-run': 'true' })
  expect([dry.status, dry.result.message]).toEqual([
    0,
    expect.stringMatching(
      /^would deploy 1\.1\.0 to staging with your action relman-deploy, then sh, and confirm it with http/,
    ),
  ])
  expect((await step({ environment: 'production' })).outputs['reason-code']).toBe('configuration-error')
  expect([(await open({ 'dry-run': 'true' })).code, deployments()]).toEqual([
    'would-promote',
    ['alpha in_progress'],
  ])

  await world.close()
  world = await openPromotion({ mode: 'advise' })
  world.shown.version = '1.0.0'
  const { outputs } = await world.hosted.plan()
  expect([(await open()).code, deployments()]).toEqual(['would-promote', []])
  const advised = await world.hosted.run('canary-step', {
    ...{ operation: 'promote', digest: outputs['digest'] ?? '', environment: 'staging' },
  })
  expect([advised.status, advised.outputs['reason-code'], world.shown.asked]).toEqual([0, 'mode-observes', 0])

  await world.close()
  world = await openPromotion()
  world.shown.version = '1.0.0'
  const enforced = await world.hosted.plan()
  await deployed('alpha', { 'artifact-digest': world.digest })
  await open()
  const about = { digest: enforced.outputs['digest'] ?? '', environment: 'staging' }
  const old = await world.hosted.run('canary-step', { operation: 'promote', ...about }, runOf(1))
  expect([old.outputs['reason-code'], old.result.message]).toEqual([
    'not-confirmed',
    expect.stringMatching(/within 0\.5 s: its answer does not hold "\\"version\\":\\"1\.1\.0\\""/),
  ])
}, 120_000)

test('P24: a deploy job that begins late or once more deploys nothing that no longer holds', async () => {
  world = await openPromotion({
    deploy: { command: ['sh', '-c', `echo "$RELMAN_VERSION" >> "$GITHUB_WORKSPACE/../deployments"`] },
  })
  const { hosted } = world
  const digest = (await hosted.plan()).outputs['digest'] ?? ''
  await open()
  const job = (operation: string, attempt = 1) =>
    hosted.run('canary-step', { operation, digest, environment: 'alpha' }, runOf(0, attempt))
  const code = async (ran: ReturnType<typeof job>) => (await ran).outputs['reason-code']
  const record = (result: string, attempt = 1) =>
    hosted.run(
      'publish-notes',
      {
        ...{ operation: 'promotion', digest, environment: 'alpha', 'walk-result': result },
        deployment: String(hosted.hub.deployments()[0]?.id),
      },
      runOf(0, attempt),
    )
  expect([await code(job('check')), world.deployed()]).toEqual(['promotion-open', []])
  expect(await code(job('promote'))).toBe('promoted')
  // Meanwhile a newer version is on its way there, then there: the older one is not deployed over it.
  const newer = (kind: 'promoting' | 'promoted', id: number) => ({
    ...{ kind, key: `${kind}:alpha:${id}.1`, actor: 'ada', digest, token: null },
    ...{
      run: { id, attempt: 1, workflow: '.github/workflows/promote.yml', job: 'open' },
      data: { environment: 'alpha', sha: world.sha },
    },
  })
  const planned = { ...newer('promoting', 1), kind: 'planned' as const, key: 'planned:1', data: {} }
  await hosted.store.append('shop', '2.0.0', [planned, newer('promoting', 1)])
  expect(await code(job('check'))).toBe('promotion-in-progress')
  await hosted.store.append('shop', '2.0.0', [newer('promoted', 1)])
  expect([await code(job('check')), (await open({ environment: 'alpha' })).code]).toEqual([
    'newer-version-there',
    'newer-version-there',
  ])
  await record('success')
  for (const operation of ['check', 'promote'])
    expect(await code(job(operation, 2))).toBe('promotion-not-open')
  const again = await record('failure', 2)
  expect([again.outputs['state'], deployments()]).toEqual(['promoted', ['alpha in_progress success']])

  hosted.clone.commit('feat: more')
  hosted.push()
  world.registry.image('acme/shop', '1.1.0', { revision: hosted.clone.git('rev-parse', 'HEAD'), name: 'b' })
  await hosted.plan()
  const late = await job('check')
  expect([late.status, late.outputs['reason-code'], late.outputs['confirmed']]).toEqual([
    1,
    'superseded',
    expect.stringMatching(/^the plan \w{8} of 1\.1\.0 is no longer in force/),
  ])
  expect([await code(job('promote')), world.deployed()]).toEqual(['superseded', ['1.1.0']])
}, 120_000)
