import { expect, test } from '@jest/globals'
import { entriesOf, fold, gaps, phaseAt } from '@relman/core/rollout/progress'
import { rolloutState } from '@relman/core/rollout/rollout-state'
import {
  digest8,
  formatStatusLine,
  parseStatusLine,
  type StatusEntry,
  statusWords,
} from '@relman/core/rollout/status-line'

const digest = 'abcdef0123456789'
const entry = (change: Partial<StatusEntry>): StatusEntry => ({
  seq: 1,
  step: 0,
  weight: 10,
  word: 'moved',
  digest8: 'abcdef01',
  at: 1_795_000_000.5,
  reason: null,
  ...change,
})

test.each(statusWords)(
  'C6: %s is written and read back unchanged, within the 140 characters of GitHub',
  (word) => {
    const one = entry({ word, weight: 12.5, reason: 'error-rate-above-margin' })
    expect(parseStatusLine(formatStatusLine(one))).toEqual(one)
    expect(
      formatStatusLine({ ...one, seq: 999_999, step: 999, reason: 'x'.repeat(60) }).length,
    ).toBeLessThanOrEqual(140)
  },
)

test.each([
  'hello',
  '1 0 10 moved',
  '1 0 10 flew abcdef01 5',
  '1 0 101 moved abcdef01 5',
  '1 0 10 moved ABCDEF01 5',
  '1 0 10 moved abcdef01 5 <b>',
  '-1 0 10 moved abcdef01 5',
  '1 0 10 moved abcdef01 5\n::set-output',
])('text that is no status line is left out: %j', (text) => {
  expect(parseStatusLine(text)).toBeNull()
})

test('a line without a time takes that of the status', () => {
  expect(parseStatusLine('1 0 10 moved abcdef01', 77)?.at).toBe(77)
  expect(digest8('sha256:abcdef0123')).toBe('abcdef01')
})

test('48: statuses in any order, repeated, or of another plan fold to the same state', () => {
  const lines = [
    '1 0 10 moved abcdef01 100',
    '2 0 10 confirmed abcdef01 105',
    '3 0 10 healthy abcdef01 200 proven',
    '4 1 50 moved abcdef01 201',
  ]
  const all = [...lines, lines[1] ?? '', '5 1 50 done 99999999 300', 'Deployed by a person']
  const statuses = all.map((description, id) => ({ id, description, createdAt: '2026-01-01T00:00:00Z' }))
  const start = { digest, version: '1.2.0', previous: '1.1.0', token: 3 }
  const state = fold(start, entriesOf(statuses, digest))
  expect(fold(start, entriesOf([...statuses].reverse(), digest))).toEqual(state)
  expect(rolloutState.parse(state)).toEqual(state)
  expect(state).toMatchObject({
    seq: 4,
    weight: 50,
    phase: 'moving',
    visits: [
      { step: 0, weight: 10, movedAt: 100, confirmedAt: 105, endedAt: 200, verdict: 'healthy' },
      { step: 1, weight: 50, endedAt: null },
    ],
  })
})

test('a status that somebody removed leaves a gap', () => {
  expect(gaps([entry({ seq: 1 }), entry({ seq: 4 })])).toEqual([2, 3])
})

test('a drain becomes a bake by time alone', () => {
  const state = fold({ digest, version: '1', previous: null, token: 1 }, [
    entry({ at: 100 }),
    entry({ seq: 2, word: 'confirmed', at: 105 }),
  ])
  expect([phaseAt(state, 134, 30), phaseAt(state, 135, 30)]).toEqual(['draining', 'baking'])
})
