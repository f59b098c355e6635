import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { config } from '@relman/core/config/config'
import { readConfig } from '@relman/core/config/read-config'
import { readCalendar } from '@relman/core/schedule/read-calendar'
import { releaseSchedule } from '@relman/core/schedule/release-schedule'
import { calendarSpan, scheduleRelease } from '@relman/core/schedule/schedule'
import { rolloutSeconds } from '@relman/core/schedule/window'
import { event, ics, policy } from './ics.ts'

const now = '2026-11-16T08:00:00Z'

test.each([
  ['the scope sets it', 'high', {}, 28],
  ['the type sets it', 'low', {}, 3],
  ['schedule.notice sets it', 'low', { patch: 432_000 }, 5],
  ['a shorter one', 'low', { patch: 0 }, 3],
] as const)('P3 P9: the plan is told at the notice: %s', (_, level, notice, days) => {
  const { data } = scheduleRelease({
    ...{ type: 'patch', level, now, rollout: 3600, busy: [] },
    policy: { ...policy(), notice },
  })
  const [plan] = data.milestones
  expect([plan?.id, plan?.offset]).toEqual(['plan', `T−${days} d`])
  expect(Date.parse(plan?.at ?? '')).toBe(Date.parse(data.window?.start ?? '') - days * 86_400_000)
})

test('P3 P9 P10: window, milestones and tasks of a release of the empty configuration', () => {
  const { schedule, rollout } = config.parse({})
  const { data, timeline } = scheduleRelease({
    type: 'patch',
    level: 'low',
    now,
    rollout: rolloutSeconds(rollout),
    policy: schedule,
    busy: [],
  })
  expect(data).toMatchObject({
    zone: 'UTC',
    notice: 3 * 86_400,
    bake: 1,
    governance: expect.stringMatching('type sets tests'),
  })
  expect(data.window?.start).toBe('2026-11-19T18:00:00Z')
  expect(Date.parse(data.window?.end ?? '') - Date.parse(data.window?.start ?? '')).toBeGreaterThanOrEqual(
    rolloutSeconds(rollout) * 1000,
  )
  expect(data.score?.terms).toHaveLength(5)
  expect(data.milestones.map(({ id }) => id)).toEqual(['plan', 'code-freeze', 'release', 'review'])
  expect(data.tasks).toEqual(timeline?.tasks)
  expect(releaseSchedule.parse(JSON.parse(JSON.stringify(data)))).toEqual(data)
})

test('P3: a patch with a high scope waits as long as a major is announced', () => {
  const given = {
    type: 'patch' as const,
    level: 'high' as const,
    now,
    rollout: 3600,
    policy: policy(),
    busy: [],
  }
  expect(scheduleRelease(given).data.window?.start).toBe('2026-12-14T08:00:00Z')
  const urgent = scheduleRelease({ ...given, constraints: { notice: 0 } }).data
  expect(urgent).toMatchObject({ notice: 0, window: { start: '2026-11-16T08:00:00Z' } })
})

test('P10: calendars are read as far as a window may lie: a freeze of the last day holds', () => {
  const given = { type: 'minor' as const, level: 'low' as const, now, policy: policy({ horizon: '7d' }) }
  const horizon = calendarSpan(given)
  expect(horizon).toEqual({ start: now, end: '2026-12-10T16:00:00Z' })
  const text = ics(...event('DTSTART;VALUE=DATE:20261130', 'DTEND;VALUE=DATE:20270106', 'SUMMARY:Year end'))
  const busy = readCalendar({ text, file: 'freeze.ics', kind: 'freeze', zone: 'UTC' }, horizon)
  const { data, choice, timeline } = scheduleRelease({ ...given, rollout: 3600, busy })
  expect(timeline).toBeNull()
  expect(choice.chosen).toBeNull()
  expect(data).toMatchObject({ window: null, score: null, milestones: [], considered: expect.any(Number) })
  expect(data.why).toMatch('no window: each of the')
  expect(data.refused[0]).toBe(
    'Mon 2026-11-30 08:00, 10:00, 12:00, 14:00, 16:00, 18:00, 20:00: freeze "Year end" (freeze.ics:4)',
  )
})

test('the configuration of the page is one that relman reads', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/schedule.md'), 'utf8')
  const yaml = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? ''
  const { schedule } = readConfig(yaml, 'schedule.md')
  expect(schedule).toMatchObject({ zone: 'Europe/Berlin', gap: 7200, inflight: 'finish' })
  expect(schedule.calendars.map(({ kind }) => kind)).toEqual(['freeze', 'holiday', 'team', 'release'])
  expect(schedule.trains[0]).toMatchObject({ every: 'week', cutoff: 86_400 })
})

test('P10 fault 24: a bad schedule names line, column and what to write', () => {
  expect(() => readConfig('schedule:\n  zone: Europe/Berln\n', 'relman.yml')).toThrow(
    'relman.yml:2:9: schedule.zone: write an IANA time zone such as Europe/Berlin or UTC, not "Europe/Berln"',
  )
  expect(() =>
    readConfig('schedule:\n  freezes:\n    - {name: x, from: 2026-12-24, to: 2026-12-01}\n', 'relman.yml'),
  ).toThrow(/^relman\.yml:3:7: schedule\.freezes\[0\]: a freeze ends before it begins: swap from and to/)
  expect(() => readConfig('schedule:\n  avoids: []\n', 'relman.yml')).toThrow('did you mean "avoid"?')
})

test('P10 P11 P13: calendars are read as far as preferred dates, a ship-by date or a train may take the window', () => {
  const given = { type: 'minor' as const, level: 'low' as const, now, policy: policy({ horizon: '7d' }) }
  const end = (more: object): string => calendarSpan({ ...given, ...more }).end
  expect(end({ constraints: { preferred: ['2027-06-16'] } })).toBe('2027-06-20T08:00:00Z')
  expect(end({ by: '2027-06-16' }) > '2027-06-20').toBe(true)
  // The earliest safe window is looked for from the end of the milestones on: 14 days later than the end of the notice.
  expect(end({ by: '2026-12-01' }) >= '2026-12-24T16:00:00Z').toBe(true)
  const trains = [{ name: 'quarterly', every: 'quarter' as const, first: '2026-01-06' }]
  expect(end({ policy: policy({ horizon: '7d', trains }) }) > '2028-01-01').toBe(true)
  expect(end({ policy: policy({ horizon: '7d', trains }), type: 'patch' }) < '2027-01-01').toBe(true)
})
