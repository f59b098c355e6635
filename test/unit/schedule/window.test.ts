import { expect, test } from '@jest/globals'
import type { Busy } from '@relman/core/schedule/busy'
import { chooseWindow, NoWindowError, requireWindow, whyNot } from '@relman/core/schedule/choose-window'
import { scoreWindow } from '@relman/core/schedule/score'
import { candidates, rolloutSeconds, type Wanted, windowLength } from '@relman/core/schedule/window'
import { windowTable } from '@relman/core/schedule/window-table'
import { policy } from './ics.ts'

const hour = 3600
const facts = { level: 'medium' as const }
// A Monday.
const now = '2026-03-02T08:00:00Z'
const wanted = (given: Partial<Wanted> = {}) => ({
  type: 'patch' as const,
  now,
  rollout: 5400,
  facts,
  ...given,
})
const hold = (kind: Busy['kind'], start: string, end: string, title = 'held'): Busy => ({
  kind,
  title,
  source: `${title}.ics:1`,
  start,
  end,
  exempt: kind === 'freeze' || kind === 'holiday' ? ['hotfix', 'security'] : [],
})

test('P10: notice of three days, then no Friday and no weekend: a patch asked on Monday goes on Thursday or later', () => {
  const { chosen, candidates: all } = chooseWindow(wanted(), policy(), [])
  expect(chosen?.span).toEqual({ start: '2026-03-05T18:00:00Z', end: '2026-03-05T19:30:00Z' })
  const free = all.filter(({ conflicts }) => conflicts.length === 0).map(({ label }) => label.slice(0, 3))
  expect([...new Set(free)].sort()).toEqual(['Mon', 'Thu', 'Tue', 'Wed'])
  expect(all.find(({ day }) => day === '2026-03-06')?.conflicts[0]?.text).toBe('Friday (2026-03-06)')
})

test('P10: avoid: [] allows every day; allow does so for one release', () => {
  const friday = { ...wanted(), constraints: { preferred: ['2026-03-06'] } }
  expect(chooseWindow(friday, policy(), []).chosen?.day).not.toBe('2026-03-06')
  expect(chooseWindow(friday, policy({ avoid: [] }), []).chosen?.day).toBe('2026-03-06')
  const allowed = { ...friday, constraints: { ...friday.constraints, allow: ['friday' as const] } }
  expect(chooseWindow(allowed, policy(), []).chosen?.day).toBe('2026-03-06')
})

test('P10: where Friday and Saturday are the weekend, Sunday is a working day', () => {
  const there = policy({ weekend: ['friday', 'saturday'], zone: 'Asia/Riyadh' })
  const days = chooseWindow(wanted(), there, [])
    .candidates.filter(({ conflicts }) => conflicts.length === 0)
    .map(({ label }) => label.slice(0, 3))
  expect(days).toContain('Sun')
  expect(days).not.toContain('Sat')
  expect(days).not.toContain('Fri')
})

test('P10: a window that begins on Thursday and ends on Friday counts as Friday', () => {
  const late = wanted({ constraints: { starts: ['23:30'] } })
  const thursday = candidates(late, 5400, policy(), []).find(({ day }) => day === '2026-03-05')
  expect(thursday?.conflicts.map(({ text }) => text)).toEqual(['Friday (2026-03-06)'])
})

test('P10: a major waits four weeks and keeps out of business hours, in its zone', () => {
  const { chosen, candidates: all } = chooseWindow(
    wanted({ type: 'major' }),
    policy({ zone: 'Europe/Berlin' }),
    [],
  )
  expect(chosen?.span).toEqual({ start: '2026-03-30T16:00:00Z', end: '2026-03-30T18:00:00Z' })
  const conflict = (label: string) => all.find((each) => each.label.startsWith(label))?.conflicts[0]?.text
  expect(conflict('Tue 2026-03-31 16:00')).toBe('business hours 09:00–17:00, which a major avoids')
  expect(conflict('Tue 2026-03-31 08:00')).toMatch('business hours')
  expect(conflict('Tue 2026-03-31 06:00')).toBeUndefined()
})

test.each<[string, Partial<Wanted>, number | RegExp]>([
  ['an hour at least', { rollout: 60 }, hour],
  ['two hours for a major', { type: 'major', rollout: 60 }, 2 * hour],
  ['the rollout in whole quarters', { rollout: 4 * hour + 1 }, 4.25 * hour],
  ['eight hours at most', { rollout: 8 * hour }, 8 * hour],
  [
    'longer rollouts are refused with the way out',
    { rollout: 8 * hour + 1 },
    /takes up to 8\.25 h .* at most 8 h: shorten/,
  ],
  ['an asked length', { rollout: 60, constraints: { length: 3 * hour } }, 3 * hour],
  [
    'an asked length that is too short for the bakes',
    { rollout: 2 * hour, constraints: { length: hour } },
    /shorter than the rollout/,
  ],
  [
    'an asked length that is too long',
    { rollout: 60, constraints: { length: 9 * hour } },
    /1 h to 8 h, not 9 h/,
  ],
])('P10: the length of a window: %s', (_, given, expected) => {
  const length = windowLength(wanted(given))
  if (typeof expected === 'number') expect(length).toBe(expected)
  else expect(length).toMatch(expected)
})

test('P10: the rollout is as long as its ladder needs with all its patience', () => {
  const step = { weight: 1, margin: 1, min: 120, max: 900 }
  expect(rolloutSeconds({ steps: [step, { ...step, max: 1800 }], drain: 30 })).toBe(900 + 30 + 1800 + 30 + 30)
})

test.each<[string, string, string, string, string[]]>([
  [
    'Berlin, gap',
    'Europe/Berlin',
    '2026-03-29',
    '02:30',
    ['02:30 does not exist on 2026-03-29 in Europe/Berlin: clocks skip it'],
  ],
  [
    'New York, gap',
    'America/New_York',
    '2026-03-08',
    '02:00',
    ['02:00 does not exist on 2026-03-08 in America/New_York: clocks skip it'],
  ],
  [
    'Apia, a day that never was',
    'Pacific/Apia',
    '2011-12-30',
    '10:00',
    ['10:00 does not exist on 2011-12-30 in Pacific/Apia: clocks skip it'],
  ],
])('P10 fault 24: %s', (_, zone, day, clock, texts) => {
  const at = wanted({ now: `${day.slice(0, 8)}01T00:00:00Z`, constraints: { notice: 0, starts: [clock] } })
  const found = candidates(at, hour, policy({ zone, avoid: [], horizon: '40d' }), []).find(
    (each) => each.day === day,
  )
  expect(found?.span).toBeNull()
  expect(found?.conflicts.map(({ text }) => text)).toEqual(texts)
})

test.each<[string, string, string, string, string, string]>([
  ['Berlin, overlap', 'Europe/Berlin', '2026-10-25', '02:30', '2026-10-25T00:30:00Z', 'comes twice'],
  ['New York, overlap', 'America/New_York', '2026-11-01', '01:00', '2026-11-01T05:00:00Z', 'comes twice'],
  [
    'Berlin, before the gap',
    'Europe/Berlin',
    '2026-03-29',
    '01:30',
    '2026-03-29T00:30:00Z',
    'clocks change within',
  ],
  ['Kolkata, half hours', 'Asia/Kolkata', '2026-10-25', '10:00', '2026-10-25T04:30:00Z', ''],
  ['29 February', 'UTC', '2028-02-29', '10:00', '2028-02-29T10:00:00Z', ''],
  ['the end of the year', 'Pacific/Apia', '2026-12-31', '23:30', '2026-12-31T10:30:00Z', ''],
])('P10 fault 24: a window across %s keeps its real length', (_, zone, day, clock, start, note) => {
  const at = wanted({ now: `${day.slice(0, 8)}01T00:00:00Z`, constraints: { notice: 0, starts: [clock] } })
  const found = candidates(at, hour, policy({ zone, avoid: [], horizon: '40d' }), []).find(
    (each) => each.day === day,
  )
  expect(found?.span?.start).toBe(start)
  expect(Date.parse(found?.span?.end ?? '') - Date.parse(start)).toBe(hour * 1000)
  expect(found?.notes.join()).toMatch(note)
})

test('P10: the score is its formula, each term with factor, weight, points and source', () => {
  const span = { start: '2026-03-05T16:00:00Z', end: '2026-03-05T18:00:00Z' }
  const team = policy({
    calendars: [
      { source: 'ann.ics', kind: 'team' },
      { source: 'bob.ics', kind: 'team' },
    ],
  })
  const away = [{ ...hold('team', '2026-03-05T00:00:00Z', '2026-03-06T00:00:00Z'), source: 'bob.ics:7' }]
  const score = scoreWindow(
    span,
    {
      level: 'high',
      dependencies: [
        { name: 'api', by: '2026-03-04T00:00:00Z' },
        { name: 'db', by: '2026-03-09T00:00:00Z' },
        { name: 'ui', by: null },
      ],
      obligations: [{ name: 'change approved', by: '2026-03-04T00:00:00Z' }],
    },
    team,
    away,
  )
  expect(score.terms.map(({ factor, weight, points }) => [factor, weight, points])).toEqual([
    [0.5, -10, -5],
    [0.5, 20, 10],
    [0.333, 15, 5],
    [1, -25, -25],
    [1, 10, 10],
  ])
  expect(score.total).toBe(95)
  expect(score.terms.map(({ source }) => source)).toEqual([
    'share of the window in business hours 09:00–17:00',
    'share of the window in staffed hours 07:00–20:00 × 1 of 2 team calendars free',
    '1 of 3 dependencies ready; not: db, ui',
    'level high',
    '1 of 1 obligations met',
  ])
})

test('P10: factors stay in 0…1, the score is never below 0, and traffic replaces business hours', () => {
  const night = { start: '2026-03-05T02:00:00Z', end: '2026-03-05T04:00:00Z' }
  const traffic = Array.from({ length: 24 }, (_, at) => (at === 2 ? 40 : at === 3 ? 80 : 10))
  const score = scoreWindow(
    night,
    { level: 'low', risk: { value: 7, source: 'a model' }, traffic },
    policy(),
    [],
  )
  expect(score.terms[0]).toMatchObject({ factor: 0.75, points: -7.5 })
  expect(score.terms[3]).toMatchObject({ factor: 1, points: -25, source: 'a model' })
  expect(score.total).toBe(92.5)
  expect(
    scoreWindow(night, { level: 'low', risk: { value: Number.NaN, source: 'x' } }, policy(), []).total,
  ).toBe(125)
})

test('P10: a conflict is resolved by the next best window, and both are named', () => {
  const freeze = hold('freeze', '2026-03-05T18:30:00Z', '2026-03-05T19:00:00Z', 'payday')
  const { chosen, why, candidates: all } = chooseWindow(wanted(), policy(), [freeze])
  expect(all[0]?.conflicts.map(({ text }) => text)).toEqual(['freeze "payday" (payday.ics:1)'])
  expect(chosen?.span.start).toBe('2026-03-09T18:00:00Z')
  expect(why).toMatch(
    /the next best of \d+; 2 before it have conflicts, the first Thu 2026-03-05 18:00 .*payday/,
  )
})

test.each<[string, Busy['kind'], string, string, boolean]>([
  ['ends as the window begins', 'freeze', '2026-03-05T17:00:00Z', '2026-03-05T18:00:00Z', false],
  ['begins as the window ends', 'freeze', '2026-03-05T19:30:00Z', '2026-03-05T20:00:00Z', false],
  ['begins a second before its end', 'freeze', '2026-03-05T19:29:59Z', '2026-03-05T20:00:00Z', true],
  ['lies within', 'holiday', '2026-03-05T18:10:00Z', '2026-03-05T18:20:00Z', true],
  ['covers it', 'release', '2026-03-05T00:00:00Z', '2026-03-06T00:00:00Z', true],
  ['is an absence', 'team', '2026-03-05T00:00:00Z', '2026-03-06T00:00:00Z', false],
])('P10 fault 24: overlapping: what %s', (_, kind, start, end, conflict) => {
  const all = candidates(wanted(), 5400, policy(), [hold(kind, start, end)])
  const window = all.find(({ span }) => span?.start === '2026-03-05T18:00:00Z')
  expect((window?.conflicts.length ?? 0) > 0).toBe(conflict)
})

test('P10: releases keep their distance', () => {
  const other = hold('release', '2026-03-05T20:00:00Z', '2026-03-05T21:00:00Z')
  const first = (gap: string) => chooseWindow(wanted(), policy({ gap }), [other]).chosen?.span.start
  expect(first('0s')).toBe('2026-03-05T18:00:00Z')
  expect(first('1h')).toBe('2026-03-09T18:00:00Z')
})

test('P10: preferred dates win while one of their windows is free', () => {
  const preferred = wanted({ constraints: { preferred: ['2026-03-11', '2026-03-12'] } })
  expect(chooseWindow(preferred, policy(), []).chosen?.span.start).toBe('2026-03-11T18:00:00Z')
  const held = hold('freeze', '2026-03-11T00:00:00Z', '2026-03-13T00:00:00Z')
  expect(chooseWindow(preferred, policy(), [held]).chosen?.span.start).toBe('2026-03-05T18:00:00Z')
  expect(() => chooseWindow(wanted({ constraints: { preferred: ['2026-02-29'] } }), policy(), [])).toThrow(
    '"2026-02-29" is no day of the calendar',
  )
})

test('P10: none left is an error that says why for each candidate', () => {
  const busy = [hold('freeze', '2026-03-01T00:00:00Z', '2026-12-31T00:00:00Z', 'audit')]
  const choice = chooseWindow(wanted(), policy({ horizon: '4d', starts: ['10:00', '14:00'] }), busy)
  expect(choice.chosen).toBeNull()
  expect(whyNot(choice)).toEqual([
    'Thu 2026-03-05 10:00, 14:00: freeze "audit" (audit.ics:1)',
    'Fri 2026-03-06 10:00, 14:00: Friday (2026-03-06); freeze "audit" (audit.ics:1)',
    'Sat 2026-03-07 10:00, 14:00: weekend (Sat 2026-03-07); freeze "audit" (audit.ics:1)',
    'Sun 2026-03-08 10:00, 14:00: weekend (Sun 2026-03-08); freeze "audit" (audit.ics:1)',
  ])
  expect(() => requireWindow(wanted(), policy({ horizon: '4d' }), busy)).toThrow(NoWindowError)
  expect(() => requireWindow(wanted(), policy({ horizon: '4d' }), busy)).toThrow(
    /no window: each of the 32 .*\nThu 2026-03-05/,
  )
})

test('P10: no start in the span, and a rollout that is too long, say so', () => {
  const nothing = chooseWindow(wanted({ constraints: { latest: '2026-03-05T08:30:00Z' } }), policy(), [])
  expect(nothing).toMatchObject({ chosen: null, candidates: [] })
  expect(nothing.why).toMatch('none of schedule.starts lies in')
  expect(() => requireWindow(wanted({ rollout: 10 * hour }), policy(), [])).toThrow('takes up to 10 h')
})

test('P10: a hotfix goes at the next quarter of an hour, on a Saturday, through a freeze that exempts it', () => {
  const saturday = wanted({ type: 'hotfix', now: '2026-03-07T03:07:00Z' })
  const freeze = hold('freeze', '2026-03-01T00:00:00Z', '2026-12-31T00:00:00Z')
  expect(chooseWindow(saturday, policy(), [freeze]).chosen?.span.start).toBe('2026-03-07T03:15:00Z')
  const strict = { ...freeze, exempt: ['security' as const] }
  expect(chooseWindow(saturday, policy(), [strict]).chosen).toBeNull()
})

test('P10: the table shows the terms of every candidate, hostile titles inert', () => {
  const freeze = hold('freeze', '2026-03-05T18:30:00Z', '2026-03-05T19:00:00Z', 'x | <b> @all [l](http://e)')
  const choice = chooseWindow(wanted(), policy({ starts: ['18:00'], horizon: '6d' }), [freeze])
  const lines = windowTable(choice).split('\n')
  expect(lines[0]).toBe(
    '| Window (UTC) | Score | business impact | team availability | dependency readiness | risk | compliance | Conflicts or notes |',
  )
  expect(lines[2]).toMatch(
    /^\| Thu 2026-03-05 18:00–19:30 \+00:00 \| 132\.5 \| 0 \| \+20 \| \+15 \| −12\.5 \| \+10 \| freeze/,
  )
  expect(lines[2]?.match(/(?<!\\)\|/g)).toHaveLength(9)
  expect(lines[2]).not.toMatch(/(?<!\\)[<[\]]|@all/)
  expect(lines.slice(2, 6).find((line) => line.includes('**'))).toMatch(/^\| \*\*Mon 2026-03-09 18:00/)
  expect(windowTable(choice, 2)).toMatch(/more windows were looked at\.$/)
})

test('P10: preferred dates that could not be looked at are named, and so is a freeze that a hotfix goes through', () => {
  const preferred = ['2026-02-01', '2026-03-10']
  const { why } = chooseWindow(wanted({ constraints: { preferred } }), policy(), [])
  expect(why).toMatch(/on a preferred date; no window of 2026-02-01 lies in Thu 2026-03-05 08:00/)
  expect(why).not.toMatch(/no window of .*2026-03-10/)
  const freeze = hold('freeze', '2026-03-01T00:00:00Z', '2026-04-01T00:00:00Z', 'Audit')
  const urgent = chooseWindow(wanted({ type: 'hotfix', notice: 0 }), policy(), [freeze])
  expect(urgent.why).toMatch(/; it lies in freeze "Audit", which does not hold a hotfix release$/)
  expect(chooseWindow(wanted(), policy({ horizon: '60d' }), [freeze]).why).not.toMatch('it lies in')
})
