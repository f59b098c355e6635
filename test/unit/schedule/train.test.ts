import { expect, test } from '@jest/globals'
import type { TrainPolicy } from '@relman/core/config/schedule-policy'
import { configuredFreezes } from '@relman/core/schedule/busy'
import { aboard, departures, nextDeparture } from '@relman/core/schedule/train'
import { policy } from './ics.ts'

const train = (given: Partial<TrainPolicy> = {}): TrainPolicy => ({
  name: 'weekly',
  every: 'week',
  first: '2026-01-06',
  time: '10:00',
  cutoff: 86_400,
  type: 'minor',
  ...given,
})
const span = { start: '2026-01-01T00:00:00Z', end: '2026-05-01T00:00:00Z' }
const at = (given: Partial<TrainPolicy>, zone = 'UTC', within = span) =>
  departures(train(given), within, { zone }).map((each) => each.at)

test.each<[string, Partial<TrainPolicy>, string, string[]]>([
  [
    'every other week',
    { every: '2 weeks', first: '2026-03-03' },
    'UTC',
    ['03-03T10:00', '03-17T10:00', '03-31T10:00', '04-14T10:00', '04-28T10:00'],
  ],
  ['each quarter', { every: 'quarter', first: '2025-10-15' }, 'UTC', ['01-15T10:00', '04-15T10:00']],
  [
    'the 31st is the last day of shorter months',
    { every: 'month', first: '2025-12-31' },
    'UTC',
    ['01-31T10:00', '02-28T10:00', '03-31T10:00', '04-30T10:00'],
  ],
  [
    'across the change of clocks',
    { every: '2 weeks', first: '2026-03-17T10:00' },
    'Europe/Berlin',
    ['03-17T09:00', '03-31T08:00', '04-14T08:00', '04-28T08:00'],
  ],
])('P13: departures: %s', (_, given, zone, expected) => {
  expect(at(given, zone).map((each) => each.slice(5, 16))).toEqual(expected)
})

test('P13 fault 24: a yearly look at a train from 29 February', () => {
  const within = { start: '2025-02-01T00:00:00Z', end: '2025-04-01T00:00:00Z' }
  expect(at({ every: 'month', first: '2024-02-29' }, 'UTC', within)).toEqual([
    '2025-02-28T10:00:00Z',
    '2025-03-29T10:00:00Z',
  ])
})

const changes = ['01-02T08:00', '01-05T10:00', '01-05T10:01', '01-06T12:00', '01-12T09:00'].map((when) => ({
  id: when,
  title: 'x',
  mergedAt: `2026-${when}:00Z`,
}))
const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id)

test('P13: what is merged by the cutoff is aboard; what missed it rides the next', () => {
  const list = departures(train(), span, { zone: 'UTC' })
  const [first, second] = list
  if (!first || !second) throw new Error('no departures')
  const one = aboard(first, list, changes)
  expect(ids(one.aboard)).toEqual(['01-02T08:00', '01-05T10:00'])
  expect(ids(one.missed)).toEqual(['01-05T10:01', '01-06T12:00', '01-12T09:00'])
  expect(one.next?.at).toBe('2026-01-13T10:00:00Z')
  expect(ids(aboard(second, list, changes).aboard)).toEqual(['01-05T10:01', '01-06T12:00', '01-12T09:00'])
})

test('P13: a freeze keeps a train in the station, and its changes ride the next one that leaves', () => {
  const own = policy({ freezes: [{ name: 'audit', from: '2026-01-13', to: '2026-01-13' }], trains: [] })
  const list = departures(train(), span, own, configuredFreezes(own))
  const [first, held, third] = list
  if (!first || !held || !third) throw new Error('no departures')
  expect(held.cancelled).toBe('freeze "audit" (schedule.freezes)')
  expect(aboard(held, list, changes)).toMatchObject({ aboard: [], next: { at: '2026-01-20T10:00:00Z' } })
  expect(aboard(first, list, changes).next?.at).toBe('2026-01-20T10:00:00Z')
  expect(ids(aboard(third, list, changes).aboard)).toEqual(['01-05T10:01', '01-06T12:00', '01-12T09:00'])
})

test('P12 P13: the next departure of any train, past what is cancelled', () => {
  const own = policy({
    freezes: [{ name: 'audit', from: '2026-01-13', to: '2026-01-13' }],
    trains: [
      { name: 'weekly', every: 'week', first: '2026-01-06' },
      { name: 'monthly', every: 'month', first: '2026-01-22', type: 'major' },
    ],
  })
  const busy = configuredFreezes(own)
  expect(nextDeparture(own, '2026-01-06T10:00:00Z', busy)).toMatchObject({
    train: 'weekly',
    at: '2026-01-20T10:00:00Z',
  })
  expect(nextDeparture(own, '2026-01-20T10:00:00Z', busy)).toMatchObject({ train: 'monthly' })
  expect(nextDeparture(policy(), '2026-01-06T10:00:00Z')).toBeNull()
})
