import { afterEach, expect, test } from '@jest/globals'
import { openStage, type Stage, type StageOptions } from './stage.ts'

let stage: Stage
const open = async (options?: StageOptions) => {
  stage = await openStage(options)
  return stage
}
afterEach(async () => {
  expect(stage.hub.violations).toEqual([])
  await stage.close()
})

const words = () => stage.statuses().map((line) => line.split(' ')[3])

test('C1, C3: a healthy version walks the ladder to 100 %, each step read back, drained, baked and proven', async () => {
  await open()
  const { outputs, status, summary, log } = await stage.run('canary-step')
  expect({
    log: status === 0 ? '' : log,
    decision: outputs['decision'],
    reason: outputs['reason-code'],
  }).toEqual({ log: '', decision: 'done', reason: 'completed' })
  expect(stage.service.moves.map(({ weight }) => weight)).toEqual([10, 50, 100])
  expect(words()).toEqual([
    'moved',
    'confirmed',
    'healthy',
    'moved',
    'confirmed',
    'healthy',
    'moved',
    'confirmed',
    'done',
  ])
  expect(outputs['weight']).toBe('100')
  expect(summary).toContain('```mermaid')
  expect(log).toMatch(/step 1 at 10 %: .*left/)
}, 60_000)

test('B1, V2: more errors than stable return all traffic at once and say why', async () => {
  await open()
  const running = stage.start('canary-step')
  await stage.until(() => stage.service.weight() === 50)
  const fault = Date.now()
  stage.service.faults.errors = { canary: 0.08, stable: 0.001 }
  const { outputs, status, summary } = await running.done
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([
    1,
    'returned',
    'error-rate-above-margin',
  ])
  expect(stage.service.moves.at(-1)?.weight).toBe(0)
  expect((stage.service.moves.at(-1)?.at ?? 0) - fault).toBeLessThan(8000)
  expect(words().slice(-3)).toEqual(['unhealthy', 'returning', 'returned'])
  expect(outputs['verdict']).toBe('unhealthy')
  expect(summary).toContain('error-rate-above-margin')
}, 60_000)

test('V5, 71: metrics that say nothing are never healthy; the step ends as not proven and traffic returns', async () => {
  await open({ rollout: { steps: [{ weight: 10, margin: '3 %', min: 1, max: 2 }] } })
  stage.service.faults.metrics = 'empty'
  const { outputs, status } = await stage.run('canary-step')
  expect([status, outputs['decision'], outputs['reason-code'], outputs['weight']]).toEqual([
    1,
    'returned',
    'not-proven',
    '0',
  ])
  expect(stage.service.moves.map(({ weight }) => weight)).toEqual([10, 0])
}, 60_000)

test('V5, 72: a provider that dies mid-bake holds, then returns as metrics-down', async () => {
  await open({ rollout: { steps: [{ weight: 10, margin: '3 %', min: 3, max: 4 }] } })
  const running = stage.start('canary-step')
  await stage.until(() => stage.service.weight() === 10)
  stage.service.faults.metrics = 'html'
  const { outputs, log } = await running.done
  expect([outputs['decision'], outputs['reason-code']]).toEqual(['returned', 'metrics-down'])
  expect(log).toContain('a web page')
  expect(stage.service.weight()).toBe(0)
}, 60_000)

test('V5: a provider that is down before the first move exposes nobody', async () => {
  await open()
  stage.service.faults.metrics = 'html'
  const { outputs, status } = await stage.run('canary-step')
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([1, 'refused', 'metrics-down'])
  expect(stage.service.moves).toEqual([])
  expect(words()).toEqual([])
}, 60_000)

test('C3: a driver that lies on read-back is not believed; nothing advances', async () => {
  await open()
  const running = stage.start('canary-step')
  await stage.until(() => stage.service.weight() === 10)
  stage.service.faults.lies = true
  const lied = stage.until(() => stage.statuses().some((line) => line.includes('returning')), 40_000)
  await lied
  stage.service.faults.lies = false
  const { outputs } = await running.done
  expect([outputs['decision'], outputs['reason-code']]).toEqual(['returned', 'move-failed'])
  expect(words()).not.toContain('done')
  expect(stage.service.weight()).toBe(0)
}, 90_000)

test('C3, 75: traffic that cannot be returned is stuck, said loudly, and the job is red', async () => {
  await open({ rollout: { steps: [{ weight: 10, margin: '3 %', min: 1, max: 2 }] } })
  stage.service.faults.metrics = 'empty'
  stage.service.faults.refuses = 0
  const { outputs, status, log } = await stage.run('canary-step')
  expect([status, outputs['decision'], outputs['reason-code'], outputs['weight']]).toEqual([
    1,
    'stuck',
    'traffic-stuck',
    '10',
  ])
  expect(words().at(-1)).toBe('stuck')
  expect(log).toContain('TRAFFIC IS NOT BACK')
}, 90_000)

test('49: a stale fencing token moves nothing, and the traffic of the newer rollout is not touched', async () => {
  await open()
  const { outputs, status } = await stage.run('canary-step', { token: String(stage.token + 1) })
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([1, 'refused', 'stale-token'])
  expect(stage.service.moves).toEqual([])
}, 60_000)

test('C3: halts at a percentage, resumes where it stopped, and running a finished rollout again changes nothing', async () => {
  await open()
  const halted = await stage.run('canary-step', { until: '10' })
  expect([halted.status, halted.outputs['decision'], halted.outputs['reason-code']]).toEqual([
    0,
    'held',
    'until-reached',
  ])
  expect(stage.service.moves.map(({ weight }) => weight)).toEqual([10])
  const before = stage.statuses()
  const again = await stage.run('canary-step', { until: '10' })
  expect([again.status, again.outputs['decision']]).toEqual([0, 'held'])
  expect(stage.statuses()).toEqual(before)
  const rest = await stage.run('canary-step')
  expect(rest.outputs['decision']).toBe('done')
  expect(stage.service.moves.map(({ weight }) => weight)).toEqual([10, 50, 100])
  const done = stage.statuses()
  const twice = await stage.run('canary-step')
  expect([twice.status, twice.outputs['decision'], twice.outputs['reason-code']]).toEqual([
    0,
    'done',
    'already-done',
  ])
  expect(stage.statuses()).toEqual(done)
  expect(stage.service.moves).toHaveLength(3)
}, 120_000)

test('C7, 85: a dry run says every step and reaches neither driver nor GitHub’s writing side', async () => {
  await open({ policy: { deploy: { command: ['false'] } } })
  const { outputs, status, summary } = await stage.run('canary-step', {
    'dry-run': 'true',
    deployment: '',
    token: '',
  })
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([0, 'would-walk', 'dry-run'])
  expect(summary).toContain('set 10 %')
  expect(stage.service.requests).toEqual([])
  expect(stage.statuses()).toEqual([])
}, 60_000)

test('C3: a deployment command that fails exposes nobody', async () => {
  await open({
    policy: { deploy: { command: [process.execPath, '-e', 'console.error("no image"); process.exit(3)'] } },
  })
  const { outputs, status } = await stage.run('canary-step')
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([1, 'refused', 'deploy-failed'])
  expect(JSON.parse(outputs['result'] ?? '{}').message).toContain('no image')
  expect(stage.service.moves).toEqual([])
}, 60_000)

test('47, 76: traffic that somebody else moved ends the rollout instead of being judged', async () => {
  await open()
  await stage.run('canary-step', { until: '10' })
  await fetch(`${stage.service.url}/weight`, { method: 'PUT', body: '{"weight":30}' })
  const { outputs } = await stage.run('canary-step')
  expect([outputs['decision'], outputs['reason-code']]).toEqual(['returned', 'traffic-drift'])
  expect(stage.service.weight()).toBe(0)
}, 60_000)
