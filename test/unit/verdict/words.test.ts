import { expect, test } from '@jest/globals'
import type { MetricCriterion } from '@relman/core/verdict/criterion'
import { armWords, plain } from '@relman/core/verdict/words'
import { errors, looksAt, observed } from './looks.ts'

test('V5: plain values are said as they are, shares in percent', () => {
  const figures = (rate: number | null) => ({ total: 9, events: 1, rate })
  const arms = { canary: figures(85.5), stable: figures(null) }
  expect(armWords({ ...arms, kind: 'value' })).toBe('85.5 on the canary, nothing seen on the stable version')
  expect(armWords({ canary: figures(0.051), stable: figures(0.0001), kind: 'ratio' })).toBe(
    '5.1 % on the canary, 0.01 % on the stable version',
  )
  expect([0, 0.8, 85.5, 123_456.7, -3, 2e-9].map(plain)).toEqual([
    '0',
    '0.8',
    '85.5',
    '123,500',
    '-3',
    '2e-9',
  ])
})

test('V5: so says a verdict on memory over its limit, and on memory that is worse', () => {
  const memory: MetricCriterion = { ...errors, metric: 'memory', kind: 'value', margins: [], ceiling: 80 }
  const said = (criterion: MetricCriterion) => {
    const arm = (name: string, value: number) =>
      [0, 1, 2].map((one) => ({ instance: `${name}${one}`, total: 0, value: value + one / 10 }))
    const looks = Array.from({ length: 20 }, (_, look) => [
      observed(look * 10, arm('c', 85.4), arm('s', 42), { metric: 'memory', kind: 'value' }),
    ])
    return looksAt({ criteria: [criterion] }, looks).verdict
  }
  expect(said(memory)).toMatchObject({ verdict: 'unhealthy', reason: 'ceiling-exceeded' })
  expect(said(memory).words).toContain('85.5 on the canary, 42.1 on the stable version')
  const worse: MetricCriterion = { ...errors, metric: 'memory', kind: 'value', margins: [0.2] }
  expect(said(worse)).toMatchObject({ reason: 'value-worse' })
  expect(said(worse).words).toContain('85.5 on the canary, 42.1 on the stable version')
})
