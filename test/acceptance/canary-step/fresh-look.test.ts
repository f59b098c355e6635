import { afterEach, expect, test } from '@jest/globals'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
afterEach(() => stage.close())

test('V2: what proved one step does not end the next, whose margin is narrower, before a look at it', async () => {
  const steps = [
    { weight: 10, margin: '50 %', min: 0, max: 30 },
    { weight: 50, margin: '0.0001 %', min: 0, max: 5 },
  ]
  stage = await openStage({ rollout: { steps, drain: 0, look: 2 } })
  const { status, outputs } = await stage.run('canary-step')
  expect([status, outputs['decision'], outputs['reason-code']]).toEqual([1, 'returned', 'not-proven'])
  const { visits } = JSON.parse(outputs['state'] ?? '{}')
  expect(visits.map(({ verdict, reason }: { verdict: string; reason: string }) => [verdict, reason])).toEqual(
    [
      ['healthy', 'proven'],
      ['inconclusive', 'not-proven'],
    ],
  )
}, 90_000)
