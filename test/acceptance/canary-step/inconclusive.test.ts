import { afterEach, expect, test } from '@jest/globals'
import { openStage, type Stage, type StageOptions } from './stage.ts'

let stage: Stage
afterEach(async () => {
  expect(stage.hub.violations).toEqual([])
  await stage.close()
})

const words = () => stage.statuses().map((line) => line.split(' ')[3])
/** Five requests a second: half a request a second reaches the new version, and nothing can be proven in four seconds. */
const quiet = (inconclusive: string, more: StageOptions = {}) =>
  openStage({
    rate: 5,
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
    /errors: at 10 % \(0\.5 requests a second on the new version\), 4 s can prove .*; the step asks for 1 percentage points, so it will probably stay unproven/
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

test('C10: ask: it holds where it stands and says that nobody watches; going on watches again, harm returns', async () => {
  stage = await openStage({
    rate: 100,
    rollout: { steps: [{ weight: 10, margin: '0.1 %', min: 1, max: 4 }], inconclusive: 'ask' },
  })
  const held = await stage.run('canary-step')
  expect([held.status, held.outputs['decision'], held.outputs['reason-code']]).toEqual([0, 'held', 'ask'])
  expect([held.outputs['weight'], stage.service.weight()]).toEqual(['10', 10])
  expect(held.summary).toMatch(/nobody watches .* watchdog/)
  expect(words()).toEqual(['moved', 'confirmed'])
  stage.service.faults.errors = { canary: 1, stable: 0.001 }
  const again = await stage.run('canary-step')
  expect([again.status, again.outputs['reason-code']]).toEqual([1, 'error-rate-above-margin'])
  expect(stage.service.weight()).toBe(0)
}, 90_000)

test('C10: ask: whoever was asked can roll back', async () => {
  stage = await quiet('ask')
  await stage.run('canary-step')
  const back = await stage.run('rollback', { operation: 'undo' })
  expect(stage.service.weight()).toBe(0)
  expect(words().slice(-2)).toContain('returned')
  expect(back.outputs['weight']).toBe('0')
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
