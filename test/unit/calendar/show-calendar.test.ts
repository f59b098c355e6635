import { expect, test } from '@jest/globals'
import { aheadOf } from '@relman/core/calendar/ahead'
import { writeCalendar } from '@relman/core/calendar/calendar-ticket'
import { dueOf } from '@relman/core/calendar/due'
import { isLookDue, lastLook, looked } from '@relman/core/calendar/kept-look'
import { overdueOf } from '@relman/core/calendar/overdue'
import { nextDate, phaseAt } from '@relman/core/calendar/phase-at'
import { type Entry, showCalendar } from '@relman/core/calendar/show-calendar'
import { ticksIn } from '@relman/core/ticket/ticks'
import { dated, sealed, window } from './dated.ts'

const evil = '@acme/all <!-- /relman:ticket:shop:1.3.0:calendar --> | <img src=x> `x`\n- [x] `docs` #1'
const entry = (more: Partial<Entry> = {}, now = '2026-12-15T08:30:00Z'): Entry => {
  const one = dated()
  return {
    ...{
      dated: one,
      phase: phaseAt(one, now),
      next: nextDate(one, now),
      due: dueOf(one, now),
      standing: null,
    },
    ...{ overdue: overdueOf(one, new Set(), now), unread: '', kept: null, successor: null },
    ...more,
  }
}

test('L5: overdue is what nobody ticked by its day; what may be left out says so; ticks and the record end it', () => {
  const at = (one: ReturnType<typeof dated>, ticked: string[], now = '2026-12-13T00:00:00Z') =>
    overdueOf(one, new Set(ticked), now).map(({ what }) => what.split(':')[0])
  const all = at(dated(), [])
  expect(all).toEqual(expect.arrayContaining(['scope', 'regression', 'fixes', 'docs']))
  expect(all).not.toContain('branch')
  expect(at(dated({ policy: { branches: { release: 'release/{version}' } } }), [])).toContain('branch')
  expect(at(dated(), ['scope', 'docs'])).toEqual(all.filter((id) => !['scope', 'docs'].includes(id ?? '')))
  expect(at(dated({ state: 'approved' }), [])).not.toContain('scope')
  expect(at(dated({ state: 'completed' }), [], '2026-12-30T00:00:00Z')).toEqual([])
  expect(overdueOf(dated(), null, '2026-12-13T00:00:00Z')).toEqual([])
  const passed = overdueOf(dated(), null, window.end)
  expect(passed).toEqual([
    { what: 'the window passed: plan it again for another one', who: 'operations', since: window.end },
  ])
  const left = overdueOf(dated({ state: 'deployed' }), new Set(), '2026-12-18T08:00:00Z')
  expect(left.map(({ what }) => what)).toEqual([expect.stringMatching(/never completed/)])
  const failed = overdueOf(dated({ state: 'deployment-failed' }), null, window.end)
  expect(failed.map(({ what }) => what)).toEqual(['it is deployment-failed: settle it, or roll back by hand'])
})

test('L5: the section is kept up to date in place, and a pass that finds the same edits nothing', () => {
  const body =
    '<!-- relman:ticket:shop:1.3.0:plan -->\nplan\n<!-- /relman:ticket:shop:1.3.0:plan -->\n\nmine\n'
  const first = writeCalendar(body, entry(), Date.parse('2026-12-15T08:30:00Z'))
  expect(first.startsWith(body)).toBe(true)
  expect(first).toMatch(/## Calendar\n\n- Phase: pre-release; next: window closes, 2026-12-15 10:00 UTC/)
  expect(writeCalendar(first, entry(), Date.parse('2026-12-15T09:30:00Z'))).toBe(first)
  const standing = {
    standing: 'started',
    text: 'r.yml was started',
    url: 'https://github.com/a/b/actions/runs/7',
  } as const
  const second = writeCalendar(first, entry({ standing }), Date.parse('2026-12-15T09:31:00Z'))
  expect(second.split('## Calendar')).toHaveLength(2)
  expect(second).toContain('r.yml was started, https://github.com/a/b/actions/runs/7 (operations)')
  // An older pass that was late has not the last word.
  expect(writeCalendar(second, entry(), Date.parse('2026-12-15T09:30:30Z'))).toBe(second)
})

test('L5: names, reasons and addresses of people who mean harm stay text', () => {
  const bad = entry({
    standing: { standing: 'failed', text: evil, url: 'https://x/) [y](javascript:z)' },
    overdue: [{ what: evil, who: evil, since: window.start }],
    unread: evil,
    kept: {
      at: window.start,
      kept: [{ version: evil, reference: evil, digest: evil, state: 'gone', why: evil }],
    },
  })
  const text = `${writeCalendar(null, bad, Date.now())}\n${showCalendar([bad])}`
  expect(text).not.toMatch(/@acme|(?<!\\)<img|javascript:z|^- \[x\]|#1(?!\d)/m)
  expect(text.match(/^<!-- \/relman/gm)).toHaveLength(1)
  const [row] = showCalendar([bad])
    .split('\n')
    .filter((line) => line.startsWith('| shop'))
  expect(row?.replace(/\\\|/g, '').split('|')).toHaveLength(7)
})

test('P25: looked once a day from plan until the rollback window is over; what is gone has its remedy', () => {
  const one = dated()
  expect(isLookDue(one, '2026-12-10T00:00:00Z')).toBe(true)
  const kept = [
    {
      version: '1.2.3',
      reference: 'ghcr.io/a/b',
      digest: `sha256:${'a'.repeat(64)}`,
      state: 'gone',
      why: 'no such manifest',
    },
    {
      version: '1.2.2',
      reference: 'ghcr.io/a/b',
      digest: `sha256:${'b'.repeat(64)}`,
      state: 'there',
      why: '',
    },
  ]
  const now = '2026-12-10T06:00:00Z'
  const events = sealed([looked(now, kept)], now, one.events)
  const after = { ...one, events }
  expect([isLookDue(after, '2026-12-10T23:59:59Z'), isLookDue(after, '2026-12-11T00:00:00Z')]).toEqual([
    false,
    true,
  ])
  expect(isLookDue(after, '2026-12-09T00:00:00Z')).toBe(false)
  expect(
    isLookDue(dated({ state: 'completed', policy: { rollback: { window: '1d' } } }), '2026-12-17T00:00:00Z'),
  ).toBe(false)
  const text = showCalendar([entry({ kept: lastLook(events) })])
  expect(text).toMatch(
    /\*\*Way back\*\* 1\.2\.3 can no longer be deployed: .*is gone, no such manifest\. Push what has this digest again/,
  )
  expect(text).toMatch(/What stays deployable: looked 2026-12-10; there: 1\.2\.2/)
})

test('ticks are read from their own section alone', () => {
  const marker = 'relman:ticket:shop:1.3.0'
  const body = `- [x] \`scope\` mine\r\n<!-- ${marker}:preparation -->\r\n- [x] \`docs\` Write\r\n- [ ] \`drill\` Drill\r\n<!-- /${marker}:preparation -->\r\n- [x] \`fixes\` x`
  expect([...ticksIn(body, marker, 'preparation')]).toEqual(['docs'])
  expect([...ticksIn('', marker, 'preparation')]).toEqual([])
})

test('L5, W1: freezes, the next departure and notices to come are said, those of a secret release are not', () => {
  const policy = {
    schedule: { trains: [{ name: 'weekly', every: 'week', first: '2026-12-01', type: 'minor' }] },
    communication: { stakeholders: [{ who: evil, channel: '#support', hears: ['start'] }] },
  }
  const one = dated({ policy })
  const freeze = { kind: 'freeze' as const, title: evil, source: 'f.ics', exempt: [] }
  const busy = [
    { ...freeze, start: '2026-12-20T00:00:00Z', end: '2027-01-03T00:00:00Z' },
    { ...freeze, start: '2027-02-01T00:00:00Z', end: '2027-02-03T00:00:00Z' },
    { ...freeze, start: '2026-12-01T00:00:00Z', end: '2026-12-02T00:00:00Z' },
  ]
  const at = (release: typeof one, now: string) => aheadOf([release], one.plan.policy.schedule, busy, now)
  const lines = at(one, '2026-12-10T00:00:00Z')
  expect(lines).toEqual([
    expect.stringMatching(/^- Freeze: .* \(f\.ics\), 2026-12-20 00:00 UTC to 2027-01-03 00:00 UTC$/),
    expect.stringMatching(
      /^- Departure: weekly \(minor\), 2026-12-15 10:00 UTC; aboard is what is merged by 2026-12-14 10:00/,
    ),
    expect.stringMatching(/^- Notice: 2026-12-12 08:00 UTC, only approved exceptions enter shop 1\.3\.0/),
    expect.stringMatching(/^- Notice: 2026-12-15 08:00 UTC, shop 1\.3\.0 begins/),
  ])
  expect(lines.join('\n')).not.toMatch(/@acme|(?<!\\)<img|(?<!\\)<!--/)
  const secret = dated({ policy, plan: { embargo: { until: null, public: true } } })
  expect(at(secret, '2026-12-10T00:00:00Z').filter((line) => line.startsWith('- Notice'))).toEqual([])
  expect(aheadOf([], one.plan.policy.schedule, 'no answer', '2026-12-10T00:00:00Z')[0]).toMatch(
    /not known: no answer/,
  )
})
