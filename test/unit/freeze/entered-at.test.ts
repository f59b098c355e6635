import { expect, test } from '@jest/globals'
import { enteredAt } from '@relman/core/freeze/entered-at'

const day = (number: number, hour = 12) =>
  `2026-11-${String(number).padStart(2, '0')}T${String(hour).padStart(2, '0')}:00:00Z`
const plan = (number: number, ...missing: string[]) => ({ at: day(number), missing: new Set(missing) })
const now = day(28)
/** `a` is in all plans, `b` came after the 10th, `c` after the 20th. */
const plans = [plan(10, 'b', 'c'), plan(15, 'c'), plan(20, 'c')]

test.each([
  ['a date that nothing contradicts', 'b', day(12), day(12)],
  ['a date before a plan that did not have it', 'b', day(3), day(15)],
  ['within the hour that a run may wait', 'b', day(10, 11), day(10, 11)],
  ['of what no plan has, with an old date', 'c', day(3), now],
  ['of what no plan has, with a date between', 'c', day(21), day(21)],
  ['a date after a plan that has it', 'b', day(27), day(15)],
  ['an old commit that every plan has', 'a', day(3), day(3)],
  ['a date of the future', 'c', day(30), now],
  ['no date at all', 'c', 'x', now],
])('L4: %s', (_, sha, date, expected) => expect(enteredAt({ sha, date }, plans, now)).toBe(expected))

test('without a plan in the record dates are all there is, but for those of the future', () => {
  expect(enteredAt({ sha: 'a', date: day(3) }, [], now)).toBe(day(3))
  expect(enteredAt({ sha: 'a', date: day(30) }, [], now)).toBe(now)
})
