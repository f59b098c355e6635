import { expect, test } from '@jest/globals'
import { instantOf, iso, zoned } from '@relman/core/schedule/moment'
import { drawTimeline } from '@relman/core/schedule/timeline'
import { lastWorking } from '@relman/core/schedule/working-time'
import { policy } from './ics.ts'

const holidays = [{ start: '2026-12-24T23:00:00Z', end: '2026-12-26T23:00:00Z' }]
const at = (moment: string, more = {}, zone = 'Europe/Berlin') =>
  iso(lastWorking(instantOf(moment), policy({ zone, ...more }), holidays))

test.each([
  ['within the hours', '2026-12-01T10:00:00Z', '2026-12-01T10:00:00Z'],
  ['at the end of them', '2026-12-01T19:00:00Z', '2026-12-01T19:00:00Z'],
  ['in the evening', '2026-12-01T22:00:00Z', '2026-12-01T19:00:00Z'],
  ['at night', '2026-12-02T02:00:00Z', '2026-12-01T19:00:00Z'],
  ['when they begin', '2026-12-02T06:00:00Z', '2026-12-01T19:00:00Z'],
  ['on a Sunday', '2026-12-06T10:00:00Z', '2026-12-04T19:00:00Z'],
  ['on Monday before work', '2026-12-07T05:00:00Z', '2026-12-04T19:00:00Z'],
  ['on the weekend after a holiday', '2026-12-27T10:00:00Z', '2026-12-24T19:00:00Z'],
])('P9: %s', (_, given, expected) => expect(at(given)).toBe(expected))

test('P9: another weekend and other hours; a calendar without a working day moves nothing', () => {
  const friday = '2026-12-04T10:00:00Z'
  expect(at(friday, { weekend: ['friday'], staffed: { from: '08:00', to: '24:00' } })).toBe(
    '2026-12-03T23:00:00Z',
  )
  const week = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
  expect(at(friday, { weekend: week })).toBe(friday)
})

const days = Array.from({ length: 28 }, (_, day) => day)
test.each(['major', 'minor', 'patch', 'hotfix', 'security'] as const)(
  'P9, P18: what a %s asks for is due in working hours, never after its milestone or after what waits for it',
  (type) => {
    for (const day of days) {
      const start = new Date(Date.UTC(2026, 11, 1 + day, 20)).toISOString()
      const end = new Date(Date.parse(start) + 7_200_000).toISOString()
      const own = policy({ zone: 'Europe/Berlin' })
      const drawn = drawTimeline({ type, window: { start, end }, now: start, policy: own, holidays })
      for (const { id, due, milestone, after } of drawn.tasks) {
        if (id === 'rollout') continue
        const limit = drawn.milestones.find((each) => each.id === milestone)?.at ?? ''
        expect(Date.parse(due)).toBeLessThanOrEqual(Date.parse(limit))
        for (const before of drawn.tasks.filter((each) => after.includes(each.id)))
          expect(Date.parse(before.due)).toBeLessThanOrEqual(Date.parse(due))
        const { hour, minute, dayOfWeek } = zoned(due, 'Europe/Berlin')
        const clock = hour + minute / 60
        if (!['hotfix', 'security'].includes(type) && milestone !== 'review')
          expect([id, due, dayOfWeek < 6 && clock > 7 && clock <= 20]).toEqual([id, due, true])
      }
    }
  },
)
