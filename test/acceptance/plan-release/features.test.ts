import { afterEach, expect, test } from '@jest/globals'
import type { Issue } from '../../../rehearsal/github/state/store.ts'
import { type Hosted, openHosted } from './hub.ts'

let hosted: Hosted
afterEach(async () => {
  expect(hosted.hub.violations).toEqual([])
  await hosted.close()
})

const at = '2026-01-02T00:00:00Z'

const open = async (policy = ''): Promise<void> => {
  hosted = await openHosted((clone) => {
    clone.commit('feat: begin', {
      '.github/relman.yml': `service: shop\nmode: advise\n${policy}`,
    })
    clone.tag('v1.0.0')
    clone.commit('feat: pay by card (#7)\n\nFixes #21')
    clone.commit('fix: totals (#8)')
  })
}

/** An issue of the milestone 3. */
const put = (number: number, more: Partial<Issue> = {}): void => {
  hosted.hub.issues.put({
    ...{ number, title: `feature ${number}`, body: null, user: 'grace', state: 'open', stateReason: null },
    ...{ labels: [], assignees: ['grace'], createdAt: at, updatedAt: at, closedAt: null, closedBy: null },
    ...{ milestone: 3, ...more },
  })
}

const row = (text: string, number: number): string =>
  text.split('\n').find((line) => line.startsWith(`| #${number} `)) ?? ''

const hostile = 'x | </td> @acme/all <!-- relman:ticket:shop:1.1.0:plan --> [y](http://evil.test)'

test('P22: features of the milestone with state, owner and criteria; incomplete ones stop the gate until they are done or deferred', async () => {
  await open(
    'features: { deferred: [{ issue: 24, version: 1.1.0, reason: the supplier is late, by: lee }] }\n',
  )
  hosted.hub.putMilestone({ number: 3, title: 'v1.1.0' })
  put(21, {
    state: 'closed',
    body: '## Acceptance criteria\n- [x] a card is charged\n- [ ] a refund arrives',
  })
  put(22, { title: hostile, assignees: [] })
  put(23, { labels: ['deferred'] })
  put(24)
  put(25, { labels: ['bug', 'priority: high'], title: 'rounding' })
  put(26, { labels: ['bug'], assignees: [] })
  const first = await hosted.plan({ type: 'minor' })
  expect([first.status, first.plan.features.counts]).toEqual([
    0,
    { ready: 0, incomplete: 2, deferred: 2, bugs: 2, untriaged: 1, unread: 0 },
  ])
  expect(row(first.summary, 21)).toMatch(
    /incomplete\*\*: 1 of 2 acceptance criteria are not met \| grace \| 1 of 2; open: a refund arrives \| yes \|$/,
  )
  expect(row(first.summary, 22)).toMatch(
    /open, and no change of it.* \| \*\*nobody\*\* \| none written \| not known \|/,
  )
  expect(row(first.summary, 24)).toMatch(/not in this release: the supplier is late \(lee\)/)
  expect(row(first.summary, 26)).toMatch(
    /\*\*none\*\* \| \*\*nobody\*\* \| assign somebody and label its priority/,
  )
  expect(row(first.summary, 22).replace(/\\./g, '')).not.toMatch(/@acme|<!--|<\/td>|\]\(http/)
  expect(first.summary).toMatch(
    /The gate will say no-go:\*\*[\s\S]*> - 2 features of the milestone not complete/,
  )
  const ticket = (await hosted.hub.issues.all()).find(({ title }) => title === 'Release shop 1.1.0')
  expect(row(ticket?.body ?? '', 22)).toMatch(/incomplete/)
  const stopped = await hosted.gate(first.outputs['digest'] ?? '')
  expect([stopped.outputs['decision'], stopped.outputs['reason-code']]).toEqual([
    'no-go',
    'features-incomplete',
  ])
  expect(stopped.summary).toMatch(
    /`features-incomplete` finish it, or take it out of this release .* \| grace +\|/,
  )
  expect(stopped.summary).toMatch(/`bugs-untriaged`/)

  put(21, {
    state: 'closed',
    body: '## Acceptance criteria\n- [x] a card is charged\n- [x] a refund arrives',
  })
  put(22, { state: 'closed', stateReason: 'not_planned' })
  put(26, { labels: ['bug', 'P1'] })
  const second = await hosted.plan({ type: 'minor' })
  expect(second.plan.features.counts).toMatchObject({ ready: 1, incomplete: 0, deferred: 3, untriaged: 0 })
  const passed = await hosted.gate(second.outputs['digest'] ?? '')
  expect(passed.summary).not.toMatch(/`features-incomplete`|`bugs-untriaged`/)
  expect(passed.result.data['criteria']).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ id: 'features-complete', state: 'pass', observed: 0 }),
    ]),
  )
}, 120_000)

test('P22: one request reads the milestone, more only for more than a hundred issues; a title that the input names must be there', async () => {
  await open()
  hosted.hub.putMilestone({ number: 3, title: 'Spring' })
  for (let number = 100; number < 230; number += 1) put(number, { state: 'closed' })
  const asked = () => hosted.lines.filter((line) => line.includes('/graphql')).length
  const without = asked()
  const none = await hosted.plan({ 'dry-run': 'true', record: 'false' })
  expect(none.plan.features).toBeUndefined()
  expect(none.plan.gaps.join()).toMatch(/there is no milestone 1\.1\.0 or v1\.1\.0.*nothing waits for them/)
  const before = asked()
  const planned = await hosted.plan({ 'dry-run': 'true', record: 'false', milestone: 'spring' })
  expect([planned.status, planned.plan.features.counts.ready]).toEqual([0, 130])
  expect(asked() - before).toBe(before - without + 1)
  const wrong = await hosted.plan({ milestone: 'Sumer' })
  expect([wrong.status, wrong.result.reasonCode]).toEqual([1, 'configuration-error'])
  expect(wrong.result.message).toMatch(/input "milestone": there is no milestone Sumer/)
}, 120_000)

test('P22: a token that may not read issues, or none at all, is said and stops no plan', async () => {
  await open('features: { milestone: "Release {version}" }\n')
  const blind = await hosted.plan({}, { contents: 'write', 'pull-requests': 'read' })
  expect([blind.status, blind.plan.gaps.join()]).toEqual([
    0,
    expect.stringMatching(/milestone.*`issues: read`/),
  ])
  const bare = await hosted.plan({ 'github-token': '' })
  expect([bare.status, bare.plan.features]).toEqual([0, undefined])
}, 120_000)
