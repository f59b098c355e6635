import { expect, test } from '@jest/globals'
import { readConfig } from '@relman/core/config/read-config'
import { promisesOf } from '@relman/core/criterion/promise'

const checks = [
  { name: 'error-rate', kind: 'ratio' },
  { name: 'http-5xx', kind: 'ratio' },
  { name: 'latency', kind: 'latency' },
  { name: 'orders', kind: 'rate', direction: 'higher-is-better' as const },
  { name: 'timeouts', kind: 'rate', direction: 'lower-is-better' as const },
  { name: 'saturation', kind: 'value', direction: 'lower-is-better' as const },
  { name: 'tight', kind: 'ratio', margins: [1], ceiling: 1 },
]

const kept: [string, object][] = [
  ['error-rate < baseline + 0.1 %', { is: 'compared', unit: 'share', margin: 0.001 }],
  ['error-rate < 1.5 × baseline', { is: 'compared', unit: 'relative', margin: 0.5 }],
  ['p99 < 1.2 × baseline', { is: 'compared', check: 'latency', unit: 'slower', margin: 0.2, quantile: 0.99 }],
  ['p50 < 1.1 × baseline', { is: 'compared', check: 'latency', unit: 'slower', margin: 0.1, quantile: 0.5 }],
  ['latency < 1.3 × baseline', { is: 'compared', check: 'latency', unit: 'slower', quantile: null }],
  ['orders > 0.95 × baseline', { is: 'compared', unit: 'relative', margin: 0.05 }],
  ['timeouts < 1.1 × baseline', { is: 'compared', unit: 'relative', margin: 0.1 }],
  ['http-5xx < 1 %', { is: 'limit', ceiling: 0.01 }],
  ['saturation < 80 %', { is: 'limit', ceiling: 0.8 }],
]

test.each(kept)('V5: %s is judged as written', (text, expected) => {
  const { promises, faults } = promisesOf([text], checks)
  expect([promises, faults]).toMatchObject([[{ text, ...expected }], []])
})

const refused: [string, number, RegExp][] = [
  ['error-rte < 1 %', 0, /no check is named "error-rte"/],
  ['error-rate > 1 %', 0, /less is better; write error-rate </],
  ['orders < 0.95 × baseline', 0, /more is better; write orders >/],
  ['orders > 1.05 × baseline', 9, /better than the baseline/],
  ['orders > baseline - 5 %', 9, /a factor such as 0.95 × baseline/],
  ['p99 < baseline + 20 %', 6, /a factor such as 1.2 × baseline/],
  ['p99 < 300 ms', 6, /compared with the baseline/],
  ['p49 < 1.2 × baseline', 0, /only quantiles from p50 to p99.9 can be judged/],
  ['p100 < 1.2 × baseline', 0, /only quantiles from p50 to p99.9 can be judged/],
  ['p99 of orders < 1.2 × baseline', 7, /orders is a rate; only a latency has quantiles/],
  ['timeouts < baseline', 11, /no change at all can never be proven/],
  ['error-rate < 0.01', 13, /write it with a percent sign/],
  ['error-rate < 0 %', 13, /can never be proven/],
  ['error-rate < baseline + 100 %', 13, /100 percentage points more limit nothing/],
  ['tight < baseline + 0.1 %', 8, /margins of its own/],
  ['tight < 2 %', 8, /ceiling of its own/],
]

test.each(refused)('V5: %s is refused with the fix', (text, at, message) => {
  const { promises, faults } = promisesOf([text], checks)
  expect([promises, faults]).toMatchObject([[], [{ index: 0, at }]])
  expect(faults[0]?.message).toMatch(message)
})

test('one check may be compared and limited, but neither twice', () => {
  const twice = ['http-5xx < 1 %', 'http-5xx < baseline + 0.1 %', 'http-5xx < 2 %']
  const { promises, faults } = promisesOf(twice, checks)
  expect([promises.map(({ is }) => is), faults.map(({ index }) => index)]).toEqual([
    ['limit', 'compared'],
    [2],
  ])
})

test('p99 alone is the only latency there is, a check of that name, or a question', () => {
  const two = [...checks, { name: 'other', kind: 'latency' }]
  expect(promisesOf(['p99 < 2 × baseline'], two).faults[0]?.message).toContain(
    'p99 of latency or p99 of other',
  )
  const named = [...two, { name: 'p99', kind: 'latency' }]
  expect(promisesOf(['p99 < 2 × baseline'], named).promises[0]).toMatchObject({
    check: 'p99',
    quantile: 0.99,
  })
})

const file = (criteria: string) => `
service: shop
metrics:
  prometheus: { url: 'https://prometheus.example' }
  criteria:
    - ${criteria}
  checks:
    - { kind: ratio, name: error-rate, total: a, events: b }
    - { kind: rate, name: orders, total: a, events: o }
`

test.each([
  ['error-rte < baseline + 0.1 %', 'relman.yml:6:7', 'did you mean "error-rate"?'],
  ["'error-rate < basline + 0.1 %'", 'relman.yml:6:21', 'not "basline"'],
  ['error-rate < basline + 0.1 %', 'relman.yml:6:20', 'not "basline"'],
  ['"orders > 1.2 × baseline"', 'relman.yml:6:17', 'better than the baseline'],
])('V5: a fault in %s has its line, column and fix', (criteria, place, fix) => {
  const read = () => readConfig(file(criteria), 'relman.yml')
  expect(read).toThrow(new RegExp(`^${place}: metrics.criteria\\[0\\]: `))
  expect(read).toThrow(fix)
})

test('V5: what is right is kept word by word', () => {
  const { metrics } = readConfig(file("'error-rate  <  baseline+0.1pp'"), 'relman.yml')
  expect(metrics?.criteria).toEqual(['error-rate  <  baseline+0.1pp'])
})
