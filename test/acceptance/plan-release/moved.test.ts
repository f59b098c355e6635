import { afterEach, expect, test } from '@jest/globals'
import { type Hosted, openHosted } from './hub.ts'

let hosted: Hosted
afterEach(async () => {
  expect(hosted.hub.violations).toEqual([])
  await hosted.close()
})

const policy = (more = '', service = 'shop') => `
service: ${service}
schedule: { avoid: [], notice: { minor: 3d, major: 3d }, owners: { operations: '@kim', quality: 'x @everybody' }${more} }
communication: { stakeholders: [{ who: '@acme/support', channel: '#support' }] }
`
const open = async (): Promise<void> => {
  hosted = await openHosted((clone) => {
    clone.commit('feat: begin', { '.github/relman.yml': policy() })
    clone.tag('v1.0.0')
    clone.commit('fix: a')
  })
}
const commit = (message: string, files: Record<string, string> = {}): void => {
  hosted.clone.commit(message, files)
  hosted.push()
}
const comments = async () =>
  (await hosted.hub.issues.all()).flatMap(({ number }) =>
    hosted.hub.issues.comments(number).map(({ body }) => body),
  )
const planned = async (version = '1.0.1') =>
  (await hosted.store.events('shop', version)).filter(({ kind }) => kind === 'planned')

test('P10: a window stays over revisions; a freeze moves it, which plan, record, ticket and summary say, and those affected are told once', async () => {
  await open()
  const first = await hosted.plan()
  const { window } = first.plan.schedule
  commit('fix: b')
  const second = await hosted.plan()
  expect([second.plan.schedule.window, second.plan.moved]).toEqual([window, null])
  expect(second.summary).toMatch(/It is the window of revision 1, which still holds/)
  const day = window.start.slice(0, 10)
  commit('chore: freeze', {
    '.github/relman.yml': policy(`, freezes: [{ name: "Audit | @ada", from: ${day}, to: ${day} }]`),
  })
  const third = await hosted.plan({ reason: '<b>@ada asked</b>' })
  expect(third.status).toBe(0)
  const { moved } = third.plan
  expect(moved).toMatchObject({ from: window, to: third.plan.schedule.window, by: 'ada', code: 'conflict' })
  expect(moved.to.start.slice(0, 10)).not.toBe(day)
  expect(moved.reason).toBe('<b>@ada asked</b> (freeze "Audit | @ada" (schedule.freezes))')
  expect(moved.affected.map(({ who }: { who: string }) => who)).toEqual(
    expect.arrayContaining(['@kim', '@acme/support', 'the team']),
  )
  const events = await planned()
  expect(events.map(({ data }) => data['moved'] ?? null)).toEqual([null, null, moved])
  expect(events[2]?.data['window']).toEqual(moved.to)
  const [comment = '', ...more] = await comments()
  expect(more).toEqual([])
  expect(comment).toMatch(/\n- @acme\/support: hears of planned by #.support/u)
  expect(comment).toMatch(/\n- @kim: /)
  expect(comment).not.toMatch(/@ada|@everybody|<b>/)
  const ticket = (await hosted.hub.issues.all()).find(({ title }) => title === 'Release shop 1.0.1')
  expect(ticket?.body).toMatch(/\n- Moved \(\d{4}-\d\d-\d\d \d\d:\d\d UTC\): .* → .* by ada: /)
  expect(third.summary).toMatch(/## The window moved\n\n\*\*.* → .*, by ada: /)
  const again = await hosted.plan()
  expect([again.plan.schedule.window, again.plan.moved, await comments()]).toEqual([
    moved.to,
    null,
    [comment],
  ])
}, 120_000)

test('P10: whom a run that died did not tell, the next one tells; a dry run and another date that is asked for', async () => {
  await open()
  const first = await hosted.plan()
  const far = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10)
  const dry = await hosted.plan({ 'not-before': far, 'dry-run': 'true' })
  expect(dry.summary).toMatch(/## The window moved/)
  expect([await comments(), await planned()]).toEqual([[], [expect.anything()]])
  const bare = { contents: 'write', 'pull-requests': 'read' } as const
  const mute = await hosted.plan({ 'not-before': far, reason: 'the team is away' }, bare)
  expect(mute.plan.moved).toMatchObject({
    from: first.plan.schedule.window,
    code: 'requested',
    reason: `the team is away (not before ${far} was asked for)`,
  })
  expect(mute.plan.schedule.window.start.slice(0, 10) >= far).toBe(true)
  expect(await comments()).toEqual([])
  const next = await hosted.plan()
  expect([next.plan.moved, (await comments()).length]).toEqual([null, 1])
  expect((await comments())[0]).toMatch(/the team is away/)
}, 120_000)

test('P10: the window of another release in the record is busy, unless the two may share it', async () => {
  await open()
  const shop = await hosted.plan()
  commit('chore: another', { '.github/relman.yml': policy('', 'cart') })
  const cart = await hosted.plan()
  expect(cart.plan.schedule.window.start).not.toBe(shop.plan.schedule.window.start)
  expect(cart.plan.schedule.refused.join('\n')).toMatch(/release "shop 1\.0\.1" \(the record\)/)
  commit('chore: together', { '.github/relman.yml': policy(', together: [shop]', 'ship') })
  const ship = await hosted.plan()
  expect(ship.plan.schedule.refused.join('\n')).not.toMatch(/release "shop/)
  expect(ship.plan.schedule.refused.join('\n')).toMatch(/release "cart/)
}, 120_000)
