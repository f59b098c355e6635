import { expect, test } from '@jest/globals'
import { config } from '@relman/core/config/config'
import { drawPlan } from '@relman/core/plan/draw-plan'
import { showExposure } from '@relman/core/plan/show-exposure'
import { facts } from '../plan/facts.ts'
import { fault } from './fault.ts'

const checks =
  'metrics: { prometheus: { url: "http://p" }, checks: [{ name: e, kind: ratio, total: a, events: b }] }\n'
const steps = (...each: string[]) =>
  `rollout:\n  steps:\n${each.map((step) => `    - { ${step} }\n`).join('')}`

test.each([
  [
    'a patience below the least bake',
    steps('weight: 1, margin: 1 %, min: 10m, max: 5m'),
    /^f:3:\d+: rollout\.steps\[0\]\.max: is shorter than min, the least bake of 600 s; write 600s or more, not "5m"$/,
  ],
  [
    'a margin of nothing',
    checks + steps('weight: 1, margin: 1 %', 'weight: 5, margin: 0 %'),
    /^f:5:\d+: rollout\.steps\[1\]\.margin: write more than 0 %/,
  ],
  [
    'that of a component',
    `${checks}components: { web: { path: ., rollout: { steps: [{ weight: 1, margin: 0 % }] } } }\n`,
    /^f:2:\d+: components\.web\.rollout\.steps\[0\]\.margin: write more/,
  ],
  ['a look all the time', 'rollout: { look: 0s }\n', /^f:1:18: rollout\.look: write more than 0/],
  [
    'a file for a server',
    'metrics: { prometheus: { url: "file:///etc/passwd" } }\n',
    /^f:1:31: metrics\.prometheus\.url: write a whole address such as https/,
  ],
  [
    'another protocol for health',
    'metrics: { health: ["ftp://h/x"] }\n',
    /metrics\.health\[0\]: write a whole address/,
  ],
])('faults 23: %s is refused where it stands', (_, text, said) => expect(fault(text)).toMatch(said))

test('what nothing is compared by may stand', () => {
  expect(fault(steps('weight: 1, margin: 0 %'))).toBe('')
  const own = checks.replace('events: b', 'events: b, margins: [1 %]')
  expect(fault(own + steps('weight: 1, margin: 0 %'))).toBe('')
})

test('V4: a margin that grows with exposure is followed, and plan and summary warn of it', () => {
  const rollout = {
    steps: [
      { weight: 1, margin: '0.2 %' },
      { weight: 5, margin: '1 %' },
      { weight: 20, margin: '1 %' },
    ],
  }
  const plan = drawPlan(facts({}, { rollout }))
  const words =
    /the step of 5 % allows 1 percentage points, more than the 0\.2 of the step of 1 %: margins should shrink/
  expect(plan.gaps.filter((gap) => words.test(gap))).toHaveLength(1)
  expect(plan.gaps.join()).not.toMatch(/step of 20 %/)
  expect(showExposure(plan).replace(/\\/g, '')).toMatch(new RegExp(`⚠ ${words.source}`))
  expect(drawPlan(facts()).gaps.join()).not.toMatch(/margins should shrink/)
  expect(config.parse({ rollout }).rollout.steps[1]?.margin).toBe(1)
})
