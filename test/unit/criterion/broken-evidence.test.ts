import { expect, test } from '@jest/globals'
import { combine, type Heard } from '@relman/core/verdict/combine'
import { openMetric } from '@relman/core/verdict/metric-state'
import { rulesOf } from '@relman/core/verdict/settings'

const criteria = ['errors', 'latency'].map((metric) => ({
  metric,
  kind: 'ratio' as const,
  direction: 'lower-is-better' as const,
  margins: [0.01],
  required: true,
}))
const rules = rulesOf({ criteria })
const heard = (index: number, against: number, proven: number): Heard => {
  const criterion = criteria[index]
  if (!criterion) throw new Error('no criterion')
  const figures = { total: 100, events: 1, rate: 0.01 }
  const outcome = {
    against,
    for: proven,
    harm: 'error-rate-above-margin' as const,
    unprovable: false,
    learning: false,
    weak: false,
    canary: figures,
    stable: figures,
    estimate: 0,
    bounds: null,
    margin: 0.01,
  }
  return { state: openMetric(criterion, [], rules), outcome, fault: null, vanished: false }
}
const step = { index: 0, last: true, elapsedSeconds: 900, weight: 50 }

test('V5: evidence that is no number never hides harm that another metric shows', () => {
  const found = combine([heard(0, 1e4, 1), heard(1, Number.NaN, 1)], step, rules)
  expect(found).toMatchObject({ verdict: 'unhealthy', metric: 'errors' })
})

test.each([
  [Number.NaN, 100],
  [1, Number.NaN],
])('V5: evidence that is no number (%p, %p) is never healthy', (against, proven) => {
  const found = combine([heard(0, 1, 1000), heard(1, against, proven)], step, rules)
  expect(found).toMatchObject({ verdict: 'inconclusive', reason: 'bad-data', metric: 'latency' })
})
