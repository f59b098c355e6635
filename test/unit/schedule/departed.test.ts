import { expect, test } from '@jest/globals'
import { configuredFreezes } from '@relman/core/schedule/busy'
import { departed } from '@relman/core/schedule/departed'
import { policy } from './ics.ts'

const trains = [
  { name: 'weekly', every: 'week', first: '2026-01-06', time: '10:00', cutoff: 0, type: 'patch' },
  { name: 'monthly', every: 'month', first: '2026-01-20', time: '10:00', cutoff: 0, type: 'minor' },
] as const
const ask = (now: string, type: 'patch' | 'minor' | 'major' = 'patch', given = {}) => {
  const schedule = policy({ ...given, trains: [...trains] })
  const found = departed(schedule, type, now, configuredFreezes(schedule))
  return [found.now?.at ?? null, found.held?.at ?? null, found.next?.at ?? null]
}

test.each([
  ['at its time', '2026-01-06T10:00:00Z', ['2026-01-06T10:00:00Z', null, '2026-01-13T10:00:00Z']],
  ['hours late', '2026-01-06T21:59:59Z', ['2026-01-06T10:00:00Z', null, '2026-01-13T10:00:00Z']],
  ['too late', '2026-01-06T22:00:00Z', [null, null, '2026-01-13T10:00:00Z']],
  ['before its time', '2026-01-06T09:59:59Z', [null, null, '2026-01-06T10:00:00Z']],
])('P13: a schedule that looks %s', (_, now, expected) => {
  expect(ask(now)).toEqual(expected)
})

test('P13: a release rides the trains of its own type', () => {
  expect(ask('2026-01-20T10:05:00Z', 'minor')[0]).toBe('2026-01-20T10:00:00Z')
  expect(ask('2026-01-13T10:05:00Z', 'minor')).toEqual([null, null, '2026-01-20T10:00:00Z'])
  expect(ask('2026-01-20T10:05:00Z', 'major')).toEqual([null, null, null])
})

test('P13: a freeze keeps a train in the station', () => {
  const freezes = [{ name: 'stocktaking', from: '2026-01-05', to: '2026-01-09' }]
  expect(ask('2026-01-06T10:05:00Z', 'patch', { freezes })).toEqual([
    null,
    '2026-01-06T10:00:00Z',
    '2026-01-13T10:00:00Z',
  ])
})
