import { expect, test } from '@jest/globals'
import { readRecurrence, recurringDays } from '@relman/core/schedule/recurrence'
import ICAL from 'ical.js'
import { Temporal } from 'temporal-polyfill'

const start = '2026-01-13'
const last = Temporal.PlainDate.from('2029-12-31')

const ours = (rule: string, from = start): string[] => {
  const read = readRecurrence(rule)
  if (typeof read === 'string') throw new Error(read)
  const date = Temporal.PlainDate.from(start)
  return [...recurringDays(read, date, Temporal.PlainDate.from(from), last)].map(String)
}

const theirs = (rule: string): string[] => {
  const days: string[] = []
  const iterator = ICAL.Recur.fromString(rule).iterator(ICAL.Time.fromDateString(start))
  for (let next = iterator.next(); next && next.toString() <= last.toString(); next = iterator.next())
    days.push(next.toString())
  return days
}

// Rules whose start fits them: a start that does not is undefined in RFC 5545, and readers differ.
const rules = [
  'FREQ=DAILY',
  'FREQ=DAILY;INTERVAL=10',
  'FREQ=DAILY;INTERVAL=3;COUNT=50',
  'FREQ=DAILY;BYMONTH=1,7',
  'FREQ=DAILY;BYDAY=TU,TH',
  'FREQ=WEEKLY',
  'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU',
  'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU',
  'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=123',
  'FREQ=MONTHLY',
  'FREQ=MONTHLY;BYDAY=2TU',
  'FREQ=MONTHLY;BYDAY=2TU,-1FR',
  'FREQ=MONTHLY;BYMONTHDAY=13,-1',
  'FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=13,14',
  'FREQ=MONTHLY;BYDAY=TU;BYMONTHDAY=13',
  'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=9,-1',
  'FREQ=YEARLY',
  'FREQ=YEARLY;INTERVAL=2',
  'FREQ=YEARLY;BYMONTH=1,6;BYMONTHDAY=13',
  'FREQ=YEARLY;BYMONTH=1,3;BYDAY=2TU',
  'FREQ=YEARLY;BYMONTH=1;BYDAY=TU',
  'FREQ=YEARLY;BYYEARDAY=13,200,-1',
]

test.each(rules)('P10: %s: the same days as ical.js finds', (rule) => {
  const days = ours(rule)
  expect(days.length).toBeGreaterThan(1)
  expect(days).toEqual(theirs(rule))
})

test.each(rules.filter((rule) => !rule.includes('COUNT')))(
  'P10: %s: skipping ahead leaves nothing out',
  (rule) => {
    const from = '2028-02-29'
    expect(ours(rule, from).filter((day) => day >= from)).toEqual(ours(rule).filter((day) => day >= from))
  },
)
