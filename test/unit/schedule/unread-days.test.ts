import { expect, test } from '@jest/globals'
import { config } from '@relman/core/config/config'
import { unreadDays } from '@relman/core/schedule/unread-days'

const told = (schedule: Record<string, unknown>, type: 'minor' | 'hotfix' = 'minor') =>
  unreadDays(config.parse({ schedule }).schedule, type)
const calendar = (kind: string) => ({ calendars: [{ source: 'calendars/days.ics', kind }] })
const freezes = [{ name: 'Year end', from: '2026-12-18', to: '2027-01-03' }]

test.each<[string, Record<string, unknown>, string | null]>([
  ['nothing is configured', {}, 'no calendar of public holidays or freezes is configured'],
  ['teams are no holidays', calendar('team'), 'no calendar of public holidays or freezes is configured'],
  ['freezes are no holidays', { freezes }, 'no calendar of public holidays is configured'],
  ['a calendar of freezes', calendar('freeze'), 'no calendar of public holidays is configured'],
  ['holidays are read', calendar('holiday'), null],
])('P10: %s', (_, schedule, expected) => {
  if (expected === null) expect(told(schedule)).toBeNull()
  else expect(told(schedule)).toMatch(expected)
})

test('P10: what neither holds asks for neither', () => expect(told({}, 'hotfix')).toBeNull())
