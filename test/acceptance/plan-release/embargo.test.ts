import { afterEach, expect, test } from '@jest/globals'
import { type Hosted, openHosted } from './hub.ts'

let hosted: Hosted
afterEach(async () => {
  expect(hosted.hub.violations).toEqual([])
  await hosted.close()
})

const secret = 'close the hole'
const open = async (visibility: 'private' | 'public'): Promise<void> => {
  hosted = await openHosted(
    (clone) => {
      clone.commit('feat: begin', { '.github/relman.yml': 'service: shop\n' })
      clone.tag('v1.0.0')
      clone.commit(`fix(login): ${secret} (#7)`, {
        'src/auth/login.ts': 'x',
        'db/migrations/7_hole.sql': 'DROP TABLE holes;',
      })
    },
    { visibility },
  )
}
const ticket = async () => (await hosted.hub.issues.all()).find(({ title }) => title === 'Release shop 1.0.1')

test('P3: before disclosure a public repository shows nothing of what a security release ships; the plan and its digest hold all', async () => {
  await open('public')
  const { status, plan, summary, result, outputs, log } = await hosted.plan({ type: 'security' })
  expect(status).toBe(0)
  const milestone = plan.schedule.milestones.find(({ id }: { id: string }) => id === 'disclosure')
  expect(plan.embargo).toEqual({ until: milestone.at, public: true })
  expect(JSON.stringify(plan)).toContain(secret)
  const body = (await ticket())?.body ?? ''
  for (const page of [summary, body, log, JSON.stringify(result), outputs['result']])
    expect(page).not.toMatch(/hole|login|secur|advisory|disclosure in/i)
  expect(body).toMatch(/- Not known: what it ships is withheld until disclosure/)
  expect(summary).toMatch(/Release ticket: http/)
  const gate = await hosted.gate(outputs['digest'] ?? '')
  expect(gate.summary).toMatch(/migration/)
  expect(gate.summary).not.toMatch(/hole|login/i)
}, 120_000)

test('P3: nor do the features of its milestone, in the summary, the ticket, the gate, its log and its outputs', async () => {
  await open('public')
  const at = '2026-01-02T00:00:00Z'
  hosted.hub.putMilestone({ number: 3, title: '1.0.1' })
  hosted.hub.issues.put({
    ...{
      number: 21,
      title: secret,
      body: `- [ ] ${secret}`,
      user: 'grace',
      state: 'open',
      stateReason: null,
    },
    ...{
      labels: [],
      assignees: [],
      createdAt: at,
      updatedAt: at,
      closedAt: null,
      closedBy: null,
      milestone: 3,
    },
  })
  const { status, plan, summary, outputs, log } = await hosted.plan({
    type: 'security',
    severity: 'critical',
  })
  expect([status, plan.features.features[0].title]).toEqual([0, secret])
  const gate = await hosted.gate(outputs['digest'] ?? '')
  expect(gate.result.data['criteria']).toContainEqual(
    expect.objectContaining({ reason: 'features-incomplete' }),
  )
  const body = (await ticket())?.body ?? ''
  for (const page of [summary, body, log, gate.summary, gate.log, gate.outputs['result']])
    expect(page).not.toMatch(/hole|login|exploit/i)
}, 120_000)

test('P3: in a private repository the team sees it; any release can be embargoed, until a moment that exists', async () => {
  await open('private')
  const closed = await hosted.plan({ type: 'security' })
  expect([closed.plan.embargo.public, closed.summary.includes(secret)]).toEqual([false, true])
  expect((await ticket())?.body).toContain(secret)
  const later = await hosted.plan({ disclosure: '2030-01-02T10:00' })
  expect(later.plan.embargo).toEqual({ until: '2030-01-02T10:00:00Z', public: false })
  const never = await hosted.plan({ disclosure: '2026-02-30' })
  expect([never.status, never.result.reasonCode]).toEqual([1, 'configuration-error'])
  expect(never.log).toMatch(/input "disclosure": "2026-02-30" is no day/)
}, 120_000)

test('P3: an ordinary release that ships the same fix shows nothing of it before that disclosure, whatever commit holds it', async () => {
  await open('public')
  const { clone, store } = hosted
  clone.git('switch', '-q', '-c', 'hotfix')
  clone.git('switch', '-q', 'main')
  clone.git('reset', '-q', '--hard', 'v1.0.0')
  const secured = await hosted.plan({ type: 'security', ref: 'hotfix' })
  clone.commit('feat: cart')
  const plain = await hosted.plan({ type: 'minor' })
  expect([plain.plan.embargo, plain.summary.includes('cart')]).toEqual([null, true])
  // The fix of what is live and not disclosed is missing here, which is said without its commit.
  const live = ['approved', 'started', 'deployed'] as const
  const of = { actor: 'ada', run: null, digest: secured.outputs['digest'] ?? '', token: null, data: {} }
  await store.append(
    'shop',
    '1.0.1',
    live.map((kind) => ({ ...of, kind, key: kind })),
  )
  const lacking = await hosted.plan({ type: 'minor' })
  expect(lacking.plan.gaps.join('\n')).toMatch(/hotfix 1\.0\.1: 1 commit is not on the main line yet;/)
  clone.git('cherry-pick', 'hotfix')
  const later = await hosted.plan({ type: 'minor' })
  expect(later.plan.embargo).toEqual(secured.plan.embargo)
  expect(later.plan.gaps.join('\n')).toMatch(/it ships changes of 1\.0\.1, which is under embargo/)
  const body = (await hosted.hub.issues.all()).find(({ title }) => title === 'Release shop 1.1.0')?.body ?? ''
  for (const page of [later.summary, body, later.log, later.outputs['result']])
    expect(page).not.toMatch(/hole|login|secur/i)
  // Disclosed: the notes of the security release are out, and it is completed.
  await store.append('shop', '1.0.1', [{ ...of, kind: 'completed' as const, key: 'completed' }])
  const shown = await hosted.plan({ type: 'minor' })
  expect([shown.plan.embargo, shown.summary.includes(secret)]).toEqual([null, true])
}, 120_000)
