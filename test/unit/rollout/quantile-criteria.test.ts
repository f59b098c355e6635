import { describe, expect, test } from '@jest/globals'
import { metricsPolicy } from '@relman/core/config/metrics-policy'
import { rolloutPolicy } from '@relman/core/config/rollout-policy'
import { checkOf } from '@relman/core/rollout/check-of'
import { criteriaOf } from '@relman/core/rollout/criteria'
import { ladder } from '@relman/core/rollout/ladder'

const rungs = ladder(rolloutPolicy.parse({}))
const parsed = (...criteria: string[]) =>
  metricsPolicy.safeParse({
    prometheus: { url: 'https://prometheus.example' },
    checks: [{ kind: 'latency', name: 'latency', histogram: 'h' }],
    criteria,
  })
const held = (...criteria: string[]) =>
  criteriaOf(parsed(...criteria).data, rungs).map(
    ({ metric, observes, written, quantile = 0.99, margins, required }) =>
      `${metric}|${observes ?? '-'}|${written}|${quantile}|${margins.at(-1)}|${required}`,
  )
const p99 = 'latency|-|p99 of latency < 1.2 × baseline|0.99|0.2|true'

describe('V2: what a latency is held to', () => {
  test.each<[string, string[], string[]]>([
    ['nothing written: p99', [], [p99]],
    ['p95 in its place', ['p95 < 1.3 × baseline'], ['latency|-|p95 < 1.3 × baseline|0.95|0.3|true']],
    [
      'p50 beside it, never in its place',
      ['p50 < 1.1 × baseline'],
      [p99, 'latency p50|latency|p50 < 1.1 × baseline|0.5|0.1|true'],
    ],
    [
      'all three',
      ['p50 < 1.1 × baseline', 'p95 < 1.2 × baseline', 'p99 < 1.5 × baseline'],
      [
        'latency|-|p95 < 1.2 × baseline|0.95|0.2|true',
        'latency p50|latency|p50 < 1.1 × baseline|0.5|0.1|true',
        'latency p99|latency|p99 < 1.5 × baseline|0.99|0.5|true',
      ],
    ],
  ])('%s', (_, criteria, expected) => {
    expect(held(...criteria)).toEqual(expected)
  })

  test('the same quantile twice is refused, also where one is meant by default', () => {
    for (const twice of [
      ['p50 < 1.1 × baseline', 'p50 of latency < 1.2 × baseline'],
      ['latency < 1.1 × baseline', 'p99 < 1.2 × baseline'],
    ])
      expect(parsed(...twice).error?.issues[0]?.message).toMatch(/latency is promised twice/)
  })

  test('a further criterion is still about its check', () => {
    expect(['latency', 'latency p50', 'latency p99.9', 'errors limit', 'p50'].map(checkOf)).toEqual([
      'latency',
      'latency',
      'latency',
      'errors',
      'p50',
    ])
  })
})
