import { expect, test } from '@jest/globals'
import { boardTrain } from '@relman/core/schedule/board-train'
import { policy } from './ics.ts'

const train = {
  name: 'weekly',
  every: 'week' as const,
  first: '2026-01-06',
  time: '10:00',
  cutoff: '1d',
  type: 'minor' as const,
}
const merged = (id: string, mergedAt: string) => ({ id, title: id, mergedAt })
const changes = [
  merged('early', '2026-01-01T00:00:00Z'),
  merged('in time', '2026-01-12T09:59:00Z'),
  merged('too late', '2026-01-12T10:01:00Z'),
]
const board = (earliest: string, more = {}, busy: Parameters<typeof boardTrain>[2] = []) =>
  boardTrain(policy({ trains: [{ ...train, ...more }] }), { type: 'minor', changes, earliest }, busy)

test('P13: what was merged by the cutoff is aboard, the rest rides the next', () => {
  expect(board('2026-01-08T00:00:00Z')).toEqual({
    day: '2026-01-13',
    train: {
      name: 'weekly',
      at: '2026-01-13T10:00:00Z',
      cutoff: '2026-01-12T10:00:00Z',
      aboard: 2,
      missed: ['too late'],
      next: '2026-01-20T10:00:00Z',
    },
  })
})

test('P13: a departure before the end of the notice, or within a freeze, is none', () => {
  expect(board('2026-01-13T10:00:01Z')?.train).toMatchObject({
    at: '2026-01-20T10:00:00Z',
    aboard: 3,
    missed: [],
  })
  const freeze = { start: '2026-01-13T00:00:00Z', end: '2026-01-14T00:00:00Z' }
  const busy = [{ ...freeze, kind: 'freeze' as const, title: 'Audit', source: 'x', exempt: [] }]
  expect(board('2026-01-08T00:00:00Z', {}, busy)?.train.at).toBe('2026-01-20T10:00:00Z')
})

test('P13: of several trains of the type the first one to leave; none of another type', () => {
  const trains = [train, { ...train, name: 'sooner', first: '2026-01-09' }]
  const both = boardTrain(
    policy({ trains }),
    { type: 'minor', changes, earliest: '2026-01-08T00:00:00Z' },
    [],
  )
  expect(both?.train.name).toBe('sooner')
  expect(board('2026-01-08T00:00:00Z', { type: 'major' })).toBeNull()
})
