import { expect, test } from '@jest/globals'
import { config } from '@relman/core/config/config'
import type { Plan } from '@relman/core/plan/plan'
import type { EventKind, RecordEvent } from '@relman/core/record/event'
import { currentReleases } from '@relman/core/whereabouts/current-releases'
import { latestWord, mostChanges, whereabouts } from '@relman/core/whereabouts/whereabouts'

const digest = 'd'.repeat(64)
const events = (kinds: EventKind[], at = '2026-03-01T10:00:00Z'): RecordEvent[] =>
  kinds.map((kind, index) => ({
    ...{ schema: 1 as const, service: 'shop', release: '1.4.0', seq: index + 1, at, prev: null, hash: '' },
    ...{ kind, key: `${kind}${index}`, actor: 'ada', run: null, digest, token: null },
    data: kind === 'stepped' ? { weight: 25 } : {},
  }))
const rollout = {
  drain: 30,
  steps: [
    { weight: 10, margin: '1 %', min: 60, max: 600 },
    { weight: 50, margin: '1 %', min: 60, max: 600 },
  ],
}
const plan = (changes: { sha: string; reverted?: boolean }[], train = false) =>
  ({
    service: 'shop',
    version: '1.4.0',
    sha: 'head',
    policy: config.parse({ rollout }),
    changes: changes.map((change) => ({ reverted: false, ...change })),
    schedule: {
      window: { start: '2026-03-10T08:00:00Z', end: '2026-03-10T10:00:00Z' },
      train: train ? { name: 'weekly' } : null,
    },
  }) as unknown as Plan
const words = (kinds: EventKind[], statuses: string[] = [], train = false) => {
  const told = statuses.map((description, index) => ({ id: index, description, createdAt: '2026-03-01' }))
  const [first] = whereabouts({ plan: plan([], train), digest, events: events(kinds), statuses: told }) ?? []
  return first && `${first.state}: ${first.description}`
}
const begun: EventKind[] = ['planned', 'approved', 'started']

test.each<[EventKind[], string | undefined]>([
  [[], undefined],
  [['planning-failed'], undefined],
  [['planned'], 'success: shop 1.4.0: planned for 2026-03-10'],
  [['planned', 'approved'], 'success: shop 1.4.0: approved, not live yet'],
  [['planned', 'rejected'], 'success: shop 1.4.0: rejected, not live'],
  [begun, 'success: shop 1.4.0: the rollout begins'],
  [[...begun, 'stepped'], 'success: shop 1.4.0: live at 25 %'],
  [[...begun, 'deployed'], 'success: shop 1.4.0: live'],
  [[...begun, 'deployed', 'completed'], 'success: shop 1.4.0: live'],
  [[...begun, 'execution-failed'], 'success: shop 1.4.0: not live, nobody was exposed'],
  [[...begun, 'deployment-failed'], 'failure: shop 1.4.0: failed, on its way back'],
  [[...begun, 'deployment-failed', 'rolled-back'], 'failure: shop 1.4.0: rolled back'],
  [
    [...begun, 'deployment-failed', 'rollback-failed'],
    'failure: shop 1.4.0: failed, and its way back failed',
  ],
])('C6: after %j a change says %s', (kinds, expected) => {
  expect(words(kinds)).toBe(expected)
})

test('C6: under way it says what was confirmed last; another plan and what is no report count for nothing', () => {
  const moved = ['1 0 10 moved dddddddd 1', '2 0 10 confirmed dddddddd 2', '3 1 50 moved dddddddd 3']
  // Two steps of drain and bake, and a last watch beyond the warm-up: almost 5 min, or 31.5 with all patience.
  expect(words(begun, moved)).toBe(
    'success: shop 1.4.0: live at 10 %, everywhere from 00:04 to 00:31 UTC on if all goes well',
  )
  expect(words(begun, [...moved, '9 1 99 confirmed eeeeeeee 3', 'live at 100 %'])).toMatch(/live at 10 %/)
  expect(words(begun, [...moved, '4 1 0 returned dddddddd 4'])).toMatch(/the rollout begins/)
})

test('C6: aboard a train', () => {
  expect(words(['planned'], [], true)).toBe('success: shop 1.4.0: aboard for 2026-03-10')
})

test('C6: the head and the newest changes get one, each once; what was reverted gets none', () => {
  const many = Array.from({ length: 400 }, (_, index) => ({ sha: `c${index}`, reverted: index === 0 }))
  const all = whereabouts({
    plan: plan([{ sha: 'head' }, ...many]),
    digest,
    events: events(['planned']),
    statuses: [],
  })
  expect(all?.slice(0, 3).map(({ sha }) => sha)).toEqual(['head', 'c1', 'c2'])
  expect(all).toHaveLength(mostChanges)
  const other = (all ?? []).slice(0, 2).map((one) => ({ ...one, description: 'later' }))
  expect(latestWord([all ?? [], other]).filter(({ description }) => description === 'later')).toHaveLength(2)
})

test('C6: shown are what is under way, what ended today, and the newest of what waits; the older plan first', () => {
  const known = (release: string, kinds: EventKind[], at: string, service = 'shop') => ({
    service,
    release,
    events: events(kinds, at),
  })
  const now = Date.parse('2026-03-10T12:00:00Z')
  const current = currentReleases(
    [
      known('1.4.0', ['planned'], '2026-03-10T10:00:00Z'),
      known('1.3.2', ['planned'], '2026-03-09T10:00:00Z'),
      known('1.3.1', [...begun, 'deployed', 'completed'], '2026-03-10T09:00:00Z'),
      known('1.3.0', [...begun, 'deployed', 'completed'], '2026-03-01T09:00:00Z'),
      known('2.0.0', begun, '2026-02-01T09:00:00Z', 'cart'),
      { service: 'pay', release: '1.0.0', events: null },
    ],
    now,
  )
  expect(current.map(({ service, release }) => `${service} ${release}`)).toEqual([
    'cart 2.0.0',
    'shop 1.3.1',
    'shop 1.4.0',
  ])
})
