import { afterEach, expect, test } from '@jest/globals'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
afterEach(async () => {
  expect(stage.hub.violations).toEqual([])
  await stage.close()
})

const words = () => stage.statuses().map((line) => line.split(' ')[3])
const steps = (seconds: number, most: number) => ({
  steps: [
    { weight: 50, margin: '0.5 %', min: 1, max: 12 },
    { weight: 100, margin: '0.5 %', min: seconds, max: most },
  ],
})
const at100 = () => stage.until(() => stage.statuses().some((line) => / 100 confirmed /.test(line)))

test('V5, C3: a version that serves nothing at 100 % is not called done: the traffic returns', async () => {
  stage = await openStage({ rollout: steps(2, 4) })
  const running = stage.start('canary-step')
  await at100()
  stage.service.faults.idle = true
  const { outputs, status, log } = await running.done
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([1, 'returned', 'not-proven'])
  expect([stage.service.weight(), words().includes('done')]).toEqual([0, false])
  expect(log).toMatch(/step 2 at 100 %: inconclusive \(unseen\); .*; not all seen yet, \d s left/)
  expect(JSON.parse(outputs['result'] ?? '{}').message).toMatch(
    /errors: the new version served no request that can be judged since [\d:]+ UTC/,
  )
}, 60_000)

test('V5, C3: a weight that somebody moved during the last watch is read back, and nothing is called done', async () => {
  stage = await openStage({ rollout: steps(3, 6) })
  const running = stage.start('canary-step')
  await at100()
  await new Promise((next) => setTimeout(next, 500))
  await fetch(`${stage.service.url}/weight`, { method: 'PUT', body: '{"weight":60}' })
  const { outputs, status } = await running.done
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([1, 'returned', 'traffic-drift'])
  expect(JSON.parse(outputs['result'] ?? '{}').message).toMatch(/the driver says 60 %/)
  expect([stage.service.weight(), words().includes('done')]).toEqual([0, false])
}, 60_000)

test('V5, C3, C10: promote-unproven does not promote a version that nobody judged', async () => {
  stage = await openStage({
    rollout: { steps: [{ weight: 10, margin: '1 %', min: 1, max: 3 }], inconclusive: 'promote-unproven' },
  })
  stage.service.faults.idle = true
  const { outputs, status, log } = await stage.run('canary-step')
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([1, 'returned', 'not-proven'])
  expect([stage.service.weight(), log.includes('promoted-unproven')]).toEqual([0, false])
  expect(log).toMatch(/step 1 at 10 %: inconclusive \(unserved\)/)
}, 60_000)
