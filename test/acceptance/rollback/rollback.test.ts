import { afterEach, expect, test } from '@jest/globals'
import { openStage, type Stage, type StageOptions } from '../canary-step/stage.ts'

let stage: Stage
const open = async (options?: StageOptions) => {
  stage = await openStage(options)
}
afterEach(async () => {
  expect(stage.hub.violations).toEqual([])
  await stage.close()
})

const words = () => stage.statuses().map((line) => line.split(' ')[3])
const undo = (inputs = {}) => stage.run('rollback', { operation: 'undo', ...inputs })
/** A walk that loses its machine while it bakes at 10 %. */
const lose = async () => {
  const running = stage.start('canary-step')
  await stage.until(() => words().includes('confirmed'))
  running.child.kill('SIGKILL')
  await running.done
  expect(stage.service.weight()).toBe(10)
}

test('B1, B5, C4: after a lost runner undo returns traffic, reads it back, and sees the service recover', async () => {
  await open()
  await lose()
  const { outputs, status, summary } = await undo()
  expect([
    status,
    outputs['decision'],
    outputs['reason-code'],
    outputs['recovered'],
    outputs['weight'],
  ]).toEqual([0, 'returned', 'recovered', 'true', '0'])
  expect(stage.service.weight()).toBe(0)
  expect(words().slice(-3)).toEqual(['returning', 'returned', 'recovered'])
  expect(JSON.parse(outputs['result'] ?? '{}').data.recoverySeconds).toBeGreaterThanOrEqual(0)
  expect(summary.split('\n')[0]).toMatch(/^# shop is back on 1\\?\.1\\?\.0: 100 % stable, verified/)
  const order = ['Do now', '## Impact', '## Why', '## Undone', '## Not undone', '## Timeline'].map((part) =>
    summary.indexOf(part),
  )
  expect(order).toEqual([...order].sort((a, b) => a - b))
  expect(order.every((at) => at > 0)).toBe(true)
}, 60_000)

test('B3: nothing diagnostic is asked before traffic is back', async () => {
  await open()
  await lose()
  stage.service.requests.length = 0
  await undo()
  const put = stage.service.requests.indexOf('PUT /weight')
  expect(put).toBeGreaterThanOrEqual(0)
  expect(stage.service.requests.slice(0, put).filter((request) => request.includes('/api/'))).toEqual([])
  expect(stage.service.requests.slice(put).some((request) => request.includes('/api/'))).toBe(true)
}, 60_000)

test('48: undo twice changes nothing the second time', async () => {
  await open()
  await lose()
  await undo()
  const [moves, statuses] = [stage.service.moves.length, stage.statuses()]
  const { outputs, status } = await undo()
  expect([status, outputs['decision'], outputs['reason-code'], outputs['recovered']]).toEqual([
    0,
    'unchanged',
    'already-returned',
    'true',
  ])
  expect([stage.service.moves.length, stage.statuses()]).toEqual([moves, statuses])
}, 60_000)

test('53: undo of a rollout that never exposed anybody moves nothing', async () => {
  await open()
  const { outputs, status } = await undo()
  expect([status, outputs['reason-code'], outputs['recovered']]).toEqual([0, 'nothing-to-undo', 'true'])
  expect(stage.service.moves).toEqual([])
}, 60_000)

test('75, B11: a driver that fails is tried again, then the page says NOT BACK and what to run', async () => {
  await open()
  await lose()
  stage.service.faults.refuses = 0
  const { outputs, status, summary, seconds } = await undo()
  expect([status, outputs['decision'], outputs['reason-code'], outputs['recovered']]).toEqual([
    1,
    'stuck',
    'traffic-stuck',
    'false',
  ])
  expect(JSON.parse(outputs['result'] ?? '{}').data.attempts).toBeGreaterThan(3)
  expect(summary).toContain('# NOT BACK: 10 %')
  expect(summary).toContain('curl -X PUT')
  expect(words().at(-1)).toBe('stuck')
  expect(seconds).toBeLessThan(60)
}, 90_000)

test('B5: a stable version that is sick itself is not called recovered', async () => {
  await open()
  await lose()
  stage.service.faults.errors = { canary: 0.2, stable: 0.2 }
  const { outputs, status } = await undo()
  expect([status, outputs['reason-code'], outputs['recovered']]).toEqual([1, 'not-recovered', 'false'])
  expect(words().at(-1)).toBe('not-recovered')
  expect(stage.service.weight()).toBe(0)
}, 60_000)

test('V5, B5: without metrics traffic is back but recovery is not claimed', async () => {
  await open()
  await lose()
  stage.service.faults.metrics = 'html'
  const { outputs, status } = await undo()
  expect([status, outputs['decision'], outputs['reason-code'], outputs['recovered']]).toEqual([
    0,
    'returned',
    'recovery-unverified',
    'false',
  ])
  expect(words().at(-1)).toBe('returned')
}, 60_000)

test('49: undo of an older rollout does not touch the traffic of a newer one', async () => {
  await open()
  await lose()
  const { outputs, status } = await undo({ token: String(stage.token + 5) })
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([1, 'refused', 'stale-token'])
  expect(stage.service.weight()).toBe(10)
}, 60_000)

test('C4, 76: the watchdog leaves a living rollout alone and undoes a lost one at once', async () => {
  await open()
  await lose()
  const watch = () =>
    stage.run('rollback', { operation: 'watch', service: 'shop', digest: '', deployment: '', token: '' })
  const alive = await watch()
  expect([alive.status, alive.outputs['found'], alive.outputs['reason-code']]).toEqual([
    0,
    'false',
    'nothing-lost',
  ])
  expect(stage.service.weight()).toBe(10)
  const { lease } = await stage.record.service('shop')
  stage.hub.updateRun(lease?.run.id ?? 0, { status: 'completed', conclusion: 'cancelled' })
  const lost = await watch()
  expect([lost.status, lost.outputs['found'], lost.outputs['decision']]).toEqual([0, 'true', 'returned'])
  expect([lost.outputs['digest'], lost.outputs['deployment'], lost.outputs['token']]).toEqual([
    stage.digest,
    String(stage.deployment),
    String(stage.token),
  ])
  expect(stage.service.weight()).toBe(0)
}, 60_000)

test('B2: a manual rollback needs a reason, finds what is live from the record, and brings it back', async () => {
  await open()
  await stage.run('canary-step')
  const { plan, digest, token } = stage
  const draft = { actor: 'ada', run: null, digest, token, data: { deployment: stage.deployment } }
  const end = { live: { version: plan.version, sha: plan.sha, digest }, release: { token } }
  for (const kind of ['approved', 'started', 'deployed'] as const) {
    const change = kind === 'deployed' ? { change: end } : {}
    await stage.record.append('shop', plan.version, [{ ...draft, kind, key: kind }], change)
  }
  const manual = (reason: string) =>
    stage.run('rollback', {
      operation: 'manual',
      service: 'shop',
      reason,
      digest: '',
      deployment: '',
      token: '',
    })
  const silent = await manual('')
  expect([silent.status, silent.outputs['reason-code']]).toEqual([1, 'configuration-error'])
  expect(stage.service.weight()).toBe(100)
  const { outputs, status, summary } = await manual('users see <b>errors</b>')
  expect([status, outputs['decision'], outputs['digest']]).toEqual([0, 'returned', digest])
  expect(stage.service.weight()).toBe(0)
  expect(summary).not.toContain('<b>')
}, 90_000)

test('C7, 85: a dry run of an undo moves and writes nothing', async () => {
  await open()
  await lose()
  const before = stage.statuses()
  const { outputs, status } = await undo({ 'dry-run': 'true' })
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([0, 'would-return', 'dry-run'])
  expect([stage.service.weight(), stage.statuses()]).toEqual([10, before])
}, 60_000)
