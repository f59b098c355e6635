import { expect, test } from '@jest/globals'
import { embargoOf, heldUntil } from '@relman/core/embargo/embargo'
import { heldNote } from '@relman/core/notes/held-note'
import { drawPlan } from '@relman/core/plan/draw-plan'
import { planSummary } from '@relman/core/plan/plan-summary'
import { shownPlan } from '@relman/core/plan/withhold'
import { change, facts } from '../plan/facts.ts'

const noon = '2026-03-10T12:00:00Z'
const at = (time: string) => Date.parse(`2026-03-10T${time}Z`)

test.each([
  ['security', null, { until: noon, public: true }],
  ['security', '2026-04-01T00:00:00Z', { until: '2026-04-01T00:00:00Z', public: true }],
  ['patch', '2026-04-01T00:00:00Z', { until: '2026-04-01T00:00:00Z', public: true }],
  ['patch', null, null],
])('P3: the embargo of a %s release that is asked for until %s', (type, asked, expected) => {
  expect(embargoOf({ type, asked, disclosure: noon, public: true })).toEqual(expected)
})

test.each([
  [noon, '11:59:59', null, { until: noon }],
  [noon, '12:00:00', null, null],
  [noon, '11:00:00', 'now', null],
  [noon, '12:30:00', '2026-03-10T13:00:00Z', { until: '2026-03-10T13:00:00Z' }],
  [noon, '11:30:00', '2026-03-10T11:00:00Z', null],
  [null, '23:00:00', null, { until: null }],
  [null, '11:00:00', 'now', null],
])('P3: until %s, at %s, said %s', (until, time, said, held) => {
  expect(heldUntil({ embargo: { until, public: false } }, at(time), said)).toEqual(held)
})

test('P3: a release without an embargo, and a plan of before there were any, holds nothing back', () => {
  expect(heldUntil({ embargo: null }, at('00:00:00'), null)).toBeNull()
})

test('P3: the short note says nothing of what it holds, and takes no Markdown from a name', () => {
  expect(heldNote({ service: 'shop_<b>', version: '1.0.1' }, noon)).toBe(
    '**shop\\_\\<b\\> 1.0.1**, released 2026-03-10. Its notes follow.',
  )
})

const secret = 'Close the hole in the login'
const plan = drawPlan({
  ...facts(),
  type: 'security',
  changes: [change({ kind: 'security', title: secret, subject: `security: ${secret}`, level: 'high' })],
  why: [{ sha: 'a', subject: secret, rule: 'security', level: 'patch', decides: true }],
  migrations: ['db/close-hole.sql'],
  gaps: [`not read: ${secret}`],
  lessons: [{ from: '1.0.0', why: secret, change: secret }],
})

test('P3: in a public repository pages show nothing of what ships; the plan itself keeps all', () => {
  const shown = shownPlan({ ...plan, embargo: { until: noon, public: true } })
  expect(JSON.stringify(shown)).not.toMatch(/hole|security:/)
  const summary = planSummary(shown, 'd'.repeat(64), [])
  expect(summary).not.toMatch(/hole|secur/i)
  expect(summary).toMatch(/1 change/)
  expect(summary).toMatch(/withheld until disclosure: whoever decides reads the plan itself/)
  expect(JSON.stringify(plan)).toContain(secret)
})

test('P3: in a private repository, and without an embargo, pages show everything', () => {
  const closed = { ...plan, embargo: { until: noon, public: false } }
  expect(shownPlan(closed)).toBe(closed)
  expect(shownPlan(plan)).toBe(plan)
})
