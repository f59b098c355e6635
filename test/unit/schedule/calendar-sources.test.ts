import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { calendarLimit, readCalendars } from '@relman/core/adapters/calendar/read-calendars'
import { folderFiles } from '@relman/core/adapters/calendar/read-folder-file'
import { type Answer, openServer, type TestServer } from '../../contract/traffic/server.ts'
import { event, ics, policy } from './ics.ts'

const horizon = { start: '2026-01-01T00:00:00Z', end: '2027-01-01T00:00:00Z' }
const holiday = ics(...event('DTSTART;VALUE=DATE:20261225', 'SUMMARY:Christmas'))
const serve =
  (text: string, status = 200): Answer =>
  (_, response) =>
    void response.writeHead(status, { 'content-type': 'text/calendar', location: '/elsewhere' }).end(text)

let folder = ''
let server: TestServer
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'calendar-'))
  mkdirSync(join(folder, 'repo/calendars'), { recursive: true })
  writeFileSync(join(folder, 'outside.ics'), holiday)
  writeFileSync(join(folder, 'repo/calendars/team.ics'), holiday)
  writeFileSync(join(folder, 'repo/bad.ics'), ics(...event('DTSTART:nonsense')))
  writeFileSync(join(folder, 'repo/big.ics'), '')
  truncateSync(join(folder, 'repo/big.ics'), calendarLimit + 1)
  symlinkSync('../outside.ics', join(folder, 'repo/link.ics'))
  symlinkSync('..', join(folder, 'repo/up'))
  server = await openServer(serve(holiday))
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

const read = (source: string, allow: string[] = [], signal?: AbortSignal) =>
  readCalendars(
    policy({ calendars: [{ source, kind: 'holiday' }], allow }),
    horizon,
    folderFiles(join(folder, 'repo')),
    signal,
  )

test('P10: a calendar of the repository, after the freezes of the configuration', async () => {
  const both = policy({
    zone: 'Europe/Berlin',
    freezes: [{ name: 'audit', from: '2026-05-01', to: '2026-05-02' }],
    calendars: [
      { source: 'calendars/team.ics', kind: 'team', name: 'Ann' },
      { source: 'calendars/team.ics', kind: 'freeze', zone: 'Pacific/Apia', exempt: ['patch'] },
    ],
  })
  const busy = await readCalendars(both, horizon, folderFiles(join(folder, 'repo')))
  expect(busy.map(({ kind, source, start, exempt }) => [kind, source, start, exempt])).toEqual([
    ['freeze', 'schedule.freezes', '2026-04-30T22:00:00Z', ['hotfix', 'security']],
    ['team', 'Ann:4', '2026-12-24T23:00:00Z', []],
    ['freeze', 'calendars/team.ics:4', '2026-12-24T11:00:00Z', ['patch']],
  ])
})

test.each<[string, string, RegExp]>([
  ['a missing file', 'none.ics', /^none\.ics: does not exist, but schedule\.calendars\[0\] names it$/],
  ['a bad file', 'bad.ics', /^bad\.ics:6: DTSTART: "nonsense"/],
  ['a way out', '../outside.ics', /"\.\.\/outside\.ics" is not a path inside the repository/],
  ['a hidden way out', 'calendars/../../outside.ics', /is not a path inside the repository/],
  ['a whole path', '/etc/hosts', /is not a path inside the repository/],
  ['backslashes', '..\\outside.ics', /is not a path inside the repository/],
  ['a link', 'link.ics', /^link\.ics: is, or lies behind, a symbolic link/],
  ['a file behind a link', 'up/outside.ics', /^up\/outside\.ics: is, or lies behind, a symbolic link/],
  ['a folder', 'calendars', /^calendars: is no regular file/],
  ['a huge file', 'big.ics', /^big\.ics: is larger than 5 MB/],
])('P10: from the repository only: %s is one clear error', async (_, source, message) => {
  await expect(read(source)).rejects.toThrow(message)
  await expect(read(source)).rejects.toMatchObject({ name: 'ConfigurationError' })
})

test('P10: a calendar at an address whose host is allowed; its path stays out of the plan', async () => {
  server.answer = serve(holiday)
  const busy = await read(`${server.url}/private-s3cret/basic.ics`, [`127.0.0.1:${server.port}`])
  expect(busy.map(({ title, source }) => [title, source])).toEqual([
    ['Christmas', `127.0.0.1:${server.port} (schedule.calendars[0]):4`],
  ])
})

test.each<[string, Answer, RegExp]>([
  [
    'an error of the server',
    serve('', 500),
    /\(schedule\.calendars\[0\]\) cannot be read: it answers HTTP 500$/,
  ],
  ['a redirect', serve('', 302), /redirects \(HTTP 302\); write the address it leads to$/],
  ['a web page', serve('<html>'), /\(schedule\.calendars\[0\]\):1: "<html>" is no line of an iCalendar file/],
  ['too much', serve(`BEGIN:VCALENDAR\r\n${'X-A:1\r\n'.repeat(800_000)}`), /longer than 5242880 bytes$/],
  ['a cut line', (_, response) => void response.socket?.destroy(), /the connection was cut$/],
])('P10: a calendar that cannot be read is never an empty one: %s', async (_, answer, message) => {
  server.answer = answer
  const reading = read(`${server.url}/private-s3cret/basic.ics`, ['127.0.0.1'])
  await expect(reading).rejects.toThrow(message)
  await expect(reading).rejects.not.toThrow('s3cret')
})

test.each<[string, string, string[], RegExp]>([
  [
    'a private address',
    'https://127.0.0.1:9/x.ics',
    [],
    /leads to 127\.0\.0\.1, a private address; list 127\.0\.0\.1:9 in schedule\.allow/,
  ],
  [
    'the metadata address, even when allowed',
    'https://169.254.169.254/x',
    ['169.254.169.254'],
    /never allowed/,
  ],
  ['http', 'http://127.0.0.1:9/x.ics', [], /calendars are read by https only/],
  ['a file address', 'file:///etc/hosts', [], /calendars are read by https only/],
  ['a password', 'https://ann:pw@127.0.0.1:9/x.ics', [], /a password does not belong/],
  ['no address', 'https://', [], /schedule\.calendars\[0\]\.source is no address/],
])('P10: %s is refused', async (_, source, allow, message) => {
  await expect(read(source, allow)).rejects.toThrow(message)
})

test('P10: a run that is cancelled ends the reading', async () => {
  server.answer = () => undefined
  const stop = new AbortController()
  const reading = read(`${server.url}/x.ics`, ['127.0.0.1'], stop.signal)
  stop.abort(new Error('cancelled by the run'))
  await expect(reading).rejects.toThrow('cancelled by the run')
})
