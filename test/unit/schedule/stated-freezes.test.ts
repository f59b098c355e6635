import { expect, test } from '@jest/globals'
import type { ReleaseType } from '@relman/core/schedule/release-types'
import { scheduleRelease } from '@relman/core/schedule/schedule'
import type { StatedFreezes } from '@relman/core/schedule/stated-freezes'
import { drawTimeline } from '@relman/core/schedule/timeline'
import { policy } from './ics.ts'

const draw = (freezes: StatedFreezes, type: ReleaseType = 'minor', zone = 'UTC') =>
  drawTimeline({
    type,
    window: { start: '2026-12-28T18:00:00Z', end: '2026-12-28T20:00:00Z' },
    now: '2026-11-30T00:00:00Z',
    policy: policy({ zone }),
    freezes,
  })
const told = ({ milestones }: ReturnType<typeof draw>) =>
  milestones.map(({ id, offset, at, notes }) =>
    [id, offset, at.slice(5, 16), ...notes.filter((note) => !note.startsWith('falls on'))].join(' '),
  )

test('P4 P9: stated freezes move their milestones, in order of time, and the tasks that are due by them', () => {
  const dates = { feature: '2026-12-08T00:00:00Z', code: '2026-12-15T00:00:00Z' }
  const drawn = draw(dates)
  expect(told(drawn)).toEqual([
    'feature-freeze T−20 d 18 h 12-08T00:00 stated by freeze.dates',
    'plan T−14 d 12-14T18:00',
    'code-freeze T−13 d 18 h 12-15T00:00 stated by freeze.dates',
    'release T 12-28T18:00',
    'review T+3 d 12-31T18:00',
  ])
  const due = drawn.tasks.filter(({ milestone }) => milestone === 'feature-freeze').map(({ due }) => due)
  expect(due.length).toBeGreaterThan(0)
  for (const each of due) expect(Date.parse(each)).toBeLessThanOrEqual(Date.parse(dates.feature))
})

test('P9: days are those of the zone, and a stated time of day is exact', () => {
  expect(told(draw({ feature: '2026-12-21T17:00:00Z', code: null }, 'minor', 'Europe/Berlin'))[1]).toBe(
    'feature-freeze T−7 d 1 h 12-21T17:00 stated by freeze.dates',
  )
})

test.each<[string, StatedFreezes, ReleaseType, RegExp]>([
  ['one in the past', { feature: '2026-11-24T00:00:00Z', code: null }, 'minor', /freeze-?.*lies in the past/],
  [
    'one after the window',
    { feature: null, code: '2027-01-01T00:00:00Z' },
    'minor',
    /code-freeze T\+3 d 6 h .*lies after the window opens/,
  ],
  [
    'features after code',
    { feature: '2026-12-27T00:00:00Z', code: null },
    'minor',
    /code-freeze T−3 d .*lies before the feature freeze/,
  ],
  [
    'a patch has none by itself',
    { feature: '2026-12-20T00:00:00Z', code: null },
    'patch',
    /^feature-freeze T−8 d 18 h/m,
  ],
])('P4: stated freezes: %s says so', (_, dates, type, expected) =>
  expect(told(draw(dates, type)).join('\n')).toMatch(expected),
)

test('P4: an emergency waits for no freeze of a version', () =>
  expect(told(draw({ feature: '2026-12-20T00:00:00Z', code: '2026-12-21T00:00:00Z' }, 'hotfix'))).toEqual(
    told(draw({ feature: null, code: null }, 'hotfix')),
  ))

test('P4: the schedule of a plan holds them', () => {
  const { data } = scheduleRelease({
    ...{
      type: 'minor',
      level: 'low',
      now: '2026-11-30T00:00:00Z',
      rollout: 3600,
      policy: policy(),
      busy: [],
    },
    freezes: { feature: '2026-12-08T00:00:00Z', code: null },
  })
  expect(data.milestones.find(({ id }) => id === 'feature-freeze')?.at).toBe('2026-12-08T00:00:00Z')
})
