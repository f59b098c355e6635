import { describe, expect, test } from '@jest/globals'
import { readConfig } from '@relman/core/config/read-config'
import { numberedLines } from '@relman/core/replay/numbered-lines'
import { replayLine, replayTrace } from '@relman/core/replay/replay-trace'
import type { Trace, TracedPod } from '@relman/core/replay/trace'

const { rollout, metrics } = readConfig('', 'relman.yml')
const policy = { rollout, metrics }
const withLatency = readConfig(
  `metrics:
  checks:
    - { name: p99, kind: latency, histogram: 'duration{}', margins: [1] }
`,
  'relman.yml',
)

const pod = (name: string, requests: number, errors: number, buckets = 40): TracedPod => ({
  pod: name,
  requests: new Array(buckets).fill(requests),
  // Not always at once.
  errors: Array.from({ length: buckets }, (_, i) => (i % 2) * errors),
})
const stable = [0, 1, 2, 3].map((i) => pod(`s-${i}`, 2000, 4))
const trace = (canary: TracedPod[], more: Partial<Trace> = {}): Trace => ({
  name: 'x',
  interval: 15,
  margin: 0.005,
  weight: 11,
  arms: { canary, stable },
  history: stable,
  ...more,
})

describe('V7: a trace is judged as a rollout is', () => {
  test('proven, or rolled back, at the end of a bucket', () => {
    expect(replayTrace(trace([pod('c', 1000, 2)]), policy)).toMatchObject({
      verdict: 'healthy',
      reason: 'proven',
    })
    const bad = replayTrace(trace([pod('c', 1000, 60)]), policy)
    expect(bad).toMatchObject({ verdict: 'unhealthy', reason: 'error-rate-above-margin' })
    expect((bad.at ?? 1) % 15).toBe(0)
  })

  test('harm after the proof is harm', () => {
    const turned = pod('c', 1000, 2)
    turned.errors = turned.errors.map((errors, i) => (i < 20 ? errors : 50))
    expect(replayTrace(trace([turned]), policy)).toMatchObject({ verdict: 'unhealthy' })
  })

  test('a margin wider than the harm lets it pass; without a margin the ladder of the configuration holds', () => {
    const worse = [pod('c', 1000, 20)]
    expect(replayTrace(trace(worse, { margin: 0.05 }), policy).verdict).toBe('healthy')
    const { margin: _, ...ladder } = trace(worse)
    expect(replayTrace(ladder, policy).verdict).toBe('unhealthy')
  })

  test('weights may change from bucket to bucket; only the last step proves', () => {
    const { margin: _, ...ladder } = trace([pod('c', 1000, 2)])
    const weight = Array.from({ length: 40 }, (_, i) => (i < 39 ? 11 : 50))
    const late = replayTrace({ ...ladder, weight }, policy)
    expect(late.at === null || late.at === 600).toBe(true)
  })

  test('nothing known in a bucket is nothing, not zero', () => {
    const gaps = pod('c', 1000, 2)
    gaps.requests = gaps.requests.map((count, i) => (i < 10 ? null : count))
    const whole = replayTrace(trace([pod('c', 1000, 2)]), policy)
    const later = replayTrace(trace([gaps]), policy)
    expect(later.verdict).toBe('healthy')
    expect(later.at).toBeGreaterThan(whole.at ?? 0)
    const never = pod('c', 1000, 2)
    never.requests = never.requests.map(() => null)
    expect(replayTrace(trace([never]), policy)).toMatchObject({
      verdict: 'inconclusive',
      at: null,
      reason: 'no-data',
    })
  })

  test('latency, where the trace and the configuration have it', () => {
    const timed = (name: string, slow: number): TracedPod => ({
      ...pod(name, 1000, 0),
      latency: { edges: [0.1, 0.5, 1], counts: Array.from({ length: 40 }, () => [900 - slow, 90, 10, slow]) },
    })
    const arms = { canary: [timed('c', 150)], stable: [timed('a', 5), timed('b', 5), timed('d', 5)] }
    const both = trace([], { arms, history: arms.stable, weight: 25 })
    expect(replayTrace(both, { rollout, metrics: withLatency.metrics })).toMatchObject({
      verdict: 'unhealthy',
      reason: 'latency-above-margin',
    })
    // Where nothing is configured the defaults judge latency too; whoever writes a check of errors alone means that.
    expect(replayTrace(both, policy).reason).toBe('latency-above-margin')
    const errorsAlone = readConfig(
      `metrics:
  checks:
    - { name: errors, kind: ratio, total: 'a', events: 'b' }
`,
      'relman.yml',
    )
    expect(replayTrace(both, { rollout, metrics: errorsAlone.metrics }).verdict).toBe('healthy')
    const left = structuredClone(both)
    // Its history is the same pods.
    for (const one of [...left.arms.canary, ...left.arms.stable])
      for (const counts of one.latency?.counts ?? []) counts.pop()
    // What the last bucket holds follows from the requests.
    expect(replayTrace(left, { rollout, metrics: withLatency.metrics }).reason).toBe('latency-above-margin')
  })

  test('latency of a bucket may be unknown, and a row that fits no edges is named', () => {
    const timed = (name: string, row: unknown): unknown => ({
      ...pod(name, 1000, 0, 2),
      latency: { edges: [0.1, 0.5], counts: [row, [990, 8, 2]] },
    })
    const line = (row: unknown) =>
      JSON.stringify(
        trace([], { arms: { canary: [timed('c', row)], stable: [timed('a', row)] } as never, history: [] }),
      )
    for (const row of [null, [null, 8, 2], []]) expect(replayLine(line(row), policy).detail).toBeUndefined()
    expect(replayLine(line([1000]), policy).detail).toMatch(/1 counts of latency for 2 edges in bucket 1/)
  })
})

test.each([
  ['half a line', '{', '', 'not JSON'],
  ['a list', '[]', '', 'the trace'],
  ['a name only', '{"name":"n"}', 'n', 'interval'],
  ['interval: -1', JSON.stringify({ ...trace([]), interval: -1 }), 'x', 'interval'],
  ['weight: all', JSON.stringify({ ...trace([]), weight: 'all' }), 'x', 'weight'],
  [
    'an arm is missing',
    JSON.stringify({ ...trace([]), arms: { stable: [] } }),
    'x',
    'arms.canary: is missing; write a list',
  ],
  [
    'a list is short',
    JSON.stringify(trace([{ ...pod('c', 1000, 0), errors: [0] }])),
    'x',
    'arms.canary[0]: pod "c" has 40 requests and 1 errors; write one for each bucket',
  ],
  ['weight: 101', JSON.stringify({ ...trace([]), weight: [50, 101] }), 'x', 'weight'],
  [
    'a weight for half of the buckets',
    JSON.stringify(trace([pod('c', 1000, 2)], { weight: [1, 5] })),
    'x',
    'weight: 2 numbers for 40 buckets; write one number, or one for each bucket',
  ],
  ['weight: -1', JSON.stringify({ ...trace([]), weight: -1 }), 'x', 'weight'],
  [
    'a pod comes twice',
    JSON.stringify(trace([pod('c', 1000, 2), pod('c', 1000, 2)])),
    'x',
    'arms.canary: pod "c" comes twice; write one entry for each pod',
  ],
  ['unknown: 1', JSON.stringify({ ...trace([]), unknown: 1 }), 'x', 'unknown'],
])('a bad line is inconclusive and says what is wrong: %s', (_, line, name, named) => {
  const answer = replayLine(line, policy)
  expect(answer).toMatchObject({ name, verdict: 'inconclusive', at: null, reason: 'bad-data' })
  expect(answer.detail).toContain(named)
})

test.each([
  ['negative', -5],
  ['more errors than requests', 5000],
])('impossible counts are no evidence: %s', (_, errors) => {
  const answer = replayTrace(trace([{ ...pod('c', 1000, 0), errors: new Array(40).fill(errors) }]), policy)
  expect(answer).toMatchObject({ verdict: 'inconclusive', at: null, reason: 'bad-data' })
})

test.each([
  [
    'more errors than requests',
    'canary',
    ['errors', 1500] as const,
    'canary: pod "c-0" has 1500 errors in 1000 requests',
  ],
  ['fewer than no requests', 'stable', ['requests', -500] as const, 'stable: pod "c-0" has -500 requests'],
  [
    'more requests than there can be',
    'canary',
    ['requests', 1e300] as const,
    'canary: pod "c-0" has 1e+300 requests',
  ],
])('counts that cannot be are named, wherever they are: %s', (_, arm, wrong, named) => {
  const odd = pod('c-0', 1000, 2)
  odd[wrong[0]][3] = wrong[1]
  const canary = [pod('c-1', 1000, 2), pod('c-2', 1000, 2), pod('c-3', 1000, 2)]
  const whole = trace(canary)
  const arms = arm === 'canary' ? { canary: [...canary, odd], stable } : { canary, stable: [...stable, odd] }
  const answer = replayTrace({ ...whole, arms, weight: 50 }, policy)
  expect([answer.verdict, answer.reason]).toEqual(['healthy', 'proven'])
  expect(answer.detail).toBe(`${named} in bucket 4, 45 to 60 s after the start, which says nothing`)
})

test('counts of latency and of the history that cannot be are named, and how many more there are', () => {
  const odd = { ...pod('s-9', 1000, 2), latency: { edges: [1], counts: new Array(40).fill([1001]) } }
  const answer = replayTrace(trace([pod('c', 1000, 2)], { history: [odd] }), policy)
  expect(answer.detail).toBe(
    'history: pod "s-9" has 1001 requests in its latency, and 1000 in all in bucket 1, which says nothing; so do 39 more buckets of its pods',
  )
})

test('the one instance that decides is named', () => {
  const canary = [pod('c-0', 1000, 2), pod('c-1', 1000, 2), pod('c-2', 1000, 2), pod('c-3', 1000, 60)]
  const answer = replayTrace(trace(canary, { weight: 30, margin: 0.001 }), policy)
  expect(answer).toMatchObject({ verdict: 'inconclusive', reason: 'one-instance', instance: 'c-3' })
})

test('what vanished is told in seconds since the start', () => {
  const silent = pod('c', 1000, 2)
  silent.requests = silent.requests.map((count, i) => (i < 2 ? count : null))
  const answer = replayTrace(trace([silent], { margin: 0.0001 }), policy)
  expect(answer).toMatchObject({ verdict: 'inconclusive', reason: 'metric-vanished' })
  expect(answer.detail).toBe('errors: no data of the canary arm since 30 s after the start')
})

test('a bad line is named by its number, where it has one', () => {
  expect(replayLine('{', policy, 7).detail).toBe('line 7: it is not JSON')
  expect(replayLine('{"name":"n"}', policy, 8).detail).toMatch(/^line 8: .*interval/)
})

test('lines are numbered as an editor numbers them; empty ones hold no trace', () => {
  expect(numberedLines('\uFEFFa')).toEqual([{ number: 1, text: 'a' }])
  expect(numberedLines('a\n\n  \r\nb\r\n')).toEqual([
    { number: 1, text: 'a' },
    { number: 4, text: 'b\r' },
  ])
})
