import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { transformSync } from '@swc/core'

const root = join(import.meta.dirname, '../../..')
const folder = mkdtempSync(join(tmpdir(), 'environment-'))

const program = `
import { schedulePolicy } from './config/schedule-policy.js'
import { configuredFreezes } from './schedule/busy.js'
import { chooseWindow, whyNot } from './schedule/choose-window.js'
import { ganttChart } from './schedule/gantt.js'
import { readCalendar } from './schedule/read-calendar.js'
import { drawTimeline } from './schedule/timeline.js'
import { timelineTable } from './schedule/timeline-table.js'
import { departures } from './schedule/train.js'
import { windowTable } from './schedule/window-table.js'
import { writeCalendar } from './schedule/write-calendar.js'
const now = '2026-03-02T08:00:00Z'
const policy = schedulePolicy.parse({ zone: 'Europe/Berlin', freezes: [{ name: 'İIıi', from: '2026-03-05', to: '2026-03-09' }] })
const text = 'BEGIN:VCALENDAR\\nbegin:vevent\\nuid:1\\ndtstart:20260310T180000\\nduration:PT2H\\nrrule:freq=weekly\\nend:vevent\\nEND:VCALENDAR'
const horizon = { start: now, end: '2026-06-01T00:00:00Z' }
const busy = [...configuredFreezes(policy), ...readCalendar({ text, file: 'a.ics', kind: 'freeze', zone: 'Europe/Berlin' }, horizon)]
const choice = chooseWindow({ type: 'minor', now, rollout: 3600, facts: { level: 'high' } }, policy, busy)
const timeline = drawTimeline({ type: 'minor', window: choice.chosen.span, now, policy })
const train = { name: 't', every: 'month', first: '2026-01-31', time: '10:00', cutoff: 0, type: 'minor' }
const facts = { service: 's', version: '1', repository: 'a/b', now, revision: 1, state: 'frozen' }
process.stdout.write([choice.why, whyNot(choice).join('\\n'), windowTable(choice, 500), timelineTable(timeline), ganttChart(timeline, 'x'), writeCalendar(timeline, facts), JSON.stringify(busy), JSON.stringify(departures(train, horizon, policy))].join('\\n'))
`

beforeAll(() => {
  for (const concept of ['config', 'notes', 'schedule', 'text']) {
    for (const name of readdirSync(join(root, 'shared/src', concept)).filter((each) =>
      each.endsWith('.ts'),
    )) {
      const source = readFileSync(join(root, 'shared/src', concept, name), 'utf8')
      const { code } = transformSync(source, { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } })
      const file = join(folder, concept, name.replace(/ts$/, 'js'))
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, code.replace(/(from\s+['"]\.{1,2}\/[^'"]+)\.ts(['"])/g, '$1.js$2'))
    }
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(join(folder, 'program.js'), program)
})
afterAll(() => rmSync(folder, { recursive: true }))

const run = (environment: Record<string, string>) =>
  execFileSync(process.execPath, [join(folder, 'program.js')], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    encoding: 'utf8',
  })

test('P9 P10 fault 81: the same bytes whatever zone and language the machine has', () => {
  const plain = run({ TZ: 'UTC', LANG: 'C' })
  expect(plain).toMatch('BEGIN:VCALENDAR')
  expect(plain).toMatch('| **Mon 2026-03-16 18:00')
  for (const [zone, language] of [
    ['Pacific/Apia', 'tr_TR.UTF-8'],
    ['America/New_York', 'ar_EG.UTF-8'],
    ['Asia/Kolkata', 'de_DE.UTF-8'],
  ] as const) {
    expect(run({ TZ: zone, LANG: language, LC_ALL: language, LANGUAGE: language })).toBe(plain)
  }
})
