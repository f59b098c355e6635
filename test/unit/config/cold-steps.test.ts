import { expect, test } from '@jest/globals'
import { rolloutPolicy } from '@relman/core/config/rollout-policy'
import { coldSteps } from '@relman/core/config/step-faults'

const step = (weight: number, max: number) => ({ weight, margin: '1 %', min: 1, max })

test('C10, V5: a step that is over before new instances are past their warm-up is named with what to write', () => {
  expect(coldSteps(rolloutPolicy.parse({}))).toEqual([])
  const words = coldSteps(rolloutPolicy.parse({ steps: [step(10, 20), step(50, 60)] }))
  expect(words).toEqual([
    'the step of 10 % is over 50 s after its move, before new instances are past their warm-up of 90 s, so it can only return unproven: make "max" longer (rollout.steps) or "warmup" shorter (rollout.warmup)',
  ])
})
