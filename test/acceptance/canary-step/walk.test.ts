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
