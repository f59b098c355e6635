import { expect, test } from '@jest/globals'
import { schedulePolicy } from '@relman/core/config/schedule-policy'
import { configuredFreezes, freezeUnderWay } from '@relman/core/schedule/busy'
import { hotfixOrWait, missingFromMain } from '@relman/core/schedule/hotfix-or-wait'
import { checkedZone, epoch, momentOf } from '@relman/core/schedule/moment'
import { nextRelease } from '@relman/core/schedule/next-release'
import { movedTasks, reschedule } from '@relman/core/schedule/reschedule'
import type { Severity } from '@relman/core/schedule/severity'
import { drawTimeline } from '@relman/core/schedule/timeline'
import { policy } from './ics.ts'

const next = { name: 'weekly', at: '2026-03-05T10:00:00Z' }

test.each<[Severity, number | null, boolean, boolean, string]>([
  ['critical', 50, false, false, 'hotfix hotfix'],
  ['critical', 50, true, false, 'hotfix hotfix'],
  ['critical', 1, false, false, 'hotfix hotfix'],
  ['critical', 1, true, false, 'wait patch'],
  ['critical', 1, true, true, 'hotfix security'],
  ['high', 5, false, false, 'hotfix hotfix'],
  ['high', 4.99, false, false, 'wait patch'],
  ['high', 5, true, false, 'wait patch'],
  ['high', 5, true, true, 'hotfix security'],
  ['high', null, false, false, 'hotfix hotfix'],
  ['high', Number.NaN, false, false, 'hotfix hotfix'],
  ['medium', 100, false, false, 'wait patch'],
  ['low', 100, false, true, 'wait patch'],
])(
  'P12: %s, %s %% of users, workaround %s, exploitable %s: %s',
  (severity, affected, workaround, security, expected) => {
    const { decision, type, why, path } = hotfixOrWait(
      { severity, affected, workaround, security },
      next,
      'UTC',
    )
    expect(`${decision} ${type}`).toBe(expected)
    expect(why).toMatch(severity)
    if (decision === 'hotfix')
      expect(path.join()).toMatch(/staging smoke test.*canary.*rollback plan.*main line/)
    else expect(why).toMatch('it rides weekly, Thu 2026-03-05 10:00 +00:00')
  },
)

test('P12: waiting with nothing scheduled says what to do', () => {
  const { why } = hotfixOrWait({ severity: 'low', affected: 1, workaround: true }, null, 'UTC')
  expect(why).toBe('low, 1 % of users (few), a workaround: nothing is scheduled: plan a patch release')
})

test('P12: the next release is the earliest train that still takes changes, or a planned release', () => {
  const weekly = {
    name: 'weekly',
    every: 'week',
    first: '2026-03-03',
    time: '10:00',
    cutoff: '2h',
  } as const
  const { zone, trains } = policy({ trains: [weekly], zone: 'UTC' })
  const planned = [
    { name: 'shop 1.3.0', at: '2026-03-09T08:00:00Z' },
    { name: 'shop 1.2.9', at: '2026-03-01T08:00:00Z' },
  ]
  const at = (now: string, list: typeof planned) => nextRelease({ zone, trains }, now, [], list)
  expect(at('2026-03-03T07:59:00Z', [])).toEqual({
    name: 'the train "weekly"',
    at: '2026-03-03T10:00:00Z',
  })
  expect(at('2026-03-03T08:01:00Z', [])?.at).toBe('2026-03-10T10:00:00Z')
  expect(at('2026-03-03T08:01:00Z', planned)?.name).toBe('shop 1.3.0')
  expect(nextRelease({ zone, trains: [] }, '2026-03-10T00:00:00Z', [], planned)).toBeNull()
})

test('P12: a hotfix is reported until all of it is on the main line', () => {
  const hotfixes = [
    { version: '1.2.4', commits: ['aaaaaaaaaaaa', 'bbbbbbbbbbbb'] },
    { version: '1.2.5', commits: ['cccccccccccc'] },
  ]
  const found = missingFromMain(hotfixes, (commit) => !commit.startsWith('b'))
  expect(found.map(({ version, missing }) => [version, missing])).toEqual([['1.2.4', ['bbbbbbbbbbbb']]])
  expect(found[0]?.text).toMatch('hotfix 1.2.4: 1 commit is not on the main line yet (bbbbbbbbbb)')
  expect(missingFromMain(hotfixes, () => true)).toEqual([])
})

const freezes = [{ name: 'year end', from: '2026-12-18', to: '2026-12-31' }]

test('P10 fault 24: a freeze of the configuration holds to the end of its last day, in the zone', () => {
  expect(configuredFreezes(policy({ freezes, zone: 'Pacific/Apia' }))[0]).toMatchObject({
    title: 'year end',
    start: '2026-12-17T11:00:00Z',
    end: '2026-12-31T11:00:00Z',
    exempt: ['hotfix', 'security'],
  })
  const timed = [{ name: 'x', from: '2026-03-29T02:30', to: '2026-03-29T04:00', exempt: [] }]
  expect(configuredFreezes(policy({ freezes: timed, zone: 'Europe/Berlin' }))[0]).toMatchObject({
    start: '2026-03-29T01:30:00Z',
    end: '2026-03-29T02:00:00Z',
    exempt: [],
  })
})

test.each([
  [
    'an end before the start',
    { freezes: [{ name: 'x', from: '2026-12-24', to: '2026-12-23' }] },
    'ends before it begins: swap',
  ],
  [
    'an end on the same moment',
    { freezes: [{ name: 'x', from: '2026-12-24T10:00', to: '2026-12-24T10:00' }] },
    'ends before it begins: swap',
  ],
  ['an unknown zone', { zone: 'Europe/Berln' }, 'write an IANA time zone such as'],
  ['an offset as zone', { zone: '+02:00' }, 'write an IANA time zone such as'],
  ['a time that is none', { starts: ['9:00'] }, 'write a time of day like'],
  ['hours turned round', { business: { from: '17:00', to: '09:00' } }, 'from must come before to'],
  ['a horizon without end', { horizon: '400d' }, 'at most 366d'],
])('P10 fault 24: %s is refused in the configuration', (_, given, message) => {
  expect(schedulePolicy.safeParse(given).error?.issues[0]?.message).toMatch(message)
})

test('P10 fault 24: a freeze from a time to the end of that day is one', () => {
  const freezes = [{ name: 'x\n::error::y', from: '2026-12-24T10:00', to: '2026-12-24' }]
  expect(configuredFreezes(policy({ freezes }))).toMatchObject([
    { title: 'x ::error::y', start: '2026-12-24T10:00:00Z', end: '2026-12-25T00:00:00Z' },
  ])
})

test('P10 fault 24: a leap second is the second before it', () => {
  expect(epoch('2016-12-31T23:59:60Z')).toBe(epoch('2016-12-31T23:59:59Z'))
  expect(epoch('2016-12-31T23:59:59Z')).toBe(Date.parse('2016-12-31T23:59:59Z'))
  expect(() => epoch('2026-02-29T00:00:00Z')).toThrow('"2026-02-29T00:00:00Z" is no moment in time')
})

test('P10 fault 24: a freeze on a day that does not exist, and a zone nobody knows, are one clear error', () => {
  const freezes = [{ name: 'x', from: '2026-02-28', to: '2026-02-30' }]
  expect(() => policy({ freezes })).toThrow('write a day of the calendar')
  expect(() => policy({ freezes: [{ name: 'x', from: '2028-02-29', to: '2028-02-29T24:01' }] })).toThrow()
  expect(policy({ freezes: [{ name: 'x', from: '2028-02-29', to: '2028-02-29' }] }).freezes).toHaveLength(1)
  const wrong = { ...policy(), freezes }
  expect(() => configuredFreezes(wrong)).toThrow('"2026-02-30" is no day of the calendar')
  expect(() => momentOf('2026-02-30T10:00', 'UTC')).toThrow('is no time of the calendar')
  expect(() => checkedZone('Mars/Olympus', { file: 'a.yml', line: 3 })).toThrow(
    'a.yml:3: "Mars/Olympus" is no known time zone; write an IANA name',
  )
})

test.each([
  [0, 'finish', 'return'],
  [25, 'finish', 'finish'],
  [25, 'return', 'return'],
  [100, 'return', 'finish'],
] as const)(
  'P10 fault 38: a freeze begins at %s %% with inflight %s: %s, never to stay',
  (weight, inflight, action) => {
    const busy = configuredFreezes(policy({ freezes }))
    const at = (instant: string) =>
      freezeUnderWay(busy, instant, { type: 'minor', weight, policy: inflight }).action
    expect(at('2026-12-18T00:00:00Z')).toBe(action)
    expect(at('2026-12-17T23:59:00Z')).toBe('go-on')
    expect(
      freezeUnderWay(busy, '2026-12-20T00:00:00Z', { type: 'hotfix', weight, policy: inflight }).action,
    ).toBe('go-on')
  },
)

const span = (day: number) => ({ start: `2026-03-${day}T10:00:00Z`, end: `2026-03-${day}T12:00:00Z` })
const moved = {
  from: span(10),
  to: span(12),
  by: 'ann',
  at: '2026-03-09T08:00:00Z',
  reason: 'database team is away',
  zone: 'UTC',
  people: [
    { who: 'bob', why: 'owns staging' },
    { who: 'bob', why: 'signs off' },
  ],
  neighbours: [{ who: 'team cart', why: 'releases next to it' }],
}

test('P10: rescheduling records who, when and why, and names each person affected once', () => {
  expect(reschedule(moved)).toMatchObject({
    by: 'ann',
    at: '2026-03-09T08:00:00Z',
    affected: [
      { who: 'bob', why: 'owns staging; signs off' },
      { who: 'team cart', why: 'releases next to it' },
    ],
    text: 'Tue 2026-03-10 10:00–12:00 +00:00 → Thu 2026-03-12 10:00–12:00 +00:00 (UTC), by ann: database team is away',
  })
})

test.each([
  ['nobody', { by: ' ' }, 'names who did it'],
  ['no reason', { reason: '' }, 'gives its reason'],
  ['no move', { to: span(10) }, 'nothing is moved'],
  ['into the past', { to: { start: '2026-03-08T10:00:00Z', end: '2026-03-08T12:00:00Z' } }, 'in the past'],
  ['ends first', { to: { start: span(12).end, end: span(12).start } }, 'ends before it begins'],
])('P10: rescheduling with %s is refused', (_, given, message) => {
  expect(() => reschedule({ ...moved, ...given })).toThrow(message)
})

test('P10: rescheduling tells the owners whose due dates move, and nobody else', () => {
  const draw = (day: number) =>
    drawTimeline({
      type: 'patch',
      window: span(day),
      now: moved.at,
      policy: policy({ owners: { operations: 'bob' } }),
    })
  expect(movedTasks(draw(12), draw(12))).toEqual([])
  const affected = movedTasks(draw(12), draw(13))
  expect(affected).toHaveLength(draw(12).tasks.length)
  expect(affected).toContainEqual({
    who: 'bob',
    why: 'Roll out in the window: due Fri 2026-03-13 12:00 +00:00',
  })
})
