import { expect, test } from '@jest/globals'
import { rolloutPolicy } from '@relman/core/config/rollout-policy'
import { timeLeft } from '@relman/core/rollout/time-left'
import { lookLine } from '../../../actions/canary-step/look-line.ts'

const step = (weight: number) => ({ weight, margin: '1 %', min: 60, max: 600 })
const policy = (...weights: number[]) => rolloutPolicy.parse({ drain: 30, steps: weights.map(step) })

test.each([
  [[10, 50], 0, 0, { least: 285, most: 1_890 }],
  [[10, 50], 0, 45, { least: 240, most: 1_845 }],
  [[10, 50], 0, 5_000, { least: 195, most: 1_260 }],
  [[10, 50], 1, 0, { least: 195, most: 1_260 }],
  [[10, 50], 2, 0, { least: 105, most: 630 }],
  [[10, 50], 2, 900, { least: 0, most: 0 }],
  [[10, 100], 0, 0, { least: 195, most: 1_260 }],
])('C6: of a ladder of %j, on step %d since %d s', (weights, at, since, expected) => {
  expect(timeLeft(policy(...weights), at, since)).toEqual(expected)
})

test('C6: the line of a look says how long this part and the whole rollout still take', () => {
  const facts = {
    rung: { step: 0, weight: 10, margin: 1, min: 60, max: 600, last: false },
    ...{ weight: 10, finding: { verdict: 'inconclusive' as const, reason: 'not-enough-data' } },
    ...{ verdict: null, down: null, move: { do: 'wait' as const, why: 'minimum-bake' as const, left: 45 } },
  }
  const line = lookLine({ ...facts, rest: { least: 240, most: 1_845 } } as never)
  expect(line).toMatch(/least bake, 45 s left; the rollout takes 4 min 0 s to 30 min 45 s more/)
  expect(lookLine({ ...facts, rest: null } as never)).not.toMatch(/the rollout takes/)
})
