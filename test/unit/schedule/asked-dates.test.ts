import { expect, test } from '@jest/globals'
import { checkAskedDates } from '@relman/core/schedule/asked-dates'

const now = '2026-11-20T12:00:00Z'
const check = (by: string, ...preferred: string[]) =>
  checkAskedDates({ by, preferred, notBefore: '' }, now, 'Europe/Berlin')

test.each([
  ['', []],
  ['2026-12-24', ['2026-12-24', '2027-12-24']],
  ['2026-12-24T18:00', []],
  // What is past is a matter of windows, which say so.
  ['2025-01-01', ['2025-01-01']],
])('P10 P11: %s and %j may be asked for', (by, preferred) => {
  expect(() => check(by, ...preferred)).not.toThrow()
})

test.each([
  ['tomorrow', [], 'input "ship-by": "tomorrow" is no day of the calendar; write one like 2026-12-24'],
  ['2026-12-24T25:00', [], 'input "ship-by": "2026-12-24T25:00" is no time of the calendar'],
  ['2026-12-24T99:00Z', [], 'input "ship-by": "2026-12-24T99:00Z" is no moment in time'],
  ['', ['2026-12-24', '2026-02-30'], 'input "preferred-dates": "2026-02-30" is no day of the calendar'],
  ['2060-01-01', [], 'input "ship-by": 2060-01-01 lies more than 400 days ahead'],
  ['', ['9999-12-31'], 'input "preferred-dates": 9999-12-31 lies more than 400 days ahead'],
])('P10 P11: ship by %j and preferred %j: one sentence that names the input', (by, preferred, message) => {
  expect(() => check(by, ...preferred)).toThrow(message)
})

test('P10: a moment not to begin before is checked as the dates are', () => {
  const ask = (notBefore: string) => () =>
    checkAskedDates({ by: '', preferred: [], notBefore }, now, 'Europe/Berlin')
  expect(ask('2026-12-24T18:00')).not.toThrow()
  expect(ask('2026-02-30')).toThrow('input "not-before": "2026-02-30" is no day')
  expect(ask('2999-01-01')).toThrow('input "not-before": 2999-01-01 lies more than 400 days ahead')
})
