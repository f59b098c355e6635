import { expect, test } from '@jest/globals'
import type { Span } from '@relman/core/schedule/moment'
import { readCalendar } from '@relman/core/schedule/read-calendar'
import { event, ics } from './ics.ts'

const year = (number: number): Span => ({
  start: `${number}-01-01T00:00:00Z`,
  end: `${number + 1}-01-01T00:00:00Z`,
})

const read = (text: string, zone = 'UTC', horizon: Span = year(2026)) =>
  readCalendar({ text, file: 'freeze.ics', kind: 'freeze', zone }, horizon)

const spans = (text: string, zone?: string, horizon?: Span) =>
  read(text, zone, horizon).map(({ start, end }) => `${start} ${end}`)

const berlin = (clock: string) => `DTSTART;TZID=Europe/Berlin:${clock}`

test.each<[string, string[], string, string[]]>([
  [
    'a UTC event',
    ['DTSTART:20261224T120000Z', 'DTEND:20261224T180000Z'],
    'UTC',
    ['2026-12-24T12:00:00Z 2026-12-24T18:00:00Z'],
  ],
  [
    'an event in a zone',
    [berlin('20260701T100000'), 'DURATION:PT90M'],
    'UTC',
    ['2026-07-01T08:00:00Z 2026-07-01T09:30:00Z'],
  ],
  [
    'a time without a zone is local to the calendar',
    ['DTSTART:20260701T100000', 'DTEND:20260701T110000'],
    'America/New_York',
    ['2026-07-01T14:00:00Z 2026-07-01T15:00:00Z'],
  ],
  [
    'all-day in Apia',
    ['DTSTART;VALUE=DATE:20260101', 'DTEND;VALUE=DATE:20260102'],
    'Pacific/Apia',
    ['2025-12-31T11:00:00Z 2026-01-01T11:00:00Z'],
  ],
  [
    'all-day in New York',
    ['DTSTART;VALUE=DATE:20260704'],
    'America/New_York',
    ['2026-07-04T04:00:00Z 2026-07-05T04:00:00Z'],
  ],
  [
    'an all-day over the change of clocks lasts 23 hours',
    ['DTSTART;VALUE=DATE:20260329'],
    'Europe/Berlin',
    ['2026-03-28T23:00:00Z 2026-03-29T22:00:00Z'],
  ],
  [
    'a time in the gap counts by the offset before it',
    [berlin('20260329T023000'), 'DURATION:PT1H'],
    'UTC',
    ['2026-03-29T01:30:00Z 2026-03-29T02:30:00Z'],
  ],
  [
    'a time in the overlap means the first',
    [berlin('20261025T023000'), 'DURATION:PT1H'],
    'UTC',
    ['2026-10-25T00:30:00Z 2026-10-25T01:30:00Z'],
  ],
  [
    'a leap second',
    ['DTSTART:20261231T235960Z', 'DURATION:PT1M'],
    'UTC',
    ['2026-12-31T23:59:59Z 2027-01-01T00:00:59Z'],
  ],
  [
    'an event over the end of the year',
    ['DTSTART;VALUE=DATE:20251220', 'DTEND;VALUE=DATE:20260107'],
    'UTC',
    ['2025-12-20T00:00:00Z 2026-01-07T00:00:00Z'],
  ],
  ['a cancelled event', ['DTSTART:20261224T120000Z', 'DURATION:PT1H', 'STATUS:CANCELLED'], 'UTC', []],
  ['an event of another year', ['DTSTART:20241224T120000Z', 'DURATION:PT1H'], 'UTC', []],
])('P10 fault 24: %s', (_, lines, zone, expected) => {
  expect(spans(ics(...event(...lines)), zone)).toEqual(expected)
})

test.each<[string, string[], string[]]>([
  ['COUNT', ['DTSTART:20260105T100000Z', 'RRULE:FREQ=WEEKLY;COUNT=3'], ['01-05', '01-12', '01-19']],
  [
    'COUNT that began years ago',
    ['DTSTART:20240229T100000Z', 'RRULE:FREQ=MONTHLY;COUNT=24'],
    ['01-29', '03-29'],
  ],
  [
    'UNTIL as an instant is the last',
    ['DTSTART:20260105T100000Z', 'RRULE:FREQ=DAILY;UNTIL=20260107T100000Z'],
    ['01-05', '01-06', '01-07'],
  ],
  [
    'UNTIL as a day includes it',
    ['DTSTART:20260105T100000Z', 'RRULE:FREQ=DAILY;UNTIL=20260106'],
    ['01-05', '01-06'],
  ],
  [
    'UNTIL before the end of a local day',
    [berlin('20260105T003000'), 'RRULE:FREQ=DAILY;UNTIL=20260106T233000Z'],
    ['01-04', '01-05', '01-06'],
  ],
  [
    'EXDATE in UTC against a local start',
    [berlin('20260105T100000'), 'RRULE:FREQ=DAILY;COUNT=3', 'EXDATE:20260106T090000Z'],
    ['01-05', '01-07'],
  ],
  [
    'EXDATE as a day',
    ['DTSTART:20260105T100000Z', 'RRULE:FREQ=DAILY;COUNT=3', 'EXDATE;VALUE=DATE:20260105,20260106'],
    ['01-07'],
  ],
  [
    'RDATE',
    ['DTSTART:20260105T100000Z', 'RDATE:20260301T100000Z,20260401T100000Z'],
    ['01-05', '03-01', '04-01'],
  ],
  [
    'the second Tuesday, every other month',
    ['DTSTART:20260113T100000Z', 'RRULE:FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU;COUNT=3'],
    ['01-13', '03-10', '05-12'],
  ],
  [
    'the last Friday',
    ['DTSTART:20260130T100000Z', 'RRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=3'],
    ['01-30', '02-27', '03-27'],
  ],
  [
    'the last working day, by its position',
    ['DTSTART:20260130T100000Z', 'RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3'],
    ['01-30', '02-27', '03-31'],
  ],
  [
    'the 31st leaves out shorter months',
    ['DTSTART:20260131T100000Z', 'RRULE:FREQ=MONTHLY;COUNT=3'],
    ['01-31', '03-31', '05-31'],
  ],
  ['29 February comes in leap years only', ['DTSTART:20240229T100000Z', 'RRULE:FREQ=YEARLY'], []],
  [
    'every other week across the year, weeks from Sunday',
    ['DTSTART:20251230T100000Z', 'RRULE:FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,TU;COUNT=4'],
    ['01-11', '01-13', '01-25'],
  ],
])('P10: a recurring freeze: %s', (_, lines, days) => {
  const starts = read(ics(...event(...lines, 'DURATION:PT1H'))).map(({ start }) => start.slice(5, 10))
  expect(starts).toEqual(days)
})

test('P10 fault 24: 29 February recurs in 2028 and not in 2027', () => {
  const text = ics(...event('DTSTART;VALUE=DATE:20240229', 'RRULE:FREQ=YEARLY'))
  expect(spans(text, 'UTC', year(2027))).toEqual([])
  expect(spans(text, 'UTC', year(2028))).toEqual(['2028-02-29T00:00:00Z 2028-03-01T00:00:00Z'])
})

test('P10: a local time of day stays the same when clocks change', () => {
  const text = ics(...event(berlin('20260327T180000'), 'DURATION:PT2H', 'RRULE:FREQ=WEEKLY;COUNT=2'))
  expect(spans(text)).toEqual([
    '2026-03-27T17:00:00Z 2026-03-27T19:00:00Z',
    '2026-04-03T16:00:00Z 2026-04-03T18:00:00Z',
  ])
})

test('P10: a changed occurrence replaces its own, a cancelled one removes it', () => {
  const text = ics(
    ...event('DTSTART:20260105T100000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=3'),
    ...event('RECURRENCE-ID:20260106T100000Z', 'DTSTART:20260106T150000Z', 'DURATION:PT1H'),
    ...event('RECURRENCE-ID:20260107T100000Z', 'DTSTART:20260107T100000Z', 'STATUS:CANCELLED'),
  )
  expect(read(text).map(({ start }) => start)).toEqual(['2026-01-05T10:00:00Z', '2026-01-06T15:00:00Z'])
})

test('P10: an occurrence that began before the horizon counts as long as it lasts', () => {
  const text = ics(...event('DTSTART;VALUE=DATE:20231220', 'DURATION:P18D', 'RRULE:FREQ=YEARLY'))
  expect(spans(text)).toEqual([
    '2025-12-20T00:00:00Z 2026-01-07T00:00:00Z',
    '2026-12-20T00:00:00Z 2027-01-07T00:00:00Z',
  ])
})

const outlook = [
  'BEGIN:VTIMEZONE',
  'TZID:W. Europe Standard Time',
  'BEGIN:STANDARD',
  'DTSTART:16010101T030000',
  'TZOFFSETFROM:+0200',
  'TZOFFSETTO:+0100',
  'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10',
  'END:STANDARD',
  'BEGIN:DAYLIGHT',
  'DTSTART:16010101T020000',
  'TZOFFSETFROM:+0100',
  'TZOFFSETTO:+0200',
  'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3',
  'END:DAYLIGHT',
  'END:VTIMEZONE',
]

test.each([
  ['20260115T100000', '2026-01-15T09:00:00Z'],
  ['20260715T100000', '2026-07-15T08:00:00Z'],
  ['20260329T013000', '2026-03-29T00:30:00Z'],
  ['20260329T023000', '2026-03-29T01:30:00Z'],
  ['20260329T033000', '2026-03-29T01:30:00Z'],
  ['20261025T023000', '2026-10-25T00:30:00Z'],
  ['20261025T033000', '2026-10-25T02:30:00Z'],
])('P10: %s in the zone that an Outlook file defines is what Berlin says: %s', (clock, start) => {
  const own = ics(...outlook, ...event(`DTSTART;TZID="W. Europe Standard Time":${clock}`, 'DURATION:PT1H'))
  const named = ics(...event(berlin(clock), 'DURATION:PT1H'))
  expect(spans(own)[0]).toMatch(start)
  expect(spans(own)).toEqual(spans(named))
})

test('P10: folded lines, escapes and hostile titles are read as one line of text', () => {
  const text = ics(
    ...event('DTSTART:20260105T100000Z', 'DURATION:PT1H', 'SUMMARY:Year\\, end\\n', ' ::error::x\u202e'),
  )
  expect(read(text)[0]).toMatchObject({ title: 'Year, end ::error::x', source: 'freeze.ics:4' })
})

test.each<[string, string, RegExp]>([
  ['no calendar', 'hello', /^freeze\.ics:1: "hello" is no line of an iCalendar file/],
  ['a web page', '<html>\n<body>', /^freeze\.ics:1: /],
  ['nothing', '', /^freeze\.ics:1: is no iCalendar file/],
  [
    'cut off',
    'BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\n',
    /^freeze\.ics:2: BEGIN:VEVENT has no END:VEVENT/,
  ],
  ['crossed', 'BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR', /^freeze\.ics:3: END:VCALENDAR closes nothing/],
  ['no start', ics('BEGIN:VEVENT', 'END:VEVENT'), /^freeze\.ics:4: an event needs DTSTART/],
  ['a bad date', ics(...event('DTSTART:tomorrow')), /^freeze\.ics:6: DTSTART: "tomorrow" is no date or time/],
  ['29 February 2026', ics(...event('DTSTART:20260229')), /^freeze\.ics:6: DTSTART: 20260229 does not exist/],
  ['a 25th hour', ics(...event('DTSTART:20260101T250000Z')), /^freeze\.ics:6: .* does not exist/],
  [
    'an unknown zone',
    ics(...event('DTSTART;TZID=Mars/Olympus:20260101T000000')),
    /^freeze\.ics:6: .*"Mars\/Olympus" is neither an IANA name nor defined/,
  ],
  [
    'an end before the start',
    ics(...event('DTSTART:20260102T000000Z', 'DTEND:20260101T000000Z')),
    /^freeze\.ics:7: the event ends before it begins/,
  ],
  ['a day and a time', ics(...event('DTSTART:20260102', 'DTEND:20260103T000000Z')), /^freeze\.ics:7: /],
  ['a bad length', ics(...event('DTSTART:20260102', 'DURATION:2h')), /^freeze\.ics:7: DURATION: 2h/],
  ['a bad EXDATE', ics(...event('DTSTART:20260102', 'EXDATE:x')), /^freeze\.ics:7: EXDATE/],
  [
    'each second',
    ics(...event('DTSTART:20260102', 'RRULE:FREQ=SECONDLY')),
    /^freeze\.ics:7: RRULE: FREQ=SECONDLY is not supported/,
  ],
  [
    'BYHOUR',
    ics(...event('DTSTART:20260102', 'RRULE:FREQ=DAILY;BYHOUR=3')),
    /^freeze\.ics:7: RRULE: BYHOUR is not supported/,
  ],
  [
    'INTERVAL=0',
    ics(...event('DTSTART:20260102', 'RRULE:FREQ=DAILY;INTERVAL=0')),
    /^freeze\.ics:7: RRULE: INTERVAL/,
  ],
  ['a huge INTERVAL', ics(...event('DTSTART:20260102', 'RRULE:FREQ=DAILY;INTERVAL=99999999999')), /INTERVAL/],
  ['COUNT=0', ics(...event('DTSTART:20260102', 'RRULE:FREQ=DAILY;COUNT=0')), /^freeze\.ics:7: RRULE: COUNT/],
  ['a month 13', ics(...event('DTSTART:20260102', 'RRULE:FREQ=YEARLY;BYMONTH=13')), /out of range/],
  ['the year 1', ics(...event('DTSTART:00010102', 'RRULE:FREQ=DAILY;COUNT=9')), /1900 or later/],
])('P10: a bad calendar is one error with file and line: %s', (_, text, message) => {
  expect(() => read(text)).toThrow(message)
  expect(() => read(text)).toThrow(expect.objectContaining({ name: 'ConfigurationError' }))
})

test('P10: a rule that never comes true ends', () => {
  const text = ics(...event('DTSTART:19000102', 'RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30'))
  expect(spans(text)).toEqual([])
})

// Each of these took minutes, and gigabytes, before it was counted.
test.each<[string, string[], number, RegExp]>([
  [
    'days from 1900 on that no day fits',
    ['RRULE:FREQ=YEARLY;COUNT=9;BYDAY=MO;BYSETPOS=300'],
    100,
    /too long/,
  ],
  ['counted from 1900 on', ['RRULE:FREQ=DAILY;COUNT=99999'], 20, /too long/],
  ['every day, many times', ['RRULE:FREQ=DAILY'], 60, /more than 20000 events in the horizon/],
])(
  'fault 24: a calendar of rules that ask for endless work is refused with its place: %s',
  (_, lines, copies, words) => {
    const bomb = ics(
      ...Array.from({ length: copies }).flatMap(() => event('DTSTART;VALUE=DATE:19000101', ...lines)),
    )
    expect(() => read(bomb)).toThrow(words)
  },
)

test('fault 24: hundreds of weekly meetings of many years are read', () => {
  const many = Array.from({ length: 300 }).flatMap(() =>
    event('DTSTART:20100105T100000Z', 'RRULE:FREQ=WEEKLY'),
  )
  expect(spans(ics(...many))).toHaveLength(300 * 52)
})

test('fault 24: a time zone that changes its clocks all the time is refused with its place', () => {
  const part = [
    'TZOFFSETFROM:+0100',
    'TZOFFSETTO:+0200',
    'DTSTART:19700101T020000',
    'RRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU',
  ]
  const zone = [
    'BEGIN:VTIMEZONE',
    'TZID:Lies',
    'BEGIN:DAYLIGHT',
    ...part,
    'END:DAYLIGHT',
    'END:VTIMEZONE',
  ].join('\r\n')
  expect(() => read(ics(zone, ...event('DTSTART;TZID=Lies:20260701T100000')))).toThrow(/more than 1000 times/)
})
