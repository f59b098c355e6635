import { expect, test } from '@jest/globals'
import { readConfig } from '@relman/core/config/read-config'

test.each([
  ['schedule: { timezone: UTC }', /^f:1:13: unknown key "timezone" in schedule; did you mean "zone"\?$/],
  ['schedule: { tz: UTC }', /did you mean "zone"\?$/],
  ['schedule: { time_zone: UTC }', /did you mean "zone"\?$/],
  ['timezone: UTC', /^f:1:1: unknown key "timezone"; did you mean "zone" in schedule\?$/],
  ['weekend: [friday]', /did you mean "weekend" in schedule\?$/],
  [
    'rollout: { steps: [{ percentage: 5, margin: 1 % }] }',
    /unknown key "percentage" in rollout\.steps\[0\]; did you mean "weight"\?/,
  ],
  ['rollout: { stages: [] }', /did you mean "steps"\?$/],
  ['features: { Mile_Stone: x }', /did you mean "milestone"\?$/],
  ['image: x', /did you mean "artifact"\?$/],
  ['from: x', /did you mean "from" in version\?$/],
  ['qqqqqq: x', /known here: /],
  ['schedule: { constructors: 1 }', /known here: zone/],
  ['schedule: { "toString": 1 }', /known here: zone/],
])('faults 18: %s', (text, said) => {
  const fault = (() => {
    try {
      readConfig(text, 'f')
      return ''
    } catch (error) {
      return (error as Error).message.split('\n').find((line) => line.includes('unknown key')) ?? ''
    }
  })()
  expect(fault).toMatch(said)
})
