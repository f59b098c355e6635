import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import ICAL from 'ical.js'
import { type Clone, openClone, type Planned } from './clone.ts'

const base = `
service: checkout
traffic: { driver: command, set: [./set], get: [./get] }
metrics: { checks: [{ kind: ratio, name: errors, total: t, events: e }] }
`
const dayLong = 86_400_000
const date = (days: number): string => new Date(Date.now() + days * dayLong).toISOString().slice(0, 10)

let clone: Clone
beforeEach(() => {
  clone = openClone()
  clone.commit('feat: begin', { '.github/relman.yml': base })
  clone.tag('v1.0.0')
})
afterEach(() => clone.close())

/** Another policy on the protected branch, then a fix to release. */
const plan = (policy: string, inputs: Record<string, string> = {}, message = 'fix: a'): Planned => {
  clone.commit('chore: policy', { '.github/relman.yml': base + policy })
  clone.tag('v1.0.1')
  clone.commit(message)
  return clone.plan(inputs)
}
const lead = ({ plan: { schedule, plannedAt } }: Planned): number =>
  (Date.parse(schedule.window.start) - Date.parse(plannedAt)) / dayLong
const calendarOf = ({ outputs }: Planned): string =>
  readFileSync(join(outputs['plan'] ?? '', '..', 'release.ics'), 'utf8')

test('P3, P10: a window after the notice, on no Friday or weekend, long enough for the rollout', () => {
  const planned = plan('')
  const { schedule, policy } = planned.plan
  // The scope (code: medium) is above the type (patch: low), so it sets notice, tests and bake.
  expect(schedule).toMatchObject({
    type: 'patch',
    notice: 14 * 86_400,
    bake: 1.5,
    tests: 'affected components',
  })
  expect(schedule.governance).toBe(
    'type patch (low) · scope medium: scope sets tests, sign-offs, notice and bake',
  )
  expect(lead(planned)).toBeGreaterThanOrEqual(14)
  expect([0, 5, 6]).not.toContain(new Date(schedule.window.start).getUTCDay())
  const rollout = policy.rollout.steps.reduce((sum: number, { max }: { max: number }) => sum + max + 30, 30)
  const length = (Date.parse(schedule.window.end) - Date.parse(schedule.window.start)) / 1000
  expect(length).toBeGreaterThanOrEqual(rollout)
  expect(schedule.score.terms.map(({ name }: { name: string }) => name)).toEqual([
    'business impact',
    'team availability',
    'dependency readiness',
    'risk',
    'compliance',
  ])
  // The least bake of each step is longer by what governs.
  expect(policy.rollout.steps[0]).toMatchObject({ min: 180, max: 900 })
})

test('P9: milestones and critical path in the plan, a calendar file that a calendar program reads, a chart', () => {
  const planned = plan('')
  const { milestones, critical } = planned.plan.schedule
  // The medium scope sets the notice, and with it the plan.
  const offsets = milestones.map(({ offset }: { offset: string }) => offset)
  expect(offsets).toEqual(['T−14 d', 'T−1 d', 'T', 'T+1 d'])
  expect(critical).toContain('rollout')
  const events = new ICAL.Component(ICAL.parse(calendarOf(planned))).getAllSubcomponents('vevent')
  const release = events.map((event) => new ICAL.Event(event)).find(({ uid }) => /release@relman$/.test(uid))
  expect(release?.startDate.toJSDate().toISOString()).toBe(
    new Date(planned.plan.schedule.window.start).toISOString(),
  )
  expect(events).toHaveLength(4)
  expect(planned.summary).toMatch(/```mermaid\ngantt/)
})

test('the summary says when and why then, and that no gate holds the rollout to it', () => {
  const { summary } = plan('')
  expect(summary).toMatch(/\| \*\*When\*\* \| \w{3} \d{4}-\d\d-\d\d .*after a notice of 14 days/)
  expect(summary).toMatch(/## When\n\n\*\*.*\*\* It is the (next )?best of \d+/)
  expect(summary).toMatch(/a proposal: no gate holds the rollout to the window/)
})

test("P10: a notice of one's own, and constraints of the zone", () => {
  const planned = plan('schedule: { zone: Europe/Berlin, notice: { minor: 1d }, avoid: [], horizon: 2d }')
  expect(planned.plan.schedule).toMatchObject({ notice: 86_400, zone: 'Europe/Berlin' })
  expect(lead(planned)).toBeLessThan(3)
})

test('P10, complaint 22: freezes of the configuration and of a calendar of the protected branch keep the release out', () => {
  const free = plan('')
  const day = free.plan.schedule.window.start.slice(0, 10)
  const compact = day.replaceAll('-', '')
  const calendar = `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:${compact}T000000Z\r\nDTEND:${compact}T235959Z\r\nSUMMARY:Stocktaking\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`
  clone.commit('chore: calendar', {
    'calendars/freeze.ics': calendar,
    '.github/relman.yml': `${base}schedule: { calendars: [{ source: calendars/freeze.ics }], notice: { major: 14d } }`,
  })
  const moved = clone.plan()
  expect(moved.plan.schedule.window.start.slice(0, 10)).not.toBe(day)
  expect(moved.plan.schedule.refused.join('\n')).toMatch(new RegExp(`${day} .*Stocktaking`))
  // A branch that takes the calendar away is planned by that of the protected branch all the same.
  clone.git('checkout', '-q', '-b', 'sly')
  clone.git('rm', '-q', 'calendars/freeze.ics')
  clone.commit('fix: no calendar')
  expect(clone.plan().plan.schedule.refused.join('\n')).toMatch(/Stocktaking/)
})

test('P10: no window is free: refused, with what stands against each, and nothing is written', () => {
  const frozen = plan(
    `schedule: { horizon: 7d, freezes: [{ name: Audit, from: ${date(-1)}, to: ${date(200)} }] }`,
  )
  expect([frozen.status, frozen.outputs['decision'], frozen.outputs['reason-code']]).toEqual([
    1,
    'refused',
    'no-window',
  ])
  expect(frozen.summary).toMatch(/# No window for 1\.0\.2[\s\S]*- \w{3} \d{4}-\d\d-\d\d .*Audit/)
  expect(frozen.summary).toMatch(/To look further or wider: `schedule\.horizon`/)
  expect([frozen.text, frozen.outputs['digest']]).toEqual(['', ''])
  const urgent = clone.plan({ type: 'hotfix' })
  expect(urgent.plan.gaps.join()).not.toMatch(/more than fixes/)
  expect(urgent.plan.schedule).toMatchObject({ type: 'hotfix', notice: 0 })
  expect(lead(urgent) * 24).toBeLessThan(1)
  expect(urgent.summary).toMatch(/it lies in freeze "Audit", which does not hold a hotfix release/)
  clone.commit('feat: a basket')
  expect(clone.plan({ type: 'hotfix' }).outputs['reason-code']).toBe('no-window')
})

test('P10: a rollout that no window can hold is refused with its length', () => {
  const long = plan('rollout: { steps: [{ weight: 1, margin: 1 %, max: 9h }] }')
  expect(long.outputs['reason-code']).toBe('no-window')
  expect(long.summary).toMatch(/takes up to 9\.25 h with its bakes, a window is at most 8 h/)
})

test.each([
  [
    'a calendar that is not there',
    'schedule: { calendars: [{ source: nowhere.ics }] }',
    /nowhere\.ics.*does not exist/,
  ],
  [
    'a time zone that nobody knows',
    'schedule: { zone: Mars/Olympus }',
    /relman\.yml:\d+:\d+: schedule\.zone: .*IANA time zone/,
  ],
])('%s is an error that names the place', (_, policy, message) => {
  const { status, outputs, log, text } = plan(policy)
  expect([status, outputs['reason-code'], text]).toEqual([1, 'configuration-error', ''])
  expect(log).toMatch(message)
})

test('P3: a hotfix needs the sign-offs of high risk whatever its scope', () => {
  const { plan: drawn } = plan('', { type: 'hotfix' }, 'docs: a word')
  expect(drawn.signoffs.map(({ role }: { role: string }) => role)).toEqual(['engineering', 'operations'])
})

test('P11: ship by a date: backward from it, or refused with what binds and the earliest safe window', () => {
  const policy = 'schedule: { avoid: [], notice: { minor: 0s } }'
  const intime = plan(policy, { 'ship-by': date(10) })
  const { shipBy, window } = intime.plan.schedule
  expect(Date.parse(window.end)).toBeLessThanOrEqual(Date.parse(shipBy.deadline))
  // The milestones of a patch begin three days ahead.
  expect(lead(intime)).toBeGreaterThanOrEqual(3)
  expect(shipBy.cannotSkip).toContain('signoff')
  expect(shipBy.maySkip.map(({ id }: { id: string }) => id)).toEqual(['notes'])
  expect(intime.summary).toMatch(/Asked for by .* Not to be skipped: Agree scope, plan and owners, Finish/)
  const late = clone.plan({ 'ship-by': date(1) })
  expect([late.status, late.outputs['reason-code'], late.text]).toEqual([1, 'too-late', ''])
  expect(late.result.message).toMatch(
    /^not safely by .*the milestones of a patch release end .*the earliest safe window is \w{3} \d{4}-/,
  )
  expect(late.summary).toMatch(
    /Not to be skipped: Agree scope.* May be skipped: Write the technical notes \(/,
  )
  expect(clone.plan({ 'ship-by': '2026-02-30' }).log).toMatch(/input "ship-by": "2026-02-30" is no day/)
  expect(clone.plan({ 'ship-by': '2999-01-01' }).log).toMatch(/input "ship-by": .* more than 400 days ahead/)
})

test('P10: a preferred date wins while one of its windows is free', () => {
  const day = date(20)
  const planned = plan('schedule: { avoid: [] }', { 'preferred-dates': day })
  expect(planned.plan.schedule.window.start.slice(0, 10)).toBe(day)
})

test('P10: calendars hold beyond the horizon, where a preferred date or a train takes the release', () => {
  const [day, after] = [date(200), date(201)].map((each) => each.replaceAll('-', ''))
  clone.commit('chore: calendar', {
    'calendars/freeze.ics': `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:${day}\r\nDTEND;VALUE=DATE:${after}\r\nSUMMARY:Stocktaking\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`,
  })
  const calendars = 'avoid: [], calendars: [{ source: calendars/freeze.ics }]'
  const asked = plan(`schedule: { ${calendars} }`, { 'preferred-dates': date(200) })
  expect(asked.plan.schedule.window.start.slice(0, 10)).not.toBe(date(200))
  expect(asked.plan.schedule.refused.join('\n')).toMatch(`${date(200)} 06:00`)
  const trains = `trains: [{ name: yearly, every: quarter, first: ${date(200)}, type: patch }]`
  clone.commit('chore: policy', { '.github/relman.yml': `${base}schedule: { ${calendars}, ${trains} }` })
  const ridden = clone.plan()
  expect(ridden.plan.schedule.train.at.slice(0, 10) > date(200)).toBe(true)
})

test('P13: the train of the type, who is aboard and what missed it', () => {
  const first = date(30)
  clone.commit('chore: train', {
    '.github/relman.yml': `${base}schedule:\n  avoid: []\n  trains: [{ name: fortnightly, every: 2 weeks, first: ${first}, cutoff: 25d, type: patch }]\n`,
  })
  clone.tag('v1.0.1')
  clone.commit('fix: early')
  clone.commit('fix: another')
  const { plan: drawn, summary } = clone.plan()
  const { train, window } = drawn.schedule
  expect([train.name, train.at.slice(0, 10), train.aboard]).toEqual(['fortnightly', first, 2])
  expect(window.start.slice(0, 10)).toBe(first)
  expect(summary).toMatch(/Train \*\*fortnightly\*\* leaves .* \(UTC\): 2 changes are aboard\.\n/)
  const elsewhere = clone.plan({ 'preferred-dates': date(32) })
  expect(elsewhere.summary).toMatch(/2 changes are aboard\. \*\*The window above is on another day/)
})
