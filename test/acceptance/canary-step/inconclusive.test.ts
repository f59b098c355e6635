import { afterEach, expect, test } from '@jest/globals'
import { openStage, type Stage, type StageOptions } from './stage.ts'

let stage: Stage
afterEach(async () => {
  expect(stage.hub.violations).toEqual([])
  await stage.close()
})

const words = () => stage.statuses().map((line) => line.split(' ')[3])
/** Forty requests a second: four a second reach the new version, one each of its instances, and prove nothing in four seconds. */
const quiet = (inconclusive: string, more: StageOptions = {}) =>
  openStage({
    rate: 40,
    rollout: { steps: [{ weight: 10, margin: '1 %', min: 1, max: 4 }], inconclusive },
    ...more,
  })

test('C10: return: a step that could not be proven goes back, counted apart from harm, and said beforehand', async () => {
  stage = await quiet('return')
  const { outputs, status, summary, log } = await stage.run('canary-step')
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([1, 'returned', 'not-proven'])
  expect([outputs['verdict'], stage.service.weight()]).toEqual(['inconclusive', 0])
  expect(words().filter((word) => word === 'unhealthy')).toEqual([])
  const foretold =
    /errors: at 10 % \((?:3\.\d|4(?:\.\d)?) requests a second on the new version\), 4 s can prove .*; the step asks for 1 percentage points, so it will probably stay unproven/
  expect(log).toMatch(foretold)
  expect(log.search(foretold)).toBeLessThan(log.indexOf('step 1 at 10 %'))
  expect(summary).toContain('## What each step could prove')
}, 60_000)

test('C10: promote-unproven: it goes on, and the end says that it is unproven', async () => {
  stage = await quiet('promote-unproven')
  const { outputs, status } = await stage.run('canary-step')
  expect([status, outputs['decision'], outputs['reason-code'], outputs['weight']]).toEqual([
    0,
    'done',
    'completed-unproven',
    '100',
  ])
  expect(stage.statuses().some((line) => / inconclusive .* promoted-unproven$/.test(line))).toBe(true)
}, 60_000)

const asked = () => stage.until(() => words().includes('asked'))
/** A status of the deployment, by a person or by the code that is being released. */
const write = async (description: string, kind: 'user' | 'job') => {
  const token = stage.hub.mintToken({ actor: 'ada', kind, permissions: { deployments: 'write' } })
  const reply = await fetch(`${stage.hub.apiUrl}/repos/octo/shop/deployments/${stage.deployment}/statuses`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ state: 'in_progress', description }),
  })
  return ((await reply.json()) as { creator: { login: string } }).creator.login
}

test('C10, C4: ask: the step is watched while people are asked, and harm returns it', async () => {
  stage = await openStage({
    rate: 100,
    rollout: { steps: [{ weight: 10, margin: '0.1 %', min: 1, max: 2 }], inconclusive: 'ask' },
  })
  const running = stage.start('canary-step')
  await asked()
  expect(running.log()).toMatch(/could not be proven. It is watched for 30 min 0 s more/)
  await stage.until(() => running.log().includes('people are asked, '))
  stage.service.faults.errors = { canary: 1, stable: 0.001 }
  const { status, outputs } = await running.done
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([
    1,
    'returned',
    'error-rate-above-margin',
  ])
  expect(stage.service.weight()).toBe(0)
}, 60_000)

test('C10: ask: without an answer the traffic returns at the end of the time that is stated', async () => {
  stage = await quiet('ask', {
    rollout: { steps: [{ weight: 10, margin: '1 %', min: 1, max: 2 }], inconclusive: 'ask', answer: 3 },
  })
  const { status, outputs, summary } = await stage.run('canary-step')
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([1, 'returned', 'not-answered'])
  expect(words()).toEqual(['moved', 'confirmed', 'asked', 'inconclusive', 'returning', 'returned'])
  expect([stage.service.weight(), summary.includes('not-answered')]).toEqual([0, true])
}, 60_000)

test('C10: ask: a person lets the step go on, the code that is being released cannot', async () => {
  stage = await quiet('ask')
  const running = stage.start('canary-step')
  await asked()
  expect(await write('go on', 'job')).toBe('github-actions[bot]')
  await stage.until(() => (running.log().match(/people are asked, /g)?.length ?? 0) > 12)
  expect(stage.service.weight()).toBe(10)
  expect(await write('Go on', 'user')).toBe('ada')
  const { status, outputs, log } = await running.done
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([0, 'done', 'completed-unproven'])
  expect(log).toContain('ada lets the step go on unproven')
  const statuses = await stage.hub.reported()
  expect(statuses.some(({ description }) => / inconclusive .* promoted-unproven$/.test(description))).toBe(
    true,
  )
}, 60_000)

test('C10: ask: whoever was asked can roll back, and the watch ends by itself', async () => {
  stage = await quiet('ask')
  const running = stage.start('canary-step')
  await asked()
  const back = await stage.run('rollback', { operation: 'undo' })
  expect([stage.service.weight(), back.outputs['weight']]).toEqual([0, '0'])
  const before = words().filter((word) => word === 'returned')
  const { status, outputs } = await running.done
  expect([status, outputs['reason-code'], outputs['weight']]).toEqual([1, 'already-returned', '0'])
  expect(words().filter((word) => word === 'returned')).toEqual(before)
}, 90_000)

test.each(['ask', 'promote-unproven'])(
  'V5, C10: %s does not cover a metric that vanished: which and since when, and traffic returns',
  async (inconclusive) => {
    stage = await openStage({
      rollout: { steps: [{ weight: 10, margin: '0.1 %', min: 1, max: 5 }], inconclusive },
    })
    const running = stage.start('canary-step')
    await stage.until(() => running.log().includes('step 1 at 10 %: inconclusive (not-proven-yet)'))
    const vanished = Date.now() / 1000
    stage.service.faults.metrics = 'stable-only'
    const { outputs, status, summary } = await running.done
    expect([status, outputs['decision'], outputs['reason-code']]).toEqual([1, 'returned', 'not-proven'])
    expect(stage.service.weight()).toBe(0)
    const since = /metric-vanished.*errors: no data of the canary arm since ([\dT:.Z-]+)/.exec(summary)?.[1]
    expect(Math.abs(Date.parse(since ?? '') / 1000 - vanished)).toBeLessThan(3)
  },
  60_000,
)
