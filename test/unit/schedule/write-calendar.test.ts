import { expect, test } from '@jest/globals'
import { readCalendar } from '@relman/core/schedule/read-calendar'
import { drawTimeline } from '@relman/core/schedule/timeline'
import { writeCalendar } from '@relman/core/schedule/write-calendar'
import ICAL from 'ical.js'
import { policy } from './ics.ts'

const window = { start: '2026-03-31T16:00:00Z', end: '2026-03-31T18:00:00Z' }
const now = '2026-03-01T10:00:00Z'
const timeline = drawTimeline({
  type: 'major',
  window,
  now,
  policy: policy({ owners: { quality: 'Ünsal, Ö; \\ 日本' } }),
})
const facts = {
  service: 'shop',
  version: '2.0.0',
  repository: 'acme/shop',
  now,
  revision: 1,
  state: 'frozen' as const,
  url: 'https://github.com/acme/shop/issues/1',
}
const text = writeCalendar(timeline, facts)
const events = (file: string) =>
  new ICAL.Component(ICAL.parse(file)).getAllSubcomponents('vevent').map((each) => new ICAL.Event(each))

test('P9: ical.js reads every milestone back, to the second', () => {
  expect(
    events(text).map((each) => [each.summary, each.startDate.toString(), each.endDate.toString()]),
  ).toEqual(
    timeline.milestones.map(({ id, name, offset, at }) => [
      `shop 2.0.0: ${name} (${offset})`,
      at,
      id === 'release' ? window.end : `${at.slice(0, 14)}30:00Z`,
    ]),
  )
  expect(events(text)[2]?.description).toMatch('Test the release branch: Ünsal, Ö; \\ 日本, by ')
})

test('P9 P10: our own reader reads it back; another release meets its window only, not its milestones', () => {
  const horizon = { start: '2026-01-01T00:00:00Z', end: '2027-01-01T00:00:00Z' }
  const read = (kind: 'freeze' | 'release') =>
    readCalendar({ text, file: 'own.ics', kind, zone: 'UTC' }, horizon)
  expect(read('freeze').map(({ start }) => start)).toEqual(timeline.milestones.map(({ at }) => at))
  expect(read('release').map(({ start, end }) => ({ start, end }))).toEqual([window])
})

test('P9: RFC 5545: CRLF, 75 octets, whole characters, the required properties', () => {
  const lines = text.split('\r\n')
  expect(lines.at(-1)).toBe('')
  expect(lines.join('')).not.toMatch(/[\r\n]/)
  expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75)
  expect(lines.filter((line) => Buffer.byteLength(line) === 75).length).toBeGreaterThan(0)
  expect(text).not.toMatch('\ufffd')
  expect(lines.slice(0, 3)).toEqual([
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//relman//release timeline//EN',
  ])
  for (const name of ['UID:', 'DTSTAMP:20260301T100000Z', 'DTSTART:', 'DTEND:', 'SUMMARY:'])
    expect(lines.filter((line) => line.startsWith(name))).toHaveLength(timeline.milestones.length)
})

test('P9: folding never cuts a character, wherever it falls', () => {
  for (let pad = 0; pad < 8; pad++) {
    const file = writeCalendar(timeline, { ...facts, service: `${'x'.repeat(pad)}${'日😀é'.repeat(20)}` })
    const lines = file.split('\r\n')
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75)
    expect(events(file)[0]?.summary).toMatch(`${'x'.repeat(pad)}${'日😀é'.repeat(20)}`)
  }
})

test('P9: a new revision keeps the UIDs and counts SEQUENCE up; another release has others', () => {
  const uids = (file: string) => events(file).map(({ uid }) => uid)
  const next = writeCalendar(timeline, {
    ...facts,
    revision: 3,
    now: '2026-03-05T00:00:00Z',
    state: 'provisional',
  })
  expect(uids(next)).toEqual(uids(text))
  expect(new Set(uids(text)).size).toBe(timeline.milestones.length)
  expect(events(next)[0]?.sequence).toBe(2)
  expect(next).toMatch('STATUS:TENTATIVE')
  const other = writeCalendar(timeline, { ...facts, version: '2.0.1' })
  expect(uids(other).filter((uid) => uids(text).includes(uid))).toEqual([])
})

test('P9: hostile names start no line and no property', () => {
  const evil = 'x\r\nEND:VEVENT\r\nBEGIN:VALARM\nATTACH:http://evil;,\\n\u0000'
  const file = writeCalendar(timeline, {
    ...facts,
    service: evil,
    version: evil,
    url: `https://x/\r\nATTACH:y`,
  })
  expect(events(file)).toHaveLength(timeline.milestones.length)
  expect(file).not.toMatch(/^(ATTACH|BEGIN:VALARM)/m)
  expect(events(file)[0]?.summary).toMatch('x END:VEVENT BEGIN:VALARM ATTACH:http://evil;,\\n')
})
