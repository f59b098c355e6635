import { expect, test } from '@jest/globals'
import type { EventDraft, RecordEvent } from '@relman/core/record/event'
import { fold } from '@relman/core/record/fold'
import { draft, sealed } from './drafts.ts'

/** Each draft a minute after the one before. */
const minutes = (drafts: readonly EventDraft[]): RecordEvent[] => {
  const events: RecordEvent[] = []
  for (const [index, one] of drafts.entries()) {
    events.push(...sealed([one], events, new Date(Date.UTC(2026, 10, 20, 10, index)).toISOString()))
  }
  return events
}

const approved = [
  draft('planned'),
  draft('gated', { stage: 'scope', decision: 'go' }, 'g1'),
  draft('signed-off', { role: 'engineering', environment: 'e', by: 'grace', comment: 'fine' }),
  draft('gated', { stage: 'production', decision: 'go' }, 'g2'),
  draft('approved'),
  { ...draft('started', { deployment: 42 }), token: 3 },
]

test('L2: phases with start, end, duration and activities', () => {
  const { phases } = fold(minutes([...approved, draft('deployed'), draft('published'), draft('completed')]))
  expect(phases.map(({ name, seconds, failure }) => [name, seconds, failure])).toEqual([
    ['planning', 60, null],
    ['pre-release', 120, null],
    ['deployment', 60, null],
    ['post-release', 120, null],
  ])
  expect(phases[1]?.activities).toEqual(['signed-off engineering', 'gated production', 'approved'])
})

test('L2: a failed phase names the item', () => {
  const { phases } = fold(
    minutes([
      draft('planned'),
      draft('gated', { stage: 'scope', decision: 'no-go', reasonCode: 'check-failed' }),
    ]),
  )
  expect(phases).toMatchObject([{ name: 'planning', failure: 'check-failed' }])
})

test('L3: an ending has duration, error, metrics and the result of the rollback', () => {
  const events = minutes([
    ...approved,
    draft('stepped', { step: 0, weight: 1 }, 's0'),
    draft('verdict', { weight: 1, verdict: 'unhealthy', reason: 'error-rate-above-margin', seconds: 9 }),
    draft('deployment-failed', { error: 'error-rate-above-margin', metrics: { errors: 12 } }),
    draft('rolled-back', { seconds: 4 }),
  ])
  const release = fold(events)
  expect(release).toMatchObject({ state: 'rolled-back', token: 3, deployment: 42, digest: 'd1', revision: 1 })
  expect(release.steps).toMatchObject([{ weight: 1, verdict: 'unhealthy', seconds: 9 }])
  expect(release.ending).toEqual({
    state: 'rolled-back',
    at: '2026-11-20T10:09:00.000Z',
    seconds: 540,
    error: 'error-rate-above-margin',
    rollback: { recovered: true, seconds: 4, error: null },
    metrics: { errors: 12 },
  })
})

test.each([
  [
    'rollback-failed',
    [draft('deployment-failed', { error: 'e' }), draft('rollback-failed', { error: 'traffic is stuck' })],
  ],
  ['execution-failed', [draft('execution-failed', { error: 'the runner was lost' })]],
] as const)('L3: %s is an ending too, with its error', (state, drafts) => {
  const { ending } = fold(minutes([...approved, ...drafts]))
  expect(ending).toMatchObject({ state, seconds: expect.any(Number), error: expect.any(String) })
  if (state === 'rollback-failed')
    expect(ending?.rollback).toEqual({ recovered: false, seconds: null, error: 'traffic is stuck' })
})

test('a new revision is in force; a plan after the start is not', () => {
  const second = { ...draft('planned', {}, 'p2'), digest: 'd2' }
  expect(fold(minutes([draft('planned'), second]))).toMatchObject({ digest: 'd2', revision: 2 })
  expect(fold(minutes([...approved, second]))).toMatchObject({
    digest: 'd1',
    revision: 1,
    state: 'executing',
  })
})

test('time that runs backwards gives no negative duration (faults 50)', () => {
  const [first] = sealed([draft('planned')], [], '2026-11-20T11:00:00.000Z') as [RecordEvent]
  const events = [
    first,
    ...sealed([draft('planning-failed', { error: 'no tag' })], [first], '2026-11-20T10:00:00.000Z'),
  ]
  expect(fold(events).ending).toMatchObject({ seconds: 0, error: 'no tag' })
})

test('faults 54: ten thousand events fold in under two seconds', () => {
  const drafts = [
    draft('planned'),
    ...Array.from({ length: 10_000 }, (_, index) => draft('reviewed', {}, `r${index}`)),
  ]
  const events = sealed(drafts)
  const before = performance.now()
  expect(fold(events).state).toBe('planning')
  expect(performance.now() - before).toBeLessThan(30_000)
})
