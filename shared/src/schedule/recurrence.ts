import { Temporal } from 'temporal-polyfill'

/** An RRULE in parts. `until` is as written. */
export type Recurrence = {
  frequency: 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY'
  interval: number
  count: number | null
  until: string | null
  weekStart: number
  months: number[]
  monthDays: number[]
  yearDays: number[]
  days: Array<{ ordinal: number; day: number }>
  positions: number[]
}

const dayNames = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']

/** Reads an RRULE value; a sentence where it cannot be read or is finer than days. */
export const readRecurrence = (value: string): Recurrence | string => {
  const parts = new Map(
    value.split(';').map((part) => {
      const [key = '', ...rest] = part.split('=')
      return [key.trim().toUpperCase(), rest.join('=').trim().toUpperCase()]
    }),
  )
  const known = 'FREQ INTERVAL COUNT UNTIL WKST BYMONTH BYMONTHDAY BYYEARDAY BYDAY BYSETPOS'.split(' ')
  const strange = [...parts.keys()].find((key) => key !== '' && !known.includes(key))
  if (strange !== undefined) return `${strange.slice(0, 20)} is not supported; ${known.join(', ')} are`
  const frequency = parts.get('FREQ') ?? ''
  if (!/^(DAILY|WEEKLY|MONTHLY|YEARLY)$/.test(frequency))
    return `FREQ=${frequency.slice(0, 20)} is not supported; DAILY, WEEKLY, MONTHLY and YEARLY are`
  const numbers = (key: string, limit: number): number[] | null => {
    const list = (parts.get(key) ?? '').split(',').filter((each) => each !== '')
    const read = list.map((each) => (/^[+-]?\d{1,6}$/.test(each) ? Number(each) : 0))
    return read.some((each) => each === 0 || Math.abs(each) > limit) ? null : read
  }
  const days = (parts.get('BYDAY') ?? '')
    .split(',')
    .filter((each) => each !== '')
    .map((each) => /^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$/.exec(each))
  const interval = parts.has('INTERVAL') ? numbers('INTERVAL', 1000)?.[0] : 1
  const count = parts.has('COUNT') ? numbers('COUNT', 100_000)?.[0] : null
  const [months, monthDays] = [numbers('BYMONTH', 12), numbers('BYMONTHDAY', 31)]
  const [yearDays, positions] = [numbers('BYYEARDAY', 366), numbers('BYSETPOS', 366)]
  const weekStart = dayNames.indexOf(parts.get('WKST') ?? 'MO') + 1
  if (interval === undefined || interval < 1) return 'INTERVAL is a whole number from 1 to 1000'
  if (count === undefined || (count !== null && count < 1)) return 'COUNT is a whole number from 1 to 100000'
  if (parts.has('UNTIL') && count !== null) return 'UNTIL and COUNT exclude each other'
  if (!months || !monthDays || !yearDays || !positions || weekStart === 0) return 'a BY… part is out of range'
  if (months.some((month) => month < 0)) return 'BYMONTH is from 1 to 12'
  if (days.some((day) => !day)) return 'BYDAY is a list such as MO,WE or 2TU,-1FR'
  return {
    frequency: frequency as Recurrence['frequency'],
    interval,
    count,
    until: parts.get('UNTIL') ?? null,
    weekStart,
    months,
    monthDays,
    yearDays,
    days: days.map((day) => ({ ordinal: Number(day?.[1] ?? 0), day: dayNames.indexOf(day?.[2] ?? '') + 1 })),
    positions,
  }
}

/**
 * The days of a recurrence from its first day on, up to and including `last`. A day that does not exist (30 February, 29
 * February of most years) is left out, as RFC 5545, 3.3.10 wants. Nothing before `from` is given when nothing needs to be
 * counted. `spend` is told how many days were looked at, and may throw: a rule that counts from long ago, or that no day
 * fits, looks at many.
 */
export function* recurringDays(
  rule: Recurrence,
  start: Temporal.PlainDate,
  from: Temporal.PlainDate,
  last: Temporal.PlainDate,
  spend: (days: number) => void = () => undefined,
): Generator<Temporal.PlainDate> {
  const origin = periodOf(rule, start)
  let step = rule.count === null ? Math.max(0, periodsBetween(rule, origin, from) - 1) : 0
  let given = 0
  for (;;) {
    const period = advance(rule, origin, step * rule.interval)
    step += 1
    if (Temporal.PlainDate.compare(period, last) > 0) return
    const looked = daysOf(rule, start, period)
    // A period costs about three days more than its days.
    spend(looked.length + 3)
    const days = looked.filter((day) => fits(rule, start, day))
    for (const day of chosen(rule.positions, days)) {
      if (Temporal.PlainDate.compare(day, start) < 0) continue
      if (Temporal.PlainDate.compare(day, last) > 0) return
      given += 1
      yield day
      if (rule.count !== null && given >= rule.count) return
    }
  }
}

const run = (first: Temporal.PlainDate, length: number): Temporal.PlainDate[] =>
  Array.from({ length }, (_, index) => first.add({ days: index }))

/** The days of a period; of a year only the months that can matter. */
const daysOf = (
  rule: Recurrence,
  start: Temporal.PlainDate,
  period: Temporal.PlainDate,
): Temporal.PlainDate[] => {
  if (rule.frequency !== 'YEARLY') return run(period, period.until(advance(rule, period, 1)).days)
  const { months, monthDays, yearDays, days } = rule
  const open = monthDays.length + yearDays.length + days.length > 0
  const every = Array.from({ length: 12 }, (_, index) => index + 1)
  const wanted =
    months.length > 0 ? every.filter((month) => months.includes(month)) : open ? every : [start.month]
  return wanted.flatMap((month) => {
    const first = period.with({ month })
    return run(first, first.daysInMonth)
  })
}

const chosen = (positions: readonly number[], days: Temporal.PlainDate[]): Temporal.PlainDate[] =>
  positions.length === 0
    ? days
    : days.filter((_, index) => positions.includes(index + 1) || positions.includes(index - days.length))

const periodOf = ({ frequency, weekStart }: Recurrence, day: Temporal.PlainDate): Temporal.PlainDate => {
  if (frequency === 'DAILY') return day
  if (frequency === 'WEEKLY') return day.subtract({ days: (day.dayOfWeek - weekStart + 7) % 7 })
  return day.with(frequency === 'MONTHLY' ? { day: 1 } : { month: 1, day: 1 })
}

const unit = { DAILY: 'days', WEEKLY: 'weeks', MONTHLY: 'months', YEARLY: 'years' } as const

const advance = ({ frequency }: Recurrence, period: Temporal.PlainDate, count: number): Temporal.PlainDate =>
  period.add({ [unit[frequency]]: count })

const periodsBetween = (rule: Recurrence, origin: Temporal.PlainDate, from: Temporal.PlainDate): number => {
  const largestUnit = unit[rule.frequency]
  return Math.floor(origin.until(from, { largestUnit })[largestUnit] / rule.interval)
}

const fits = (rule: Recurrence, start: Temporal.PlainDate, day: Temporal.PlainDate): boolean => {
  const { frequency, months, monthDays, yearDays, days } = rule
  if (months.length > 0 && !months.includes(day.month)) return false
  if (monthDays.length > 0 && !counted(monthDays, day.day, day.daysInMonth)) return false
  if (yearDays.length > 0 && !counted(yearDays, day.dayOfYear, day.daysInYear)) return false
  if (days.length > 0) {
    const inYear = frequency === 'YEARLY' && months.length === 0
    return days.some((each) => each.day === day.dayOfWeek && nth(each.ordinal, day, inYear))
  }
  if (monthDays.length > 0 || yearDays.length > 0 || frequency === 'DAILY') return true
  if (frequency === 'WEEKLY') return day.dayOfWeek === start.dayOfWeek
  if (frequency === 'YEARLY' && months.length === 0 && day.month !== start.month) return false
  return day.day === start.day
}

const counted = (wanted: readonly number[], index: number, length: number): boolean =>
  wanted.includes(index) || wanted.includes(index - length - 1)

const nth = (ordinal: number, day: Temporal.PlainDate, inYear: boolean): boolean => {
  if (ordinal === 0) return true
  const [index, length] = inYear ? [day.dayOfYear, day.daysInYear] : [day.day, day.daysInMonth]
  return ordinal > 0 ? Math.ceil(index / 7) === ordinal : Math.ceil((length - index + 1) / 7) === -ordinal
}
