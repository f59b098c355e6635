import { afterEach, expect, test } from '@jest/globals'
import { sha256 } from '@relman/core/adapters/hash/sha256'
import { canonicalJson } from '@relman/core/record/canonical-json'
import { fold } from '@relman/core/record/fold'
import type { Planned } from './clone.ts'
import { type Hosted, openHosted } from './hub.ts'
import { callerOf, openPlayer } from './play.ts'

let hosted: Hosted
afterEach(async () => {
  expect(hosted.hub.violations).toEqual([])
  await hosted.close()
})

const branches = 'branches: { release: "release/{version}" }\n'

/** Checkout 1.0.0 is released, and 1.1.0 is planned of main, to freeze far in the future. */
const open = async (policy = branches): Promise<Planned> => {
  hosted = await openHosted((clone) => {
    clone.commit('feat: begin', { '.github/relman.yml': policy })
    clone.tag('v1.0.0')
    clone.commit('feat: more')
  })
  return hosted.plan({ type: 'minor' })
}

/** The feature freeze of the plan in force is over. */
const pastFreeze = async ({ plan }: Planned, window = plan.schedule.window): Promise<void> => {
  plan.schedule.window = window
  const at = '2026-01-02T00:00:00Z'
  plan.schedule.milestones = [{ id: 'feature-freeze', name: 'x', what: '', offset: 'T', at, notes: [] }]
  const text = canonicalJson(plan)
  const digest = sha256(text)
  const event = {
    kind: 'planned' as const,
    key: `due:${digest}`,
    actor: 'ada',
    run: null,
    token: null,
    data: {},
  }
  await hosted.store.append(plan.service, plan.version, [{ ...event, digest }], { plan: { digest, text } })
}

const cut = (inputs: Record<string, string> = {}) => hosted.plan({ operation: 'cut', ...inputs })
const told = ({ status, result }: Planned) => [status, result.decision, result.reasonCode]
const bare = (...args: string[]) => hosted.clone.git('--git-dir', '../bare.git', ...args)
const heads = () => bare('for-each-ref', '--format=%(refname:short)', 'refs/heads/release').split('\n')
const commitOf = (branch: string) => bare('rev-parse', branch)
const branched = async (version = '1.1.0') =>
  (await hosted.store.events('checkout', version)).filter(({ kind }) => kind === 'branched')
const ticket = async () =>
  (await hosted.hub.issues.all()).find(({ title }) => title === 'Release checkout 1.1.0')?.body ?? ''

test('P4: the branch is cut at feature freeze, once, and stands in the record and the ticket', async () => {
  const planned = await open()
  const { window } = planned.plan.schedule
  const date = '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC'
  expect(planned.summary).toMatch(
    new RegExp(`\\| \\*\\*Branch\\*\\* \\| \`release/1\\.1\\.0\` will be cut at its freeze, ${date}`),
  )
  const early = await cut()
  expect(told(early)).toEqual([0, 'nothing', 'branch-not-due'])
  expect(early.result.message).toMatch(new RegExp(`to come: release/1\\.1\\.0 at ${date}`))
  const end = '2026-01-03T00:00:00Z'
  await pastFreeze(planned, { start: end, end })
  expect(told(await cut())).toEqual([0, 'nothing', 'branch-not-due'])
  await pastFreeze(planned, window)
  const tip = hosted.clone.commit('feat: until the last moment')
  hosted.push()
  const dry = await cut({ 'dry-run': 'true' })
  expect([told(dry), heads(), await branched()]).toEqual([[0, 'would-branch', 'branch-cut'], [''], []])
  const made = await cut()
  expect(told(made)).toEqual([0, 'branched', 'branch-cut'])
  expect(JSON.parse(made.outputs['branches'] ?? '')).toMatchObject([
    { service: 'checkout', version: '1.1.0', branch: 'release/1.1.0', sha: tip, made: true },
  ])
  expect([heads(), commitOf('release/1.1.0')]).toEqual([['release/1.1.0'], tip])
  expect((await branched()).map(({ data }) => data)).toEqual([
    { branch: 'release/1.1.0', sha: tip, type: 'minor' },
  ])
  const { phases } = fold(await hosted.store.events('checkout', '1.1.0'))
  expect(phases.at(-1)).toMatchObject({ name: 'development', activities: ['branched release/1.1.0'] })
  expect(await ticket()).toMatch(/- Branch: `release\/1\.1\.0`, cut .* UTC at `/)
  hosted.clone.commit('feat: too late')
  hosted.push()
  expect(told(await cut())).toEqual([0, 'nothing', 'branch-not-due'])
  expect([commitOf('release/1.1.0'), (await branched()).length]).toEqual([tip, 1])
}, 120_000)

test('P4: a freeze that the policy states moves the milestones, the row of the branch, and the cut', async () => {
  const dates = 'freeze: { dates: { 1.1.0: { feature: 2020-01-01, code: 2099-01-01 } } }\n'
  const { plan, summary } = await open(`${branches}${dates}`)
  const at = (id: string) => plan.schedule.milestones.find((each: { id: string }) => each.id === id)?.at
  expect([at('feature-freeze'), at('code-freeze')]).toEqual(['2020-01-01T00:00:00Z', '2099-01-01T00:00:00Z'])
  expect(summary).toMatch(/`release\/1\.1\.0` is due since its freeze, 2020-01-01 00:00 UTC/)
  expect([told(await cut()), heads()]).toEqual([[0, 'branched', 'branch-cut'], ['release/1.1.0']])
}, 120_000)

test('P4: from the branch the release keeps version and range, from elsewhere it is refused, and the freeze holds', async () => {
  await pastFreeze(await open())
  await cut()
  const { clone, hub } = hosted
  clone.git('fetch', '-q', '../bare.git', 'release/1.1.0:release/1.1.0')
  clone.commit('feat: for the release after')
  const main = await hosted.plan()
  expect(told(main)).toEqual([1, 'refused', 'branched'])
  expect(main.result.message).toMatch(
    /1\.1\.0 has its own branch, release\/1\.1\.0.*\(ref: release\/1\.1\.0\)/,
  )
  clone.git('switch', '-q', 'release/1.1.0')
  clone.commit(`Revert "feat: more"\n\nThis reverts commit ${clone.git('rev-parse', 'HEAD')}.`)
  clone.commit('fix: on the branch')
  hosted.push()
  const { plan } = await hosted.plan({ ref: 'release/1.1.0' })
  expect([plan.version, plan.previous.version, plan.changes.length]).toEqual(['1.1.0', '1.0.0', 3])
  // The plan above moved the freeze into the future; the branch is frozen since its cut.
  const at = '2026-01-02T00:00:00Z'
  clone.git('switch', '-q', '-c', 'topic')
  const head = clone.commit('feat: sneak')
  hosted.push()
  hub.issues.put({
    ...{ number: 7, title: 'feat: sneak', body: null, user: 'grace', state: 'open', stateReason: null },
    ...{ labels: [], assignees: [], createdAt: at, updatedAt: at, closedAt: null, closedBy: null },
    pull: {
      ...{ mergedAt: null, mergedBy: null, mergeCommit: null, headRef: 'topic', baseRef: 'release/1.1.0' },
      ...{ commits: [head], reviews: [], closes: [] },
    },
  })
  const review = await hosted.plan({ pull: '7' }, { contents: 'read', 'pull-requests': 'write' })
  expect(told(review)).toEqual([1, 'refused', 'feature-freeze'])
  expect(review.result.message).toMatch(/feature freeze since .* UTC \(the record\)/)
}, 120_000)

test('P4: a branch that is elsewhere is never moved; one that lies on the way is taken as the cut', async () => {
  const planned = await open()
  await pastFreeze(planned)
  const { clone } = hosted
  const elsewhere = clone.git('commit-tree', 'HEAD^{tree}', '-m', 'elsewhere')
  clone.git('push', '-q', '../bare.git', `${elsewhere}:refs/heads/release/1.1.0`)
  const refused = await cut()
  expect(told(refused)).toEqual([1, 'refused', 'branch-elsewhere'])
  expect(refused.result.message).toMatch(
    /release\/1\.1\.0 exists already, at .*: no branch is moved; delete or rename/,
  )
  expect([commitOf('release/1.1.0'), await branched()]).toEqual([elsewhere, []])
  // A run that was killed between the branch and the record.
  const half = clone.git('rev-parse', 'main')
  clone.git('push', '-q', '-f', '../bare.git', `${half}:refs/heads/release/1.1.0`)
  clone.commit('feat: later')
  hosted.push()
  const ended = await cut()
  expect([...told(ended), commitOf('release/1.1.0')]).toEqual([0, 'branched', 'branch-cut', half])
  expect((await branched()).map(({ data }) => data['sha'])).toEqual([half])
  // A branch that a person cut and the release was planned from.
  clone.git('switch', '-q', '-c', 'release/1.3.0', half)
  const own = clone.commit('fix: on the branch')
  hosted.push()
  await hosted.plan({ version: '1.3.0' })
  clone.git('switch', '-q', 'main')
  expect(told(await cut({ version: '1.3.0' }))).toEqual([0, 'branched', 'branch-cut'])
  expect((await branched('1.3.0')).map(({ data }) => data['sha'])).toEqual([own])
  clone.git('switch', '-q', '--orphan', 'other')
  clone.commit('feat: of another history')
  await hosted.plan({ ref: 'main', version: '1.2.0' })
  const stray = await cut({ version: '1.2.0' })
  expect(told(stray)).toEqual([1, 'refused', 'branch-elsewhere'])
  expect(stray.result.message).toMatch(/the plan of checkout 1\.2\.0 is of commit .*, which is not behind/)
}, 120_000)

test('P4: by hand at once; of each component its own; nothing without the policy, a plan or the permission', async () => {
  const several = 'components: { web: { path: web }, api: { path: api } }\n'
  await open(`${several}branches: { release: "release/{component}/{version}", types: [major] }\n`)
  const { clone } = hosted
  clone.commit('feat: a button', { 'web/a.ts': '1' })
  hosted.push()
  const { version } = (await hosted.plan({ component: 'web', type: 'minor' })).outputs
  expect(told(await cut())).toEqual([0, 'nothing', 'branch-not-due'])
  expect(told(await cut({ config: 'none.yml' }))).toEqual([0, 'nothing', 'no-branch-policy'])
  expect(told(await cut({ version: '9.9.9' }))).toEqual([1, 'refused', 'not-planned'])
  const name = `release/web/${version}`
  const all = { operation: 'cut', version: version ?? '', component: 'web' }
  const reading = await hosted.plan(all, { contents: 'read', issues: 'write' })
  expect([reading.status, heads()]).toEqual([1, ['']])
  expect(reading.result.message).toMatch(/could not create heads\/release\/web\/.*`contents: write`/)
  expect(told(await hosted.plan(all))).toEqual([0, 'branched', 'branch-cut'])
  expect(heads()).toEqual([name])
  const bad = await hosted.plan({ operation: 'cut', 'github-token': '' })
  expect([...told(bad), bad.result.message]).toEqual([
    1,
    'error',
    'configuration-error',
    expect.stringMatching(/"operation": cut takes github-token/),
  ])
}, 120_000)

test('W1: the workflow freeze, called as its page shows, cuts what is due', async () => {
  hosted = await openHosted((clone) => {
    clone.commit('feat: begin', {
      '.github/relman.yml': 'branches: { release: "release/{version}", at: plan }\n',
      '.github/workflows/freeze.yml': callerOf('workflows/freeze.md'),
    })
    clone.tag('v1.0.0')
    clone.commit('feat: more')
  })
  await hosted.plan({ type: 'minor' })
  const player = openPlayer(hosted)
  const workflow = '.github/workflows/freeze.yml'
  const { result, summary } = await player.run({ workflow, event: 'schedule', actor: 'ada' })
  await player.close()
  expect([result.errors, result.conclusion, heads()]).toEqual([[], 'success', ['release/1.1.0']])
  expect(summary).toMatch(/\| checkout 1\.1\.0 \| `release\/1\.1\.0` \| `[0-9a-f]{12}` \|/)
}, 120_000)
