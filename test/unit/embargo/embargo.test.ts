import { expect, test } from '@jest/globals'
import { communicationPlan } from '@relman/core/communication/communication-plan'
import { showKickOff } from '@relman/core/communication/kick-off'
import { embargoOf, heldUntil } from '@relman/core/embargo/embargo'
import { planCriteria } from '@relman/core/gate/plan-criteria'
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
  urgency: { severity: 'critical', affected: 80, workaround: false, why: secret, path: [secret] },
  state: 'frozen',
  freeze: {
    ...{ feature: noon, code: null, source: 'freeze.dates of the policy', base: null, held: 1 },
    late: [{ sha: 'a', item: secret, entry: 'held', why: secret }],
  },
  features: {
    milestone: { title: '1.0.1', url: 'https://github.test/acme/shop/milestone/1' },
    features: [
      {
        ...{ number: 7, title: secret, owners: [], state: 'open', inRange: false, verdict: 'incomplete' },
        ...{ criteria: { met: 0, unmet: 1, open: [secret] }, why: secret },
      },
    ],
    bugs: [],
    counts: { ready: 0, incomplete: 1, deferred: 0, bugs: 0, untriaged: 0, unread: 0 },
    defer: 'deferred',
  },
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

test('P3: nor do the criteria of the gate, which stand in logs and outputs', () => {
  const open = planCriteria({ ...plan, embargo: { until: noon, public: true } })
  expect(open.map(({ state, reason }) => [state, reason])).toContainEqual(['fail', 'features-incomplete'])
  expect(JSON.stringify(open)).not.toMatch(/hole/)
  const closed = JSON.stringify(planCriteria({ ...plan, embargo: { until: noon, public: false } }))
  expect(closed.match(new RegExp(secret, 'g'))?.length).toBeGreaterThan(1)
})

test('P3: a release of any type under embargo is told outside the team at its disclosure only', () => {
  const hears = ['planned', 'completed', 'disclosure'] as const
  const policy = { communication: { stakeholders: [{ who: '@acme/press', channel: 'mail', hears }] } }
  const minor = { ...drawPlan({ ...facts({}, policy) }), embargo: { until: noon, public: false } }
  const press = (one: typeof minor) =>
    communicationPlan(one)
      .messages.filter(({ who }) => who === '@acme/press')
      .map(({ moment, at }) => [moment, at])
  expect(press(minor)).toEqual([['disclosure', noon]])
  const shown = shownPlan({ ...minor, embargo: { until: noon, public: true } })
  expect(showKickOff(shown, 'd'.repeat(64), true)).not.toMatch(/press|disclosure/)
})

test('P3: in a private repository, and without an embargo, pages show everything', () => {
  const closed = { ...plan, embargo: { until: noon, public: false } }
  expect(shownPlan(closed)).toBe(closed)
  expect(shownPlan(plan)).toBe(plan)
})
