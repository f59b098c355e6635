import { describe, expect, test } from '@jest/globals'
import { learnSpreads, liveAt } from '@relman/core/history/learn-from-record'
import type { RecordEvent } from '@relman/core/record/event'

let seq = 0
const event = (kind: RecordEvent['kind'], data: RecordEvent['data']): RecordEvent => {
  seq += 1
  const about = {
    schema: 1 as const,
    service: 'shop',
    release: '1.0.0',
    actor: 'ada',
    run: null,
    digest: null,
  }
  return {
    ...about,
    kind,
    data,
    key: `${kind}:${seq}`,
    token: null,
    seq,
    at: '',
    prev: null,
    hash: String(seq),
  }
}
const stepped = (weight: number, movedAt: number, confirmedAt: number | null) =>
  event('stepped', { step: 0, weight, movedAt, confirmedAt })
const verdict = (metric: string, ...ratios: number[]) =>
  event('verdict', {
    verdict: 'healthy',
    evidence: { ratios: ratios.map((logRatio) => ({ metric, logRatio, variance: 0.001 })) },
  })
const went = (...ratios: number[]) => [verdict('errors', ...ratios), event('deployed', {})]

describe('V3: when a release went live', () => {
  test.each([
    ['the confirmed move to 100 %', [stepped(10, 100, 101), stepped(100, 500, 502)], 502],
    ['the move itself where nothing confirmed it', [stepped(100, 500, null)], 500],
    ['the last one of two rollouts', [stepped(100, 500, 501), stepped(100, 900, 901)], 901],
    ['never', [stepped(10, 100, 101), event('rolled-back', {})], null],
    ['broken data', [event('stepped', { weight: 'all' })], null],
  ])('%s', (_, events, at) => expect(liveAt(events)).toBe(at))
})

describe('V4: what the record teaches', () => {
  const calm = [0.1, -0.1, 0.12, -0.08, 0.09]
  test('one spread for each metric that enough releases tell of, with how many they are', () => {
    const releases = calm.map((ratio) => [...went(ratio, -ratio), verdict('latency', ratio)])
    expect(learnSpreads(releases)).toEqual([
      { metric: 'errors', spread: expect.closeTo(0.1, 1), releases: 5, steps: 10 },
      { metric: 'latency', spread: expect.closeTo(0.1, 1), releases: 5, steps: 5 },
    ])
  })
  test('releases that were taken back or never went to all traffic teach nothing', () => {
    const bad = [
      [verdict('errors', 2), event('rolled-back', {})],
      [...went(2), event('rolled-back', {})],
      [verdict('errors', 2)],
    ]
    expect(learnSpreads([...calm.map((one) => went(one)), ...bad])).toEqual(
      learnSpreads(calm.map((one) => went(one))),
    )
    expect(learnSpreads([...calm.slice(1).map((one) => went(one)), ...bad])).toEqual([])
  })
  test('records of before this was kept, and broken ones, are no past', () => {
    const old = [event('verdict', { verdict: 'healthy', evidence: null }), event('deployed', {})]
    expect(
      learnSpreads([old, old, old, old, old, [event('verdict', { evidence: { ratios: 'x' } })]]),
    ).toEqual([])
  })
})
