import { describe, expect, test } from '@jest/globals'
import { dueOf, isOpen, mayGoBack } from '@relman/core/calendar/due'
import { nextDate, phaseAt, reviewAt } from '@relman/core/calendar/phase-at'
import { shownDates } from '@relman/core/calendar/shown-dates'
import { dated, provisional, sealed, window } from './dated.ts'

const act = (...[wanted, now]: [Parameters<typeof dated>[0], string]) => {
  const due = dueOf(dated(wanted), now)
  return due && `${due.act} for ${due.subject}`
}
const freeze = '2026-12-08T08:00:00Z'
const early = { plan: provisional(freeze) }

test.each([
  ['before feature freeze nothing', early, '2026-12-08T07:59:59Z', null],
  ['at feature freeze the plan', early, freeze, `plan for 2026-12-08T08:00:00.000Z`],
  ['after missed passes still the plan', early, '2026-12-15T09:00:00Z', `plan for 2026-12-08T08:00:00.000Z`],
  ['not once the window is over', early, window.end, null],
  ['before the window nothing', {}, '2026-12-15T07:59:59Z', null],
  ['when it opens the release', {}, window.start, 'release for 2026-12-15T08:00:00.000Z'],
  ['an approved one, too', { state: 'approved' }, window.start, 'release for 2026-12-15T08:00:00.000Z'],
  [
    'late in the window only while the rollout fits',
    { policy: { rollout: { steps: [{ weight: 50, margin: '1 %', min: 60, max: '1h' }] } } },
    '2026-12-15T09:30:00Z',
    null,
  ],
  ['after the window nothing', {}, window.end, null],
  ['under way nothing', { state: 'executing' }, window.start, null],
  ['a hotfix is started by people', { type: 'hotfix' }, window.start, null],
  ['a security release, too', { type: 'security', ...early }, '2026-12-15T09:00:00Z', null],
  ['no window, no release', { plan: { schedule: null } }, '2026-12-15T09:00:00Z', null],
  ['live: no review before T+3 d', { state: 'completed' }, '2026-12-18T07:59:59Z', null],
  ['then the review', { state: 'completed' }, '2026-12-18T08:00:00Z', `review for 2026-12-15T08:00:00Z`],
  ['deployed and not completed is not reviewed', { state: 'deployed' }, '2026-12-19T00:00:00Z', null],
  ['35 days later still', { state: 'completed' }, '2027-01-22T08:00:00Z', `review for 2026-12-15T08:00:00Z`],
  ['then it is let go', { state: 'completed' }, '2027-01-22T08:00:01Z', null],
] as const)('L5: %s', (_, wanted, now, expected) => {
  expect(act(wanted as Parameters<typeof dated>[0], now)).toBe(expected)
})

test('L5: a clock that jumps back takes nothing back: the subject of an act does not depend on when it is looked at', () => {
  const one = dated(early)
  const times = ['2026-12-10T00:00:00Z', '2026-12-08T08:00:00Z', '2026-12-14T00:00:00Z']
  expect(new Set(times.map((now) => dueOf(one, now)?.subject)).size).toBe(1)
  expect(dueOf(one, '2026-12-01T00:00:00Z')).toBeNull()
})

test('L5: days are days of the calendar in the zone of the plan, across a change of clocks and the end of a month', () => {
  const berlin = { start: '2027-03-30T08:00:00Z', end: '2027-03-30T10:00:00Z' } // 10:00 there, summer time since the 28th
  const spring = dated({ zone: 'Europe/Berlin', window: berlin, at: '2027-03-01T00:00:00Z' })
  expect(nextDate(spring, '2027-03-20T00:00:00Z')).toEqual({
    name: 'feature freeze',
    at: '2027-03-23T09:00:00.000Z',
  })
  expect(phaseAt(spring, '2027-03-23T08:59:59Z')).toBe('development')
  expect(phaseAt(spring, '2027-03-23T09:00:00Z')).toBe('testing')
  const leap = { start: '2028-03-02T08:00:00Z', end: '2028-03-02T10:00:00Z' }
  const short = dated({ window: leap, at: '2028-02-01T00:00:00Z', plan: provisional('2028-02-24T08:00:00Z') })
  expect(nextDate(short, '2028-02-25T00:00:00Z')).toEqual({
    name: 'code freeze',
    at: '2028-02-28T08:00:00.000Z',
  })
})

test('L2, L5: phases follow each other over a release that lasts longer than any run', () => {
  const major = dated({ type: 'major', at: '2026-11-01T00:00:00Z' })
  const phases = ['2026-11-02', '2026-11-18', '2026-12-02', '2026-12-09', '2026-12-15'].map((day) =>
    phaseAt(major, `${day}T09:00:00Z`),
  )
  expect(phases).toEqual(['planning', 'development', 'testing', 'preparation', 'pre-release'])
  const live = dated({ type: 'major', at: '2026-11-01T00:00:00Z', state: 'completed' })
  expect([phaseAt(live, '2026-12-16T00:00:00Z'), reviewAt(live)]).toEqual([
    'post-release',
    '2026-12-22T08:00:00Z',
  ])
  const reviewed = {
    ...live,
    events: sealed([{ kind: 'reviewed', key: 'r', data: {} }], window.end, live.events),
  }
  expect([phaseAt(reviewed, '2026-12-30T00:00:00Z'), dueOf(reviewed, '2026-12-30T00:00:00Z')]).toEqual([
    null,
    null,
  ])
})

test('L5: a release that went live later than its window is reviewed later by as much', () => {
  const late = dated()
  const kinds = ['approved', 'started', 'deployed', 'completed'] as const
  const events = sealed(
    kinds.map((kind) => ({ kind, key: kind, data: {} })),
    '2026-12-17T08:00:00Z',
    late.events,
  )
  expect(reviewAt({ ...late, events })).toBe('2026-12-20T08:00:00.000Z')
})

describe('what somebody still has to hear of', () => {
  test.each([
    [{}, '2026-12-29T09:59:59Z', true],
    [{}, '2026-12-29T10:00:00Z', false],
    [{ state: 'executing' }, '2027-06-01T00:00:00Z', true],
    [{ state: 'completed' }, '2027-01-22T08:00:00Z', true],
    [{ state: 'completed' }, '2027-01-22T08:00:01Z', false],
    [{ state: 'completed', policy: { rollback: { window: '60d' } } }, '2027-02-01T00:00:00Z', true],
  ] as const)('%j at %s: %s', (wanted, now, expected) => {
    expect(isOpen(dated(wanted), now)).toBe(expected)
  })
  test('P25: a rollback may be wanted until the window of the plan is over', () => {
    const live = dated({ state: 'completed', policy: { rollback: { window: '2d' } } })
    expect([mayGoBack(live, '2026-12-17T07:59:59Z'), mayGoBack(live, '2026-12-17T08:00:00Z')]).toEqual([
      true,
      false,
    ])
    expect(mayGoBack(dated(), '2027-12-17T08:00:00Z')).toBe(true)
  })
})

test('L5: under embargo no moment before the window is told: neither what is due, nor what is next, nor by the phase', () => {
  const embargo = { until: '2026-12-16T00:00:00Z', public: true }
  const secret = dated({ plan: { ...provisional(freeze), embargo } })
  const due = dueOf(secret, '2026-12-09T00:00:00Z')
  expect([due?.act, due?.what]).toEqual(['plan', 'planning of the frozen revision'])
  const shown = shownDates(secret)
  expect(nextDate(shown, '2026-12-01T00:00:00Z')?.name).toBe('window opens')
  expect([phaseAt(shown, '2026-12-09T00:00:00Z'), phaseAt(shown, window.start)]).toEqual([
    'planning',
    'pre-release',
  ])
  expect(shownDates(dated(early)).plan.freeze?.feature).toBe(freeze)
})
