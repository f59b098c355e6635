import { describe, expect, test } from '@jest/globals'
import { readConfig } from '@relman/core/config/read-config'
import { replayTrace } from '@relman/core/replay/replay-trace'
import type { Trace, TracedPod } from '@relman/core/replay/trace'
import { tracedSettings } from '@relman/core/replay/traced-criteria'
import { ladder } from '@relman/core/rollout/ladder'

const buckets = 40
const policyOf = (...criteria: string[]) =>
  readConfig(
    `metrics:
  prometheus: { url: 'https://prometheus.example' }
  criteria: ${JSON.stringify(criteria)}
  checks:
    - { kind: ratio, name: errors, total: requests_total, events: errors_total }
    - { kind: ratio, name: payments, about: dependency, total: a, events: b }
    - { kind: latency, name: latency, histogram: seconds }
    - { kind: rate, name: orders, total: a, events: b }
`,
    'relman.yml',
  )
const bare = readConfig('', 'relman.yml')

/** `rate` of errors; `slower` times as slow, judged at edges all around the median of 100 ms. */
const pod = (name: string, requests: number, rate: number, slower = 1): TracedPod => {
  const edges = [0.05, 0.08, 0.1, 0.12, 0.15, 0.2, 0.4, 0.8]
  const below = (edge: number) => Math.round(requests / (1 + (edge / (0.1 * slower)) ** -6))
  const counts = edges.map((edge, i) => below(edge) - (i > 0 ? below(edges[i - 1] ?? 0) : 0))
  return {
    pod: name,
    requests: new Array(buckets).fill(requests),
    errors: Array.from({ length: buckets }, (_, i) => Math.round(requests * rate + (i % 3) - 1)),
    latency: { edges, counts: Array.from({ length: buckets }, () => counts) },
  }
}
const trace = (pods: { canary: TracedPod[]; stable: TracedPod[] }, more: Partial<Trace> = {}): Trace => ({
  name: 'x',
  interval: 15,
  weight: 50,
  arms: pods,
  history: pods.stable,
  ...more,
})
const four = (arm: string, rate: number, slower = 1) =>
  [0, 1, 2, 3].map((i) => pod(`${arm}-${i}`, 1500, rate, slower))

describe('V7: a trace is held to all that the configuration asks of errors and latency', () => {
  test('a limit beside a comparison: what both arms have is above it', () => {
    const both = trace({ canary: four('c', 0.02), stable: four('s', 0.02) })
    expect(replayTrace(both, policyOf('errors < baseline + 1 %')).verdict).toBe('healthy')
    expect(replayTrace(both, policyOf('errors < baseline + 1 %', 'errors < 1 %')).verdict).not.toBe('healthy')
  })

  test('a median beside the tail', () => {
    const slower = trace({ canary: four('c', 0.01, 1.25), stable: four('s', 0.01) })
    const tail = ['errors < baseline + 1 %', 'p99 < 3 × baseline']
    expect(replayTrace(slower, policyOf(...tail)).verdict).toBe('healthy')
    const asked = replayTrace(slower, policyOf(...tail, 'p50 < 1.1 × baseline'))
    expect(asked.verdict).not.toBe('healthy')
  })

  test('the limit of 1 % that holds by default, with and without a configuration', () => {
    const alone = trace({ canary: [pod('c', 750, 1)], stable: [pod('s', 750, 0.05)] }, { history: [] })
    for (const policy of [bare, policyOf()])
      expect(replayTrace(alone, policy)).toMatchObject({ verdict: 'unhealthy', reason: 'ceiling-exceeded' })
  })

  test('what it can answer and nothing else; a margin makes it one step, the last', () => {
    const policy = policyOf('errors < 1.5 × baseline', 'p99 < 1.3 × baseline', 'p50 < 1.2 × baseline')
    const rungs = ladder(policy.rollout)
    const one = trace({ canary: four('c', 0.01), stable: four('s', 0.01) })
    const named = (asked: Trace) =>
      tracedSettings(asked, policy, rungs).criteria.map(({ metric, margins, unit }) => [
        metric,
        margins.at(0),
        unit,
      ])
    const [first = 0] = tracedSettings(one, policy, rungs).criteria[0]?.margins ?? []
    expect(first).toBeGreaterThan(0.5)
    expect(named({ ...one, margin: 0.005 })).toEqual([
      ['errors', 0.005, 'share'],
      ['errors limit', undefined, undefined],
      ['latency', 0.3, 'slower'],
      ['latency p50', 0.2, 'slower'],
    ])
    expect(named({ ...one, margin: 0.01 }).map(([metric]) => metric)).toEqual([
      'errors',
      'latency',
      'latency p50',
    ])
    const untimed = trace({ canary: [{ ...pod('c', 750, 0.01), latency: undefined }], stable: [] })
    expect(named(untimed).map(([metric]) => metric)).toEqual(['errors', 'errors limit'])
  })
})
