import { afterEach, expect, test } from '@jest/globals'
import { fold } from '@relman/core/record/fold'
import { type Hosted, openHosted } from './hub.ts'

let hosted: Hosted
afterEach(async () => {
  expect(hosted.hub.violations).toEqual([])
  await hosted.close()
})

const signoff = (role: string) =>
  `service: shop\nsignoff: { low: [${role}], medium: [${role}], high: [${role}] }\n`
const open = (...messages: string[]) =>
  openHosted((clone) => {
    clone.commit('feat: begin', { '.github/relman.yml': signoff('security') })
    clone.tag('v1.0.0')
    for (const message of messages) clone.commit(message)
  })
const writes = () => hosted.lines.filter((line) => !/ (GET|POST \/graphql query)/.test(` ${line}`))

test('P1, P5: labels win over commits, titles speak for free text, authors and issues come from GitHub', async () => {
  hosted = await open('docs: words (#2)\n\nFixes #9', 'Various things (#3)', 'fix: c (#4)')
  await hosted.pull(2, { labels: ['semver:major', 'other'] })
  await hosted.pull(3, { title: 'feat(cart): remember it' })
  const { status, outputs, plan } = await hosted.plan()
  expect([status, outputs['version'], outputs['tag']]).toEqual([0, '2.0.0', 'v2.0.0'])
  expect(plan.why[0]).toMatchObject({ rule: 'label semver:major', level: 'major', decides: true })
  const [, various, words] = plan.changes
  expect(words).toMatchObject({ pull: 2, labels: ['semver:major', 'other'], issues: [9] })
  expect(various).toMatchObject({ pull: 3, kind: 'feat', area: 'cart', title: 'remember it', readable: true })
  expect(plan.gaps.join()).not.toMatch(/no github-token/)
}, 60_000)

test('16: the policy is that of the protected branch at GitHub, not of the change, nor of the clone', async () => {
  hosted = await open('fix: a')
  hosted.clone.git('switch', '-q', '-c', 'topic')
  hosted.clone.commit('fix: b', { '.github/relman.yml': signoff('nobody') })
  hosted.clone.git('branch', '-f', 'main', 'topic')
  const { outputs, plan } = await hosted.plan()
  expect(outputs['signoffs']).toBe('[{"role":"security","environment":"signoff-security"}]')
  expect([plan.risk.level, plan.risk.reasons[0].why]).toEqual([
    'high',
    'the release policy or who must review (.github/relman.yml)',
  ])
}, 60_000)

test('L1, L3: the plan is in the record under its digest; planned again it is revision 2, and the first is void', async () => {
  hosted = await open('fix: a')
  const first = await hosted.plan()
  hosted.clone.commit('fix: b')
  hosted.push()
  const second = await hosted.plan()
  expect([first.outputs['version'], second.outputs['version']]).toEqual(['1.0.1', '1.0.1'])
  expect([first.plan.revision, second.plan.revision, second.plan.changes.length]).toEqual([1, 2, 2])
  expect(await hosted.store.plan(second.outputs['digest'] ?? '')).toBe(second.text)
  expect(await hosted.store.plan(first.outputs['digest'] ?? '')).toBe(first.text)
  const events = await hosted.store.events('shop', '1.0.1')
  expect(events.map(({ kind, data }) => [kind, data['revision'], data['changes']])).toEqual([
    ['planned', 1, 1],
    ['planned', 2, 2],
  ])
  expect(fold(events)).toMatchObject({ state: 'planning', digest: second.outputs['digest'], revision: 2 })
  const refused = await hosted.gate(first.outputs['digest'] ?? '')
  expect([refused.status, refused.result.decision, refused.result.reasonCode]).toEqual([
    1,
    'no-go',
    'superseded',
  ])
}, 60_000)

test('85: a dry run with a token reads everything and writes nothing', async () => {
  hosted = await open('feat: a (#2)')
  const { status, outputs, plan } = await hosted.plan({ 'dry-run': 'true' })
  expect([status, outputs['version'], plan.changes[0].pull]).toEqual([0, '1.1.0', 2])
  expect(await hosted.store.events('shop', '1.1.0')).toEqual([])
  expect(hosted.clone.git('--git-dir', '../bare.git', 'branch', '--list', 'relman-record')).toBe('')
  expect(hosted.lines.length).toBeGreaterThan(0)
  expect(writes()).toEqual([])
}, 60_000)

test('L3: planning that fails after the version is known leaves planning-failed, and the next run mends it', async () => {
  hosted = await open('fix: a')
  const steps = (first: number) => `{ steps: [{ weight: ${first}, margin: 1 % }] }`
  hosted.clone.commit('chore: policy', { '.github/relman.yml': `service: shop\nrollout: ${steps(100)}\n` })
  hosted.push()
  const failed = await hosted.plan()
  expect([failed.status, failed.result.decision, failed.outputs['digest'] ?? '']).toEqual([1, 'error', ''])
  const [event] = await hosted.store.events('shop', '1.0.1')
  expect([event?.kind, event?.data['error']]).toEqual([
    'planning-failed',
    expect.stringMatching(/first step may not be 100/),
  ])
  hosted.clone.commit('chore: mend', { '.github/relman.yml': `service: shop\nrollout: ${steps(50)}\n` })
  hosted.push()
  const mended = await hosted.plan()
  expect([mended.status, mended.plan.revision]).toEqual([0, 1])
  hosted.clone.commit('chore: break', { '.github/relman.yml': `service: shop\nrollout: ${steps(100)}\n` })
  hosted.push()
  expect((await hosted.plan()).status).toBe(1)
  const kinds = (await hosted.store.events('shop', '1.0.1')).map(({ kind }) => kind)
  expect(kinds).toEqual(['planning-failed', 'planned'])
}, 60_000)

test('64: a token that may not write the record is told which permission is missing', async () => {
  hosted = await open('fix: a')
  const { status, result } = await hosted.plan({}, { contents: 'read', 'pull-requests': 'read' })
  expect(status).toBe(1)
  expect(result.message).toMatch(/contents: write/)
  const planned = await hosted.plan({ record: 'false' }, { contents: 'read', 'pull-requests': 'read' })
  expect([planned.status, planned.outputs['version']]).toEqual([0, '1.0.1'])
}, 60_000)

test('43, 45: runs that plan one version at the same moment get a revision each, and only the last may go on', async () => {
  hosted = await open('fix: a')
  const runs = await Promise.all(Array.from({ length: 4 }, () => hosted.plan()))
  expect(runs.map(({ status }) => status)).toEqual([0, 0, 0, 0])
  // Runs that planned in the same millisecond drew the very same plan: one digest, one revision, one event.
  const revisions = new Map(runs.map(({ plan, outputs }) => [outputs['digest'], plan.revision]))
  const count = revisions.size
  expect([...revisions.values()].sort()).toEqual(Array.from({ length: count }, (_, index) => index + 1))
  expect(count).toBeGreaterThan(1)
  const events = await hosted.store.events('shop', '1.0.1')
  expect(events.map(({ kind, digest }) => [kind, revisions.get(digest ?? '')])).toEqual(
    Array.from({ length: count }, (_, index) => ['planned', index + 1]),
  )
  const { digest, revision } = fold(events)
  expect(revision).toBe(count)
  for (const run of runs) {
    const gated = await hosted.gate(run.outputs['digest'] ?? '')
    const last = run.outputs['digest'] === digest
    expect([run.plan.revision === count, gated.result.reasonCode === 'superseded']).toEqual([last, !last])
  }
}, 120_000)

test('G20: a version that was rolled back is passed over', async () => {
  hosted = await open('fix: a')
  await hosted.store.append('shop', '1.0.1', [], {
    change: { block: { version: '1.0.1', reason: 'errors' } },
  })
  const { outputs, summary } = await hosted.plan()
  expect(outputs['version']).toBe('1.0.2')
  expect(summary).toMatch(/1\.0\.1 was rolled back and is blocked/)
}, 60_000)

test('complaint 3: 600 changes cost at most 8 requests to GitHub before the record', async () => {
  hosted = await openHosted((clone) => {
    clone.commit('feat: begin')
    clone.tag('v1.0.0')
    const commits = Array.from({ length: 600 }, (_, index) => {
      const message = `fix: ${index} (#${index + 2})`
      const from = index === 0 ? 'from refs/heads/main^0\n' : ''
      return `commit refs/heads/main\ncommitter A <7+ada@users.noreply.github.com> ${1_800_000_000 + index} +0000\ndata ${message.length}\n${message}\n${from}\n`
    })
    clone.importStream(commits.join(''))
  })
  const { status, plan } = await hosted.plan({ record: 'false' })
  expect([status, plan.changes.length, plan.changes[0].author]).toEqual([0, 600, 'ada'])
  expect(hosted.lines.length).toBeLessThanOrEqual(8)
}, 120_000)

test('P2, G20: pre-releases with build metadata are recorded, and one that was rolled back is passed over', async () => {
  hosted = await openHosted((clone) => {
    clone.commit('feat: begin', {
      '.github/relman.yml': 'service: shop\nversion: { channel: rc, build: true }\n',
    })
    clone.tag('v1.0.0')
    clone.commit('fix: a')
  })
  await hosted.store.append('shop', '1.0.1-rc.1', [], {
    change: { block: { version: '1.0.1-rc.1+4f2a9c1.20260101000000', reason: 'errors' } },
  })
  const { status, outputs } = await hosted.plan()
  expect([status, outputs['version']]).toEqual([
    0,
    expect.stringMatching(/^1\.0\.1-rc\.2\+[0-9a-f]{7}\.\d{14}$/),
  ])
  const events = await hosted.store.events('shop', outputs['version'] ?? '')
  expect(events.map(({ kind }) => kind)).toEqual(['planned'])
}, 60_000)
