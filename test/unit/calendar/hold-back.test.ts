import { expect, test } from '@jest/globals'
import { dueOf } from '@relman/core/calendar/due'
import { type Around, heldBack, successorsOf } from '@relman/core/calendar/hold-back'
import { newService } from '@relman/core/record/change-service'
import type { Service } from '@relman/core/record/service'
import { dated, provisional, sealed, window } from './dated.ts'

const now = '2026-12-15T08:30:00Z'
const service = (more: Partial<Service> = {}): Service => ({ ...newService('shop'), ...more })
const around = (more: Partial<Around> = {}): Around => ({
  ...{
    service: service(),
    ticket: { state: 'open', labels: ['release'] },
    hold: 'hold',
    successor: null,
    busy: [],
  },
  ...more,
})
const live = (version: string) => ({ version, sha: '', digest: '', at: now })
const why = (more: Partial<Around>, wanted: Parameters<typeof dated>[0] = {}): string | null => {
  const one = dated(wanted)
  const due = dueOf(one, now)
  if (!due) throw new Error('nothing is due')
  return heldBack(due, one, around(more), now)
}
const freeze = {
  ...window,
  kind: 'freeze' as const,
  title: 'Year end',
  source: 'schedule.freezes',
  exempt: [],
}
const lease = { token: 1, release: '1.2.9', digest: '', run: { id: 1, attempt: 1, workflow: '', job: '' } }

test.each([
  ['nothing', {}, {}, null],
  [
    'the label of people',
    { ticket: { state: 'open', labels: ['Hold'] } },
    {},
    /held by people: its ticket has the label hold/,
  ],
  [
    'a label that they chose',
    { ticket: { state: 'open', labels: ['wait'] }, hold: 'wait' },
    {},
    /label wait/,
  ],
  ['a ticket that they closed', { ticket: { state: 'closed', labels: [] } }, {}, /closed its ticket/],
  ['no ticket', { ticket: null }, {}, null],
  [
    'a ticket that cannot be read',
    { ticket: 'no right' },
    {},
    /nobody knows whether people hold it: no right/,
  ],
  ['a rejection', { ticket: { state: 'closed', labels: [] } }, { state: 'rejected' }, /rejected/],
  [
    'a block',
    { service: service({ blocked: [{ version: '1.3.0', reason: 'bad', at: now }] }) },
    {},
    /1\.3\.0 is blocked: bad/,
  ],
  ['a newer one that is live', { service: service({ live: live('1.4.0') }) }, {}, /not newer than 1\.4\.0/],
  ['a plan that took its place', { successor: '2.0.0' }, {}, /the plan of 2\.0\.0 took its place/],
  [
    'a release under way',
    { service: service({ lease: { ...lease, takenAt: now, expiresAt: window.end, deployment: null } }) },
    {},
    /being changed by the release 1\.2\.9/,
  ],
  [
    'a lease that ran out',
    { service: service({ lease: { ...lease, takenAt: now, expiresAt: now, deployment: null } }) },
    {},
    null,
  ],
  ['a freeze of the calendar', { busy: [freeze] }, {}, /freeze "Year end" .* until 2026-12-15 10:00 UTC/],
  ['an absence', { busy: [{ ...freeze, kind: 'team' as const }] }, {}, null],
  [
    'calendars that cannot be read',
    { busy: 'no answer' },
    {},
    /nobody knows what keeps releases out now: no answer/,
  ],
  [
    'late changes',
    {},
    { plan: { freeze: { ...provisional(now).freeze, held: 2 } } },
    /2 changes entered after feature freeze/,
  ],
] as const)('L5: the release is held back by %s', (_, more, wanted, expected) => {
  const reason = why(more as Partial<Around>, wanted as Parameters<typeof dated>[0])
  if (expected === null) expect(reason).toBeNull()
  else expect(reason).toMatch(expected)
})

test('L5: a plan is not held by what only keeps production still; a review by people alone', () => {
  const early = { plan: provisional('2026-12-08T08:00:00Z') }
  expect(why({ busy: [freeze], ticket: 'no right' }, early)).toBeNull()
  expect(why({ ticket: { state: 'closed', labels: [] } }, early)).toMatch(/closed/)
  const done = dated({ state: 'completed' })
  const due = dueOf(done, '2026-12-20T00:00:00Z')
  if (!due) throw new Error('no review is due')
  expect(heldBack(due, done, around({ ticket: { state: 'closed', labels: [] } }), now)).toBeNull()
  expect(heldBack(due, done, around({ ticket: { state: 'closed', labels: ['hold'] } }), now)).toMatch(
    /label hold/,
  )
})

test('L5: of plans that wait the last one counts, but for emergencies, pre-releases and versions with a branch', () => {
  const of = (version: string, day: number, more: Parameters<typeof dated>[0] = {}) =>
    dated({ version, at: `2026-12-0${day}T00:00:00Z`, ...more })
  const all = [of('1.2.4', 1), of('1.3.0', 2), of('1.2.5', 1, { type: 'hotfix' }), of('2.0.0-rc.1', 1)]
  expect([...successorsOf(all)]).toEqual([['1.2.4', '1.3.0']])
  const cut = of('1.2.4', 1)
  const branched = sealed(
    [{ kind: 'branched', key: 'b', data: { branch: 'release/1.2.4', sha: 'a' } }],
    now,
    cut.events,
    '1.2.4',
  )
  expect([...successorsOf([{ ...cut, events: branched }, of('1.3.0', 2)])]).toEqual([])
  expect([...successorsOf([of('1.2.4', 1), of('1.3.0', 2, { state: 'executing' })])]).toEqual([])
})
