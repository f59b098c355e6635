import { expect, test } from '@jest/globals'
import { rolloutPolicy } from '@relman/core/config/rollout-policy'
import { duration } from '@relman/core/config/units'
import { read } from './tree.ts'

const policy = rolloutPolicy.parse({})
const page = read('docs/criteria.md')
const cells = (row: RegExp) => [...page.matchAll(row)].map(([, ...found]) => found)

test('the page of criteria shows the usual ladder as it is', () => {
  const shown = cells(/^\| \d \| ([\d.]+) % \| ([\d.]+) pp \| (\d+) min \| (\d+) min \|$/gm)
  expect(shown).toEqual(
    policy.steps.map(({ weight, margin, min, max }) => [weight, margin, min / 60, max / 60].map(String)),
  )
})

test('and the other defaults of a rollout', () => {
  const shown = Object.fromEntries(cells(/^\| `([a-z[\].]+)` \| `([^`]+)` \|/gm))
  const { steps, look, drain, warmup, history, inconclusive, answer, alpha } = policy
  const times = {
    'steps[].min': steps[0]?.min,
    'steps[].max': steps[0]?.max,
    look,
    drain,
    warmup,
    history,
    answer,
  }
  for (const [key, seconds] of Object.entries(times))
    expect([key, duration.parse(shown[key])]).toEqual([key, seconds])
  expect([shown['inconclusive'], Number(shown['alpha'])]).toEqual([inconclusive, alpha])
})
