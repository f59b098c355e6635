import { expect, test } from '@jest/globals'
import { readConfig } from '@relman/core/config/read-config'

const read = (step: string, metrics: string) =>
  readConfig(`rollout:\n  steps:\n    - ${step}\nmetrics:\n  ${metrics}\n`, 'relman.yml')
const check = 'kind: ratio, name: errors, total: a.as_count(), events: b.as_count()'
const step = (max: string) => `{ weight: 10, margin: 1 %, min: 2m, max: ${max} }`
const datadog = `datadog: { interval: 20s, delay: 60s }`

test('V4: a step whose patience ends before its provider can have told enough is refused with line and fix', () => {
  expect(() => read(step('190s'), `${datadog}\n  checks: [{ ${check} }]`)).toThrow(
    'relman.yml:3:7: rollout.steps[0]: max of 190 s leaves no time to prove it: metrics.datadog tells of 20 s at a time, 60 s late; write max: 200s or more',
  )
  expect(read(step('200s'), `${datadog}\n  checks: [{ ${check} }]`).rollout.steps[0]?.max).toBe(200)
})

test('V4: a check that need not be proven, and a provider that tells at once, ask for no time', () => {
  expect(() => read(step('2m'), `${datadog}\n  checks: [{ ${check}, required: false }]`)).not.toThrow()
  expect(() =>
    read(step('2m'), `prometheus: { url: https://p.example }\n  checks: [{ ${check} }]`),
  ).not.toThrow()
})

test('V4: the steps that hold by default leave every vendor its time', () => {
  const http = '{ url: https://x.example, read: { series: a, time: b, value: c } }'
  for (const provider of ['datadog: {}', 'cloudwatch: {}', `http: ${http}`]) {
    const edges = provider.startsWith('cloudwatch') ? check.replace(/\.as_count\(\)/g, '') : check
    const text = `metrics:\n  ${provider}\n  checks: [{ ${edges} }]\n`
    expect(() => readConfig(text, 'relman.yml')).not.toThrow()
  }
})
