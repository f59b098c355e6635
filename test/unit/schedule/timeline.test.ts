import { expect, test } from '@jest/globals'
import { criticalPath } from '@relman/core/schedule/critical-path'
import { ganttChart } from '@relman/core/schedule/gantt'
import { governRelease, type ReleaseType, releaseTypes, typeRules } from '@relman/core/schedule/release-types'
import { type TaskRule, taskRules } from '@relman/core/schedule/task'
import { drawTimeline } from '@relman/core/schedule/timeline'
import { timelineTable } from '@relman/core/schedule/timeline-table'
import { policy } from './ics.ts'

const draw = (
  type: ReleaseType,
  start: string,
  zone = 'UTC',
  tasks?: readonly TaskRule[],
  now = '2026-01-01T00:00:00Z',
) =>
  drawTimeline({
    type,
    window: { start, end: new Date(Date.parse(start) + 7_200_000).toISOString() },
    now,
    policy: policy({ zone, owners: { operations: 'ann' } }),
    ...(tasks ? { tasks } : {}),
  })

const rule = (id: string, hours: number, after: string[] = [], due = 'release'): TaskRule => ({
  id,
  name: id,
  role: 'engineering',
  hours,
  due,
  after,
  optional: false,
})

test('P3: each type has its cadence, risk, tests, notice and communication', () => {
  const table = releaseTypes.map((type) => {
    const { cadence, risk, tests, notice, communication, embargo } = typeRules[type]
    return [type, cadence, risk, tests.split(':')[0], notice / 86_400, communication, embargo]
  })
  expect(table).toEqual([
    ['major', 'quarterly', 'high', 'all components', 28, 'detailed', false],
    ['minor', 'monthly', 'medium', 'affected components', 14, 'summary', false],
    ['patch', 'weekly', 'low', 'the fixes and what they touch', 3, 'technical', false],
    ['hotfix', 'as needed', 'critical', 'the least that shows the fix', 0, 'urgent', false],
    ['security', 'immediate', 'critical', 'security-focused', 0, 'embargoed until disclosure', true],
  ])
})

test.each<[ReleaseType, 'low' | 'medium' | 'high', string, string, number, number]>([
  ['patch', 'low', 'type', 'low', 3, 1],
  ['patch', 'medium', 'scope', 'medium', 14, 1.5],
  ['patch', 'high', 'scope', 'high', 28, 2],
  ['minor', 'low', 'type', 'medium', 14, 1.5],
  ['major', 'low', 'type', 'high', 28, 2],
  ['hotfix', 'high', 'type', 'high', 0, 1],
  ['security', 'medium', 'type', 'high', 0, 1],
])('P3: %s with scope %s: the %s governs', (type, level, governedBy, signoff, days, bake) => {
  expect(governRelease(type, level)).toMatchObject({ governedBy, signoff, notice: days * 86_400, bake })
  expect(governRelease(type, level).text).toMatch(
    `type ${type} (${typeRules[type].risk}) · scope ${level}: ${governedBy}`,
  )
})

test.each<[ReleaseType, string[]]>([
  [
    'major',
    [
      'plan T−28 d 03-03',
      'feature-freeze T−14 d 03-17',
      'code-freeze T−7 d 03-24',
      'release T 03-31',
      'review T+7 d 04-07',
    ],
  ],
  [
    'minor',
    [
      'plan T−14 d 03-17',
      'feature-freeze T−7 d 03-24',
      'code-freeze T−3 d 03-28',
      'release T 03-31',
      'review T+3 d 04-03',
    ],
  ],
  ['patch', ['plan T−3 d 03-28', 'code-freeze T−1 d 03-30', 'release T 03-31', 'review T+1 d 04-01']],
  ['hotfix', ['plan T−4 h 03-31', 'code-freeze T−2 h 03-31', 'release T 03-31', 'review T+1 d 04-01']],
  [
    'security',
    [
      'plan T−6 h 03-31',
      'code-freeze T−2 h 03-31',
      'release T 03-31',
      'disclosure end+1 h 03-31',
      'review T+2 d 04-02',
    ],
  ],
])('P9: the milestones of a %s release', (type, expected) => {
  const { milestones } = draw(type, '2026-03-31T18:00:00Z')
  expect(milestones.map(({ id, offset, at }) => `${id} ${offset} ${at.slice(5, 10)}`)).toEqual(expected)
})

test.each([
  ['Berlin, across the gap', 'Europe/Berlin', '2026-03-31T16:00:00Z', '2026-03-24T17:00:00Z'],
  ['Berlin, across the overlap', 'Europe/Berlin', '2026-10-27T17:00:00Z', '2026-10-20T16:00:00Z'],
  ['New York, across the gap', 'America/New_York', '2026-03-10T22:00:00Z', '2026-03-03T23:00:00Z'],
  ['the end of the year', 'Pacific/Apia', '2027-01-05T05:00:00Z', '2026-12-29T05:00:00Z'],
  ['29 February', 'UTC', '2028-03-07T18:00:00Z', '2028-02-29T18:00:00Z'],
])('P9 fault 24: %s: T−7 d is the same time of day', (_, zone, start, freeze) => {
  expect(draw('major', start, zone).milestones.find(({ id }) => id === 'code-freeze')?.at).toBe(freeze)
})

test('P9: hours are exact across a change of clocks', () => {
  expect(draw('hotfix', '2026-03-29T03:00:00Z', 'Europe/Berlin').milestones[0]?.at).toBe(
    '2026-03-28T23:00:00Z',
  )
})

test('P9: a milestone in the past or on a weekend says so', () => {
  const { milestones, tasks } = draw(
    'minor',
    '2026-03-31T18:00:00Z',
    'UTC',
    undefined,
    '2026-03-25T00:00:00Z',
  )
  expect(milestones.map(({ notes }) => notes)).toEqual([
    ['lies in the past'],
    ['lies in the past'],
    ['falls on a Saturday: do it on the working day before'],
    [],
    [],
  ])
  expect(tasks.filter(({ late }) => late).map(({ id }) => id)).toEqual(['scope', 'branch'])
})

test.each(releaseTypes)(
  'P9: every task of a %s release ends by its milestone and before what waits for it',
  (type) => {
    const { tasks, milestones } = draw(type, '2026-07-02T18:00:00Z')
    expect(tasks.length).toBeGreaterThan(4)
    const plan = milestones[0]?.at ?? ''
    for (const task of tasks) {
      if (task.id === 'rollout') {
        expect([task.start, task.due]).toEqual(['2026-07-02T18:00:00Z', '2026-07-02T20:00:00Z'])
        continue
      }
      expect(task.due <= (milestones.find(({ id }) => id === task.milestone)?.at ?? '')).toBe(true)
      // What a plan asks for can be done between the plan and its date.
      expect(task.start >= plan).toBe(true)
      for (const id of task.after)
        expect((tasks.find((each) => each.id === id)?.due ?? '') <= task.start).toBe(true)
    }
  },
)

test('P9: owners come from the configuration; roles nobody fills are named', () => {
  const { tasks, unowned } = draw('patch', '2026-06-30T18:00:00Z')
  expect(tasks.find(({ id }) => id === 'staging')?.owner).toBe('ann')
  expect(unowned).toEqual(['release-owner', 'engineering', 'documentation'])
})

test('P9: the critical path is the longest one, with the slack of the others', () => {
  const { tasks, hours, critical } = criticalPath([
    rule('a', 3),
    rule('b', 5, ['a']),
    rule('c', 2, ['a']),
    rule('rollout', 1, ['b', 'c']),
    rule('review', 9, ['rollout']),
  ])
  expect(hours).toBe(9)
  expect(critical).toEqual(['a', 'b', 'rollout'])
  expect(tasks.map(({ id, start, finish, slack, layer }) => [id, start, finish, slack, layer])).toEqual([
    ['a', 0, 3, 0, 0],
    ['b', 3, 8, 0, 1],
    ['c', 3, 5, 3, 1],
    ['rollout', 8, 9, 0, 2],
    ['review', 9, 18, 0, 3],
  ])
})

test.each<[string, TaskRule[], string]>([
  [
    'a cycle',
    [rule('a', 1, ['c']), rule('b', 1, ['a']), rule('c', 1, ['b'])],
    'tasks wait for each other: a → c → b → a',
  ],
  ['itself', [rule('a', 1, ['a'])], 'tasks wait for each other: a → a'],
  ['an unknown task', [rule('a', 1, ['x'])], 'task "a" waits for "x", which is no task'],
  ['an id twice', [rule('a', 1), rule('a', 2)], 'two tasks are called "a"'],
  ['a negative length', [rule('a', -1)], 'task "a" has no length in hours'],
])('P9: dependencies with %s are refused by name', (_, rules, message) => {
  expect(() => criticalPath(rules)).toThrow(message)
})

test('P9: the table lists milestones and tasks with owner and due date, local times', () => {
  const table = timelineTable(draw('patch', '2026-03-31T16:00:00Z', 'Europe/Berlin'))
  expect(table).toMatch('| Release | T | Tue 2026-03-31 18:00 +02:00 | rollout in the window |  |')
  expect(table).toMatch(
    /\| Drill the rollback \| ann \| .* \| Deploy to staging and verify \| \*\*critical\*\* \|/,
  )
  expect(table).toMatch('Critical path (29 h): Agree scope')
})

const hostile = 'x:crit, a1\n    click a1 href "javascript:alert(1)"\n```\n%% <b>|#35; {} ; end'

test('P9: hostile text is inert in chart and table', () => {
  const tasks = [
    ...taskRules.patch,
    { ...rule('evil', 1), name: hostile },
    { ...rule('c', 1), name: 'click me' },
  ]
  const timeline = draw('patch', '2026-03-31T18:00:00Z', 'UTC', tasks)
  const chart = ganttChart(timeline, hostile).split('\n')
  const plain = ganttChart(draw('patch', '2026-03-31T18:00:00Z'), 'x').split('\n')
  expect(chart.length).toBe(plain.length + 2)
  expect(chart.filter((line) => line.startsWith('```'))).toEqual(['```mermaid', '```'])
  expect(chart.slice(2, -1).filter((line) => /^\s*(click|href|%%)/.test(line))).toEqual([])
  const evil = chart.find((line) => line.includes('javascript')) ?? ''
  expect(evil).not.toMatch(/[`"<>|#;{}%]/)
  for (const line of chart.slice(7, -1).filter((each) => !/^ {4}section /.test(each)))
    expect(line).toMatch(
      /^ {4}· [^:]+ :(crit, |active, |milestone, )?[mtw]\d+, \d{4}-\d\d-\d\d \d\d:\d\d, \d+[md]$/,
    )
  const line = timelineTable(timeline)
    .split('\n')
    .filter((each) => each.includes('alert'))
  expect(line.filter((each) => /(?<!\\)[<`]/.test(each))).toEqual([])
})

test('P9: the chart of a release', () => {
  const tasks = [rule('fix', 2, [], 'code-freeze'), rule('rollout', 0, ['fix'])]
  expect(ganttChart(draw('hotfix', '2026-03-31T16:00:00Z', 'Europe/Berlin', tasks), 'shop 1.2.3')).toBe(
    [
      '```mermaid',
      'gantt',
      '    title shop 1.2.3 (Europe/Berlin)',
      '    dateFormat YYYY-MM-DD HH:mm',
      '    axisFormat %d %b',
      '    section Milestones',
      '    · Plan T−4 h :milestone, m0, 2026-03-31 14:00, 0d',
      '    · Code freeze and preparation T−2 h :milestone, m1, 2026-03-31 16:00, 0d',
      '    · Release T :milestone, m2, 2026-03-31 18:00, 0d',
      '    · Review T+1 d :milestone, m3, 2026-04-01 18:00, 0d',
      '    section Tasks',
      '    · fix (engineering) :crit, t0, 2026-03-31 14:00, 120m',
      '    · rollout (engineering) :crit, t1, 2026-03-31 18:00, 120m',
      '    section Window',
      '    · Release window :active, w0, 2026-03-31 18:00, 120m',
      '```',
    ].join('\n'),
  )
})

test('P3 P9: an embargo ends after the rollout, however long its window is', () => {
  const window = { start: '2026-03-31T10:00:00Z', end: '2026-03-31T18:00:00Z' }
  const given = { type: 'security' as const, window, now: '2026-03-31T00:00:00Z', policy: policy() }
  const { milestones, tasks } = drawTimeline(given)
  expect(milestones.find(({ id }) => id === 'disclosure')?.at).toBe('2026-03-31T19:00:00Z')
  expect(tasks.find(({ id }) => id === 'disclose')?.start).toBe('2026-03-31T18:30:00Z')
})
