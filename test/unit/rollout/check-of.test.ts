import { expect, test } from '@jest/globals'
import { checkBehind } from '@relman/core/rollout/check-of'

test('B11: the page of a return shows the check that decided', () => {
  const checks = [
    { name: 'errors', kind: 'ratio', about: 'errors' },
    { name: 'payments', kind: 'ratio', about: 'dependency' },
    { name: 'orders', kind: 'rate' },
    { name: 'latency', kind: 'latency' },
    { name: 'busy', kind: 'value' },
  ]
  const of = (reason: string | null) => checkBehind(reason, checks)
  expect(of('latency-above-margin')).toBe('latency')
  expect(of('business-decline')).toBe('orders')
  expect(of('dependency-failures')).toBe('payments')
  expect(of('value-worse')).toBe('busy')
  for (const other of ['error-rate-above-margin', 'ceiling-exceeded', 'manual', null])
    expect(of(other)).toBeNull()
  expect(checkBehind('latency-above-margin', checks.slice(0, 1))).toBeNull()
})
