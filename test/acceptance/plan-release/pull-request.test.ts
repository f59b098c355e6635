import { afterEach, expect, test } from '@jest/globals'
import { sha256 } from '@relman/core/adapters/hash/sha256'
import { canonicalJson } from '@relman/core/record/canonical-json'
import type { PullReview } from '../../../rehearsal/github/state/store.ts'
import type { Planned } from './clone.ts'
import { type Hosted, openHosted } from './hub.ts'

let hosted: Hosted
afterEach(async () => {
  expect(hosted.hub.violations).toEqual([])
  await hosted.close()
})

type Wish = {
  policy?: string
  base?: string
  title?: string
  commits?: string[]
  files?: Record<string, string>
  labels?: string[]
  fork?: boolean
}

const tip = () => hosted.clone.git('rev-parse', 'topic')

/** An open pull request (number 7) of a repository whose last release is 1.0.0, and the merge that GitHub tests it by. */
const open = async (wish: Wish = {}): Promise<void> => {
  const { base = 'main', title = 'feat(cart): remember it', commits = ['wip'] } = wish
  hosted = await openHosted((clone) => {
    clone.commit('feat: begin', wish.policy ? { '.github/relman.yml': wish.policy } : undefined)
    clone.tag('v1.0.0')
    clone.commit('fix: a (#2)')
    if (base !== 'main') clone.git('branch', base)
    clone.git('switch', '-q', '-c', 'topic')
    for (const message of commits) clone.commit(message, wish.files)
  })
  merge(base)
  put({ title, base, labels: wish.labels ?? [], fork: wish.fork ?? false })
}

const merge = (base: string): void => {
  const { clone } = hosted
  clone.git('switch', '-q', '--detach', base)
  clone.git('merge', '-q', '--no-ff', '-m', `Merge ${tip()} into ${clone.git('rev-parse', base)}`, 'topic')
}

const put = (pull: {
  title: string
  base: string
  labels: string[]
  fork: boolean
  reviews?: PullReview[]
  head?: string
  commits?: string[]
}): void => {
  const at = '2026-01-02T00:00:00Z'
  hosted.hub.issues.put({
    number: 7,
    title: pull.title,
    body: null,
    user: 'grace',
    state: 'open',
    stateReason: null,
    labels: pull.labels,
    assignees: [],
    createdAt: at,
    updatedAt: at,
    closedAt: null,
    closedBy: null,
    pull: {
      mergedAt: null,
      mergedBy: null,
      mergeCommit: null,
      headRef: 'topic',
      baseRef: pull.base,
      commits: pull.commits ?? [pull.head ?? tip()],
      reviews: pull.reviews ?? [],
      closes: [],
      fork: pull.fork,
    },
  })
}

const approval = (user: string): PullReview => ({
  user,
  state: 'APPROVED',
  submittedAt: '2026-01-02T01:00:00Z',
  commit: tip(),
})
const writing = { contents: 'read', 'pull-requests': 'write' } as const
const reading = { contents: 'read', 'pull-requests': 'read' } as const
const review = (
  inputs: Record<string, string> = {},
  permissions: typeof writing | typeof reading = writing,
) => hosted.plan({ pull: '7', ...inputs }, permissions)
const comments = () => hosted.hub.issues.comments(7)
const told = ({ status, result }: Planned) => [status, result.decision, result.reasonCode]

test('W1, W6: with nothing set up a pull request learns what it makes of the release, in one comment kept up to date', async () => {
  await open()
  const first = await review()
  expect(told(first)).toEqual([0, 'planned', 'planned'])
  expect(first.outputs['version']).toBe('1.1.0')
  const [comment] = comments()
  expect(comment?.user).toBe('github-actions[bot]')
  expect(comment?.body).toMatch(/^<!-- relman:plan:checkout -->\n### checkout \*\*1\.1\.0\*\* with this/)
  expect(comment?.body).toContain('| version | 1.0.1 (patch) | **1.1.0 (minor)** |')
  expect(comment?.body).toContain('| changes | 1 | **2** |')
  expect(comment?.body).toMatch(/\*\*Version\*\*: asks for minor \(.*\), which decides/)
  expect(first.summary).toContain('| version | 1.0.1 (patch) | **1.1.0 (minor)** |')
  expect(first.result.data).toMatchObject({ recorded: false, pull: 7, base: 'main' })
  expect(await hosted.store.events('checkout', '1.1.0')).toEqual([])
  await review()
  expect(comments().map(({ id }) => id)).toEqual([comment?.id])
  put({ title: 'fix: less', base: 'main', labels: [], fork: false })
  const third = await review()
  expect(third.outputs['version']).toBe('1.0.1')
  expect(comments().map(({ id, body }) => [id, /1\.0\.1 \(patch\) \| 1\.0\.1 \(patch\)/.test(body)])).toEqual(
    [[comment?.id, true]],
  )
}, 120_000)

test('W1: a comment of anybody else is never touched, whatever it says', async () => {
  await open()
  const { apiUrl } = hosted.hub
  const forged = '<!-- relman:plan:checkout -->\nfine, merge it'
  const token = hosted.hub.mintToken({ actor: 'eve', kind: 'user', permissions: {} })
  const sent = await fetch(`${apiUrl}/repos/acme/checkout/issues/7/comments`, {
    method: 'POST',
    headers: { authorization: `bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ body: forged }),
  })
  expect(sent.status).toBe(201)
  await review()
  expect(comments().map(({ user, body }) => [user, body.split('\n')[1]?.slice(0, 30)])).toEqual([
    ['eve', 'fine, merge it'],
    ['github-actions[bot]', '### checkout **1.1.0** with th'],
  ])
}, 120_000)

test('W1: a hostile title, branch or commit ends in text', async () => {
  const hostile =
    'feat: @everyone <!-- relman:plan:checkout --> [x](javascript:alert(1)) | **b** `c` #1 <img src=x>'
  await open({ title: hostile, commits: [`${hostile}\n\n--> </details>`] })
  await review()
  const body = comments()[0]?.body ?? ''
  expect(body.match(/<!--/g)).toHaveLength(1)
  expect(body).not.toMatch(/<img|@everyone|\]\(javascript/)
  expect(body).toContain('1.1.0')
}, 120_000)

test('W1: with the token of a fork, which may only read, nothing is written and the summary says all', async () => {
  await open({ fork: true })
  const planned = await review({}, reading)
  expect(told(planned)).toEqual([0, 'planned', 'planned'])
  expect(comments()).toEqual([])
  expect(planned.summary).toContain('| version | 1.0.1 (patch) | **1.1.0 (minor)** |')
  expect(planned.summary).toMatch(/No comment: the token may not comment/)
}, 120_000)

test('W1: a dry run writes nothing, nor does the run of a commit that is no longer the newest', async () => {
  await open()
  const dry = await review({ 'dry-run': 'true' })
  put({
    title: 'feat: a',
    base: 'main',
    labels: [],
    fork: false,
    head: hosted.clone.git('rev-parse', 'v1.0.0'),
  })
  const late = await review()
  expect([dry.status, late.status, comments()]).toEqual([0, 0, []])
  expect(late.summary).toMatch(/has newer commits/)
}, 120_000)

test('P4: after feature freeze only fixes enter the branch of a release', async () => {
  await open({ base: 'release/1.1.0' })
  const feature = await review()
  expect(told(feature)).toEqual([1, 'refused', 'feature-freeze'])
  expect(feature.result.message).toMatch(/cut for 1\.1\.0.*its title says feat.*the label freeze-exception/)
  expect(comments()[0]?.body).toMatch(/> \[!CAUTION\]\n> \*\*May not enter `release\/1\.1\.0`\*\*/)
  put({ title: 'fix: a', base: 'release/1.1.0', labels: [], fork: false })
  expect(told(await review())).toEqual([0, 'planned', 'fix'])
  expect(comments().map(({ body }) => /CAUTION/.test(body))).toEqual([false])
}, 120_000)

test('P4: after code freeze only an exception that somebody else approved for the present commit enters', async () => {
  const policy = 'freeze: { approvers: [linus], dates: { "1.1.0": { code: 2026-01-01 } } }\n'
  await open({ policy, base: 'release/1.1.0', title: 'fix: a', labels: ['freeze-exception', 'small'] })
  expect(told(await review())).toEqual([1, 'refused', 'code-freeze'])
  const pull = { title: 'fix: a', base: 'release/1.1.0', labels: ['freeze-exception'], fork: false }
  put({ ...pull, reviews: [approval('ada')] })
  expect(told(await review())).toEqual([1, 'refused', 'code-freeze'])
  put({ ...pull, reviews: [approval('linus')] })
  const allowed = await review()
  expect(told(allowed)).toEqual([0, 'planned', 'freeze-exception'])
  expect(allowed.result.data['freeze']).toMatchObject({ why: expect.stringMatching(/linus approved/) })
}, 120_000)

test('P4: without dates of the policy, those of the plan in the record hold', async () => {
  await open({ base: 'release/1.1.0', title: 'fix: a' })
  expect(told(await review())).toEqual([0, 'planned', 'fix'])
  const { plan } = await hosted.plan({ type: 'minor' })
  const milestone = (id: string, at: string) => ({ id, name: id, what: '', offset: 'T', at, notes: [] })
  plan.schedule.milestones = [milestone('code-freeze', '2026-01-02T00:00:00Z')]
  const text = canonicalJson(plan)
  const digest = sha256(text)
  const event = { kind: 'planned' as const, key: 'later', actor: 'ada', run: null, token: null, data: {} }
  await hosted.store.append('checkout', '1.1.0', [{ ...event, digest }], { plan: { digest, text } })
  const frozen = await review()
  expect(told(frozen)).toEqual([1, 'refused', 'code-freeze'])
  expect(frozen.result.message).toMatch(/since 2026-01-02 00:00 UTC \(the plan in the record\)/)
}, 120_000)

test('P4: the freeze is that of the protected branch, never of the change', async () => {
  const own = { '.github/relman.yml': 'mode: observe\nfreeze: { branches: [none], kinds: [feat] }\n' }
  await open({ base: 'release/1.1.0', files: own })
  const planned = await review()
  expect(told(planned)).toEqual([1, 'refused', 'feature-freeze'])
  expect(comments()[0]?.body).toMatch(
    /Release policy\*\*: .*relman\.yml is changed; it holds from the merge on/,
  )
}, 120_000)

/** What a merge queue runs, for pull request 7 on a branch that moved on. */
const queued = (how: 'merge' | 'rebase' | 'squash') => {
  const { clone } = hosted
  const branch = 'release/1.1.0'
  const own = clone.git('rev-list', '--reverse', 'v1.0.0..topic', `^${branch}`).split('\n')
  put({ title: 'fix: a', base: branch, labels: [], fork: false, commits: own })
  clone.git('switch', '-q', branch)
  const base = clone.commit('fix: ahead in the queue')
  clone.git('switch', '-q', '--detach')
  if (how === 'merge') clone.git('merge', '-q', '--no-ff', '-m', 'Merge pull request #7', 'topic')
  else if (how === 'rebase') clone.git('cherry-pick', ...own)
  else {
    clone.git('merge', '-q', '--squash', 'topic')
    clone.git('commit', '-q', '-m', 'fix: a (#7)')
  }
  return hosted.plan({}, writing, { GITHUB_REF: `refs/heads/gh-readonly-queue/${branch}/pr-7-${base}` })
}

test.each(['merge', 'rebase', 'squash'] as const)(
  'P4: a merge queue by %s hides no commit, and brings the comment up to date',
  async (how) => {
    await open({ base: 'release/1.1.0', title: 'fix: a', commits: ['feat: sneak', 'fix: b'] })
    const { status, result } = await queued(how)
    expect([status, result.decision, result.reasonCode]).toEqual([1, 'refused', 'feature-freeze'])
    expect(result.message).toMatch(/a commit of it says feat/)
    expect(comments().map(({ body }) => /May not enter `release/.test(body))).toEqual([true])
  },
  120_000,
)

test('P4: in a merge queue a fix enters whatever rides ahead of it, by the freeze of that moment', async () => {
  await open({ base: 'release/1.1.0', title: 'fix: a', commits: ['fix: b', 'test: c'] })
  expect(told(await queued('rebase'))).toEqual([0, 'planned', 'fix'])
  const unnamed = await hosted.plan({}, reading, {
    GITHUB_REF: 'refs/heads/gh-readonly-queue/release/1.1.0/x',
  })
  expect([...told(unnamed), unnamed.result.message]).toEqual([
    ...[1, 'error', 'configuration-error'],
    expect.stringMatching(/a merge queue that names no pull request/),
  ])
  expect(comments().map(({ body }) => /\*\*May enter `release/.test(body))).toEqual([true])
}, 120_000)

test('W5: in the mode observe nothing is held, and the comment says what would be', async () => {
  await open({ policy: 'mode: observe\n', base: 'release/1.1.0' })
  expect(told(await review())).toEqual([0, 'would-refuse', 'feature-freeze'])
  expect(comments()[0]?.body).toContain('**Would not be let into `release/1.1.0`**')
}, 120_000)

test('16: a policy that relman could not read any more is red before it is merged', async () => {
  await open({ files: { '.github/relman.yml': 'servce: shop\n' } })
  const planned = await review()
  expect(told(planned)).toEqual([1, 'refused', 'policy-broken'])
  expect(planned.result.message).toMatch(/relman\.yml:1:1.*did you mean "service"/)
}, 120_000)

test('W1: in a repository of several components it says of each what would be released', async () => {
  const policy = 'components: { web: { path: apps/web }, api: { path: apps/api } }\n'
  await open({ policy, files: { 'apps/web/a.ts': '1' } })
  for (const name of ['web', 'api']) hosted.clone.git('tag', `${name}-v1.0.0`, 'v1.0.0')
  const planned = await review()
  expect(planned.status).toBe(0)
  const body = comments()[0]?.body ?? ''
  expect(body).toMatch(/### \d components? to release with this pull request/)
  expect(body).toMatch(/\| web \| – \| \*\*\d+\.\d+\.\d+ \(minor\)\*\* \|/)
  expect(body).not.toMatch(/No release/)
}, 120_000)

test('W1: what stands in the way of the release itself is said, and the pull request is not held for it', async () => {
  await open()
  const { clone } = hosted
  clone.git('tag', 'v1.1.0', clone.git('commit-tree', 'HEAD^{tree}', '-m', 'elsewhere'))
  const planned = await review()
  expect(told(planned)).toEqual([0, 'would-refuse', 'version-exists'])
  expect(comments()[0]?.body).toMatch(/No release with this pull request\n\nv1\.1\.0 exists already/)
}, 120_000)

test('bad input: no token, no such pull request, a word for a number', async () => {
  await open()
  const answers = await Promise.all([
    hosted.plan({ pull: '7', 'github-token': '' }),
    hosted.plan({ pull: '99' }),
    hosted.plan({ pull: 'seven' }),
  ])
  expect(answers.map(told)).toEqual(Array(3).fill([1, 'error', 'configuration-error']))
  expect(answers.map(({ result }) => result.message)).toEqual([
    expect.stringMatching(/"pull": takes github-token/),
    expect.stringMatching(/no pull request 99/),
    expect.stringMatching(/"pull": write a whole number/),
  ])
}, 120_000)
