import { expect, test } from '@jest/globals'
import { type Ended, lessons } from '@relman/core/caution/lessons'
import { config } from '@relman/core/config/config'
import type { ReleaseState } from '@relman/core/record/event'

const { rollout } = config.parse({
  rollout: {
    steps: [
      { weight: 10, margin: '1 %', min: 100, max: 150 },
      { weight: 50, margin: '1 %', min: 60, max: 900 },
    ],
  },
})
const past = (...states: (ReleaseState | null)[]): Ended[] =>
  states.map((state, index) => ({ version: `1.0.${9 - index}`, state, reason: '', type: 'patch', sha: null }))

test.each([
  ['nothing is known', past(), [100, 60], 10, 0],
  ['all went well', past('completed', 'deployed'), [100, 60], 10, 0],
  ['the last was rolled back', past('rolled-back', 'completed'), [150, 120], 5, 2],
  ['the last did not come back', past('rollback-failed'), [150, 120], 5, 2],
  ['one before the last was rolled back', past('completed', 'rolled-back'), [100, 60], 10, 0],
  ['two of five were', past('completed', 'rolled-back', 'completed', 'rolled-back'), [150, 90], 10, 1],
  [
    'two were, but long ago',
    past(...Array(5).fill('completed'), 'rolled-back', 'rolled-back'),
    [100, 60],
    10,
    0,
  ],
  [
    'what was never exposed teaches nothing',
    past('execution-failed', 'rejected', 'planning'),
    [100, 60],
    10,
    0,
  ],
  ['what was never exposed hides nothing', past('rejected', 'rolled-back'), [150, 120], 5, 2],
] as const)('L6: %s', (_, ended, mins, first, count) => {
  const found = lessons(ended, rollout)
  expect(found.rollout.steps.map(({ min }) => min)).toEqual([...mins])
  expect(found.rollout.steps[0]?.weight).toBe(first)
  expect(found.lessons).toHaveLength(count)
  expect(found.rollout.steps.every(({ min, max }) => min <= max)).toBe(true)
})

test('L6: a first step that is small already, or the only one, stays', () => {
  const steps = (...weights: number[]) => ({
    ...rollout,
    steps: weights.map((weight) => ({ weight, margin: 1, min: 1, max: 9 })),
  })
  const weights = (given: typeof rollout) =>
    lessons(past('rolled-back'), given).rollout.steps.map(({ weight }) => weight)
  expect([weights(steps(1, 50)), weights(steps(20)), weights(steps(5, 50))]).toEqual([
    [1, 50],
    [20],
    [2.5, 50],
  ])
})
