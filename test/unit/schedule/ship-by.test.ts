import { expect, test } from '@jest/globals'
import type { Busy } from '@relman/core/schedule/busy'
import { shipBy } from '@relman/core/schedule/ship-by'
import { policy } from './ics.ts'

// A Monday.
const now = '2026-03-02T08:00:00Z'
const wanted = { type: 'minor' as const, now, rollout: 3600, facts: { level: 'medium' as const } }
const freeze = (start: string, end: string): Busy => ({
  kind: 'freeze',
  title: 'audit',
  source: 'audit.ics:1',
  start,
  end,
  exempt: [],
})

test('P11: in time: the best window before the date, and the tasks backward from it', () => {
  const plan = shipBy('2026-03-18', wanted, policy(), [])
  expect(plan).toMatchObject({
    possible: true,
    deadline: '2026-03-19T00:00:00Z',
    earliestSafe: '2026-03-16T08:00:00Z',
  })
  expect(plan.window).toEqual({ start: '2026-03-16T08:00:00Z', end: '2026-03-16T09:00:00Z' })
  expect(plan.timeline?.milestones[0]?.at).toBe('2026-03-02T08:00:00Z')
  expect(plan.timeline?.tasks.every(({ late }) => !late)).toBe(true)
})

test('P11: which steps run side by side, which cannot be skipped, and what skipping saves', () => {
  const plan = shipBy('2026-03-18', wanted, policy(), [])
  expect(plan.parallel.slice(0, 3)).toEqual([['scope'], ['branch'], ['regression', 'docs', 'dashboards']])
  expect(plan.cannotSkip).toEqual(expect.arrayContaining(['regression', 'drill', 'signoff', 'rollout']))
  expect(plan.maySkip).toEqual([
    { id: 'docs', saves: 0 },
    { id: 'support', saves: 0 },
    { id: 'announcement', saves: 0 },
  ])
})

test('P11: an optional task on the critical path saves its hours when skipped', () => {
  const task = (id: string, hours: number, after: string[], optional = false) => ({
    id,
    name: id,
    role: 'engineering',
    hours,
    due: 'release',
    after,
    optional,
  })
  const tasks = [task('docs', 30, [], true), task('fix', 10, []), task('rollout', 0, ['docs', 'fix'])]
  expect(shipBy('2026-03-18', wanted, policy(), [], tasks).maySkip).toEqual([{ id: 'docs', saves: 20 }])
})

test.each<[string, string, Parameters<typeof shipBy>[1], Busy[], RegExp[]]>([
  [
    'notice and milestones are too long',
    '2026-03-10',
    wanted,
    [],
    [
      /the notice of 14 days ends Mon 2026-03-16/,
      /the milestones of a minor release end Mon 2026-03-16/,
      /earliest safe window is Mon 2026-03-16 08:00/,
    ],
  ],
  ['the work is too long', '2026-03-05', { ...wanted, type: 'hotfix', constraints: { notice: 0 } }, [], []],
  [
    'a freeze holds every window',
    '2026-03-18',
    wanted,
    [freeze('2026-03-10T00:00:00Z', '2026-03-25T00:00:00Z')],
    [/no window: each of the/, /2026-03-17 .*audit/, /earliest safe window is Wed 2026-03-25 06:00/],
  ],
  [
    'a freeze holds the whole horizon',
    '2026-03-18',
    wanted,
    [freeze('2026-03-01T00:00:00Z', '2027-03-25T00:00:00Z')],
    [/no window is free within schedule\.horizon/],
  ],
])('P11: %s', (_, by, given, busy, expected) => {
  const plan = shipBy(by, given, policy(), busy)
  expect(plan.possible).toBe(expected.length === 0)
  for (const each of expected) expect(plan.reasons.join('\n')).toMatch(each)
})

test.each([
  ['an hour before the next window ends', 'hotfix', '2026-03-02T08:30', false],
  ['yesterday', 'hotfix', '2026-03-01', false],
  ['before the next window', 'security', '2026-03-02T08:05', false],
  ['while the next window fits', 'hotfix', '2026-03-03', true],
] as const)('P11: the date holds for an emergency, too: %s', (_, type, by, possible) => {
  const plan = shipBy(by, { ...wanted, type }, policy(), [])
  expect(plan.possible).toBe(possible)
  const end = plan.window?.end ?? ''
  expect(end <= plan.deadline).toBe(possible)
  if (!possible) expect(plan.reasons.join()).toMatch(/the earliest safe window is /)
})

test('P11: work that does not fit is named, and moves the earliest safe date', () => {
  const tasks = [
    { id: 'rollout', name: 'r', role: 'x', hours: 30 * 24, due: 'release', after: [], optional: false },
  ]
  const plan = shipBy('2026-03-20', wanted, policy(), [], tasks)
  expect(plan.possible).toBe(false)
  expect(plan.reasons[0]).toBe('the critical path takes 720 h and ends Wed 2026-04-01 08:00 +00:00')
  expect(plan.earliestSafe).toBe('2026-04-01T08:00:00Z')
})

test('P11 fault 24: the date ends in the zone of the policy; days that do not exist are refused', () => {
  const apia = policy({ zone: 'Pacific/Apia' })
  expect(shipBy('2026-12-31', wanted, apia, []).deadline).toBe('2026-12-31T11:00:00Z')
  expect(() => shipBy('2026-02-29', wanted, apia, [])).toThrow('"2026-02-29" is no day of the calendar')
  expect(() => shipBy('soon', wanted, apia, [])).toThrow('"soon" is no day')
})
