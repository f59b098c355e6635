import { afterEach, expect, test } from '@jest/globals'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
afterEach(async () => {
  expect(stage.hub.violations).toEqual([])
  await stage.close()
})

const words = () => stage.statuses().map((line) => line.split(' ')[3])
/** One short step, then a last watch of so many seconds. */
const steps = (seconds: number, most = seconds) => ({
  steps: [
    { weight: 50, margin: '0.5 %', min: 1, max: 12 },
    { weight: 100, margin: '0.5 %', min: seconds, max: most },
  ],
})

test('B1, V2: errors over the ceiling at 100 % return the traffic though the stable version shows nothing any more', async () => {
  stage = await openStage({ rollout: steps(20) })
  const running = stage.start('canary-step')
  await stage.until(() => stage.statuses().some((line) => / 100 confirmed /.test(line)))
  stage.service.faults.metrics = 'canary-only'
  stage.service.faults.errors = { canary: 0.06, stable: 0.001 }
  const { outputs, status, summary } = await running.done
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([1, 'returned', 'ceiling-exceeded'])
  expect(stage.service.weight()).toBe(0)
  expect(words().slice(-3)).toEqual(['unhealthy', 'returning', 'returned'])
  expect(summary).toMatch(/errors limit: an absolute ceiling is exceeded/)
}, 60_000)
