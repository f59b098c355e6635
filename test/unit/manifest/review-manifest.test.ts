import { expect, test } from '@jest/globals'
import { checkpointInvitation } from '@relman/core/manifest/checkpoint'
import { type Manifest, manifest } from '@relman/core/manifest/manifest'
import { manifestSummary } from '@relman/core/manifest/manifest-summary'
import { reviewManifest } from '@relman/core/manifest/review-manifest'
import { showReview } from '@relman/core/manifest/show-review'
import ICAL from 'ical.js'

const checkpoint = '2026-11-20T15:00:00+01:00'
const part = (component: string, team: string, more: object = {}) => ({
  component,
  team,
  repository: `acme/${component}`,
  ...more,
})
const at = (revision: number) => ({ confirmed: { by: 'bo', revision } })
const written = (more: object, components: object[]): Manifest =>
  manifest.parse({ schema: 1, name: 'autumn', owner: 'ada', revision: 3, checkpoint, components, ...more })

const trio = (more: object = {}, of: { web?: object; api?: object; db?: object } = {}): Manifest =>
  written(more, [
    part('web', 'shop', { needs: ['api'], ...at(3), ...of.web }),
    part('api', 'platform', { needs: ['db'], ...at(3), ...of.api }),
    part('db', 'storage', { ...at(3), ...of.db }),
  ])

test('P8: order, layers, and the rollback sequence, which is the reverse order', () => {
  const review = reviewManifest(trio())
  expect(review).toMatchObject({
    layers: [['db'], ['api'], ['web']],
    order: ['db', 'api', 'web'],
    rollback: ['web', 'api', 'db'],
    ready: true,
    blockers: [],
    checkpoint: { at: '2026-11-20T14:00:00Z', minutes: 30 },
  })
})

test.each<[string, Manifest, (string | RegExp)[]]>([
  ['everything confirmed', trio(), []],
  [
    'an older revision confirmed',
    trio({}, { api: at(2) }),
    [/^team platform has not confirmed revision 3, only revision 2 \(api\)$/],
  ],
  [
    'never confirmed',
    trio({}, { db: { confirmed: undefined } }),
    [/^team storage has not confirmed revision 3 \(db\)$/],
  ],
  [
    'confirmed by the team as a whole',
    trio({ teams: { shop: at(3), platform: {}, storage: {} } }, { web: { confirmed: undefined } }),
    [],
  ],
  [
    'a whole team that confirmed an older revision',
    trio({ teams: { shop: at(1), platform: {}, storage: {} } }, { web: { confirmed: undefined } }),
    [/shop has not confirmed revision 3, only revision 1 \(web\)/],
  ],
  [
    'an open item of a component',
    trio({}, { db: { ready: [{ item: 'backup tested', done: false, owner: 'cy' }] } }),
    ['db: "backup tested" is not done (ask cy)'],
  ],
  [
    'an open item of the whole',
    trio({ ready: [{ item: 'support briefed', done: false }] }),
    ['the whole: "support briefed" is not done'],
  ],
  [
    'a version that does not fit',
    trio(
      {},
      {
        web: { needs: [{ component: 'api', version: '^2.0.0' }] },
        api: { version: '3.0.0' },
      },
    ),
    ['web needs api ^2.0.0, but it will be 3.0.0'],
  ],
  [
    'an external system that is not ready',
    trio(
      {
        systems: {
          bank: { ready: false, owner: 'bank desk', note: 'certificate expires' },
          idle: { ready: false },
        },
      },
      { web: { external: ['bank'] } },
    ),
    ['external system bank is not ready: certificate expires (ask bank desk)'],
  ],
  ['no checkpoint', trio({ checkpoint: undefined }), [/^no go or no-go decision is planned/]],
  [
    'everything blocked',
    trio({}, { db: { blocked: 'disk is full' } }),
    ['every component is deferred: nothing is left to release'],
  ],
])('P8: nothing proceeds: %s', (_, written, blockers) => {
  const review = reviewManifest(written)
  expect(review.blockers.map(({ text }) => text)).toEqual(
    blockers.map((each) => (typeof each === 'string' ? each : expect.stringMatching(each))),
  )
  expect(review.ready).toBe(blockers.length === 0)
})

test('P7, P8: only the teams that remain must confirm; what is deferred says why and keeps its version', () => {
  const review = reviewManifest(
    trio(
      { teams: { shop: {}, platform: { blocked: 'security review' }, storage: {} } },
      {
        web: { needs: [{ component: 'api', version: '>=1' }] },
        api: {
          previous: '1.4.0',
          version: '2.0.0',
          confirmed: undefined,
          ready: [{ item: 'x', done: false }],
        },
      },
    ),
  )
  expect(review).toMatchObject({ ready: true, order: ['web', 'db'], conflicts: [] })
  expect(review.deferred).toEqual([
    { component: 'api', team: 'platform', why: ['team platform is blocked: security review'] },
  ])
  expect(review.confirmations.map(({ team }) => team)).toEqual(['shop', 'storage'])
})

test('P8: a team that confirmed a part of its components is asked for the rest', () => {
  const review = reviewManifest(written({}, [part('a', 'x', at(3)), part('b', 'x')]))
  expect(review.confirmations).toEqual([{ team: 'x', state: 'stale', by: 'bo', revision: 3, open: ['b'] }])
  expect(review.blockers[0]?.text).toBe('team x has not confirmed revision 3 (b)')
  expect(showReview(trio(), review)).toContain('x: NOT CONFIRMED (bo confirmed a part of it)')
})

test('P7: more than 3 dependencies between teams bring a proposed split into the review', () => {
  const chain = ['a', 'b', 'c', 'd', 'e'].map((name, index, all) =>
    part(name, `team-${name}`, { ...at(3), needs: index > 0 ? [all[index - 1]] : [] }),
  )
  const five = written({}, chain)
  const review = reviewManifest(five)
  expect(review.split?.releases.map(({ components }) => components)).toEqual([['a', 'b', 'c', 'd'], ['e']])
  expect(showReview(five, review)).toMatch(
    /Proposed split: 4 dependencies[\s\S]*release 2: e, after release 1/,
  )
})

test('P8: the invitation is read by a calendar program: time, length, guests, the same UID in each revision', () => {
  const meeting = trio({
    name: 'autumn; "big", ñ'.padEnd(90, 'é'),
    checkpoint: {
      at: checkpoint,
      minutes: 45,
      place: 'Room 1, floor 2',
      invite: ['bo@example.org', 'cy@example.org'],
    },
  })
  const { checkpoint: planned } = reviewManifest(meeting)
  if (!planned) throw new Error('no checkpoint')
  const text = checkpointInvitation(
    meeting,
    planned,
    ['one, two', 'three\r\nATTENDEE:x'],
    '2026-11-01T00:00:00.123Z',
  )
  expect(text.split('\r\n').filter((line) => Buffer.byteLength(line) > 75)).toEqual([])
  const calendar = new ICAL.Component(ICAL.parse(text))
  const event = new ICAL.Event(calendar.getFirstSubcomponent('vevent') ?? undefined)
  expect(calendar.getFirstPropertyValue('method')).toBe('REQUEST')
  expect([event.startDate.toJSDate().toISOString(), event.duration.toString(), event.sequence]).toEqual([
    '2026-11-20T14:00:00.000Z',
    'PT45M',
    2,
  ])
  expect(event.attendees.map((each) => each.getFirstValue())).toEqual([
    'mailto:bo@example.org',
    'mailto:cy@example.org',
  ])
  expect([event.location, event.description]).toEqual(['Room 1, floor 2', 'one, two\nthree ATTENDEE:x'])
  expect(event.summary).toContain('autumn; "big", ñ')
  const later = checkpointInvitation({ ...meeting, revision: 4 }, planned, [], '2026-11-02T00:00:00Z')
  expect(/UID:(.*)/.exec(later)?.[1]).toBe(/UID:(.*)/.exec(text)?.[1])
})

test('P8: the summary shows order, who has not confirmed, the way back and the drawing; names are inert', () => {
  const hostile = '](x) <img src=x> | @all #1'
  const odd = written({ name: hostile }, [
    part(hostile, hostile, { ...at(2), repository: 'acme/x' }),
    part('web', 'shop', { needs: [hostile], ...at(3), version: '1.0.0' }),
  ])
  const text = manifestSummary(odd, reviewManifest(odd))
  expect(text).toContain('**Not ready.**')
  expect(text).toMatch(/\| 2 +\| web +\| 1\.0\.0 +\| shop +\| acme\/web +\| 0 +\| yes, bo +\|/)
  expect(text).toContain('Rollback sequence: web → ')
  expect(text).toContain('```mermaid\nflowchart LR')
  expect(text).not.toMatch(/(?<!\\)<img|(?<!\\)\]\(x\)|@all/)
})
