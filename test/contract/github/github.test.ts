import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { systemClock } from '@relman/core/adapters/clock/system-clock'
import { writeSections } from '@relman/core/ticket/section'
import { openWorld, type World } from '../../rehearsal/github/world.ts'
import { openAdapters } from './open-adapters.ts'

jest.setTimeout(60_000)

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(async () => {
  await world.close()
  expect(world.hub.violations).toEqual([])
})

const head = () => world.git('rev-parse', 'main')
const writes = () => world.lines.filter((line) => /\b(POST|PATCH|PUT|DELETE) (?!\/graphql)/.test(line)).length

test('reads the repository, its files, its pull requests and who made its commits', async () => {
  const { github } = openAdapters(world, { contents: 'read', 'pull-requests': 'read', issues: 'read' })
  expect(await github.defaultBranch()).toBe('main')
  expect(await github.file('README.md', 'main')).toBe('one\n')
  expect(await github.file('src', 'main')).toBeNull()
  expect(await github.file('none.txt', 'main')).toBeNull()
  const pulls = await github.pulls([7, 9, 9, 4711])
  expect(pulls.map(({ number }) => number).sort()).toEqual([7, 9])
  const [makers] = await github.makers([head(), 'f'.repeat(40), 'not a commit'])
  expect(makers).toMatchObject({ sha: head() })
  expect(makers?.people.map(({ email }) => email)).toContain('ada@example.org')
})

test('a file above 1 MB, which GitHub leaves out of its JSON, is read to the letter', async () => {
  const { github } = openAdapters(world, { contents: 'read' })
  const text = `${JSON.stringify({ titles: Array.from({ length: 60_000 }, (_, at) => `change ${at} – é`) })}\n`
  expect(text.length).toBeGreaterThan(1_000_000)
  const git = world.job({ contents: 'write' }).rest.git
  const file = { path: 'large.json', mode: '100644', type: 'blob', content: text } as const
  const tree = await git.createTree({ ...world.repo, tree: [file] })
  const commit = await git.createCommit({
    ...world.repo,
    message: 'Add a large file',
    tree: tree.data.sha,
    parents: [],
  })
  expect(await github.file('large.json', commit.data.sha)).toBe(text)
})

test('G1: checks are those of others: the release workflow does not judge itself', async () => {
  const { github } = openAdapters(world, { checks: 'read', statuses: 'read', actions: 'read' }, { runId: 1 })
  const sha = head()
  world.hub.putCheckRun(sha, { name: 'unit tests' })
  world.hub.putCheckRun(sha, { name: 'lint', conclusion: 'failure' })
  world.hub.putCheckRun(sha, { name: 'slow', status: 'in_progress', conclusion: null })
  world.hub.putCheckRun(sha, { name: 'docs', conclusion: 'skipped' })
  const about = { event: 'push', actor: 'ada', headSha: sha, headBranch: 'main', inputs: {} }
  const own = world.hub.createRun({ ...about, workflow: '.github/workflows/release.yml', name: 'Release' })
  const other = world.hub.createRun({ ...about, workflow: '.github/workflows/ci.yml', name: 'CI' })
  const step = { attempt: 1, status: 'in_progress', conclusion: null } as const
  world.hub.createJob({ ...step, steps: [], runId: own.id, name: 'plan' })
  world.hub.createJob({ ...step, steps: [], runId: other.id, name: 'build' })
  const checks = await github.checks(sha)
  const states = Object.fromEntries(checks.map(({ name, state }) => [name, state]))
  expect(states).toMatchObject({ 'unit tests': 'success', lint: 'failure', slow: 'pending', docs: 'neutral' })
  expect(states).not.toHaveProperty('plan')
})

test('C6: a status is set and read back; the gates take it neither as proof nor for a failure', async () => {
  const permissions = { checks: 'read', statuses: 'write', actions: 'read', contents: 'read' } as const
  const { github } = openAdapters(world, permissions)
  const [sha, other] = [head(), world.git('rev-parse', 'main~1')]
  const status = {
    sha,
    context: 'relman/shop',
    description: 'shop 1.4.0: rolled back',
    url: 'https://x.example',
  }
  await github.commitStatuses.write({ ...status, state: 'failure' })
  expect(
    await github.commitStatuses.read('relman/shop', [sha, other, sha, 'no commit', 'f'.repeat(40)]),
  ).toEqual([{ sha, state: 'failure', description: 'shop 1.4.0: rolled back' }])
  expect(await github.commitStatuses.read('relman/cart', [sha])).toEqual([])
  await github.commitStatuses.write({ ...status, context: 'build', state: 'success' })
  const names = (await github.checks(sha)).map(({ name }) => name)
  expect([names.includes('build'), names.includes('relman/shop')]).toEqual([true, false])
})

test('P10: a comment is made once, and only that of a bot counts as ours', async () => {
  const { github } = openAdapters(world, { issues: 'write' })
  const { data: issue } = await world.user('ada').rest.issues.create({ ...world.repo, title: 'Moves' })
  const said = () => world.hub.issues.comments(issue.number).map(({ body }) => body)
  const wish = { issue: issue.number, marker: 'relman:moved:1', body: 'moved' }
  const byHand = { ...world.repo, issue_number: issue.number, body: '<!-- relman:moved:1 -->\nnot ours' }
  await world.user('ada').rest.issues.createComment(byHand)
  const first = await github.issueComments.once(wish)
  expect(await github.issueComments.once({ ...wish, body: 'other' })).toEqual(first)
  expect(said()).toEqual([byHand.body, '<!-- relman:moved:1 -->\nmoved'])
})

test('faults 62: 250 checks are 250 checks', async () => {
  const { github } = openAdapters(world, { checks: 'read', statuses: 'read', actions: 'read' })
  const sha = world.git('rev-parse', 'main~1')
  for (let count = 0; count < 250; count += 1) world.hub.putCheckRun(sha, { name: `check ${count}` })
  expect(await github.checks(sha)).toHaveLength(250)
})

test('G5: environments tell their reviewers, approvals tell the person', async () => {
  const { github } = openAdapters(world, { actions: 'read' })
  const base = { waitTimerMinutes: 0, secrets: {}, variables: {}, canAdminsBypass: true }
  world.hub.putEnvironment({
    ...base,
    name: 'signoff/qa',
    reviewers: ['grace', 'linus'],
    preventSelfReview: true,
  })
  world.hub.putEnvironment({ ...base, name: 'open', reviewers: [], preventSelfReview: false })
  expect(await github.environment('signoff/qa')).toEqual({
    name: 'signoff/qa',
    reviewers: ['grace', 'linus'],
    preventSelfReview: true,
  })
  expect(await github.environment('open')).toEqual({ name: 'open', reviewers: [], preventSelfReview: false })
  expect(await github.environment('none')).toBeNull()
  expect(await github.run(987_654)).toBeNull()
})

test('the deployment of a rollout is made once, and a status is not repeated', async () => {
  const { github } = openAdapters(world, { deployments: 'write' })
  const request = {
    sha: head(),
    environment: 'production',
    marker: 'relman:shop:1.1.0:1',
    payload: { release: '1.1.0', digest: 'd', token: 1 },
    description: 'shop 1.1.0',
  }
  const id = await github.deployments.ensure(request)
  expect(await github.deployments.ensure(request)).toBe(id)
  expect(await github.deployments.ensure({ ...request, marker: 'relman:shop:1.1.0:2' })).not.toBe(id)
  await github.deployments.report(id, 'in_progress', '1 0 1 moved 12345678')
  await github.deployments.report(id, 'in_progress', '1 0 1 moved 12345678')
  await github.deployments.report(id, 'success', '2 0 1 done 12345678')
  const statuses = await github.deployments.statuses(id)
  expect(statuses.map(({ state }) => state)).toEqual(['success', 'in_progress'])
  await expect(github.deployments.report(id, 'success', 'x'.repeat(141))).rejects.toThrow('140')
})

test('faults 89: a release is published once, drafts too, and again without a change writes nothing', async () => {
  const { github } = openAdapters(world, { contents: 'write' })
  const wanted = {
    tag: 'v1.1.0',
    sha: head(),
    name: '1.1.0',
    body: 'notes',
    draft: true,
    prerelease: false,
    latest: true,
  }
  const draft = await github.releases.publish(wanted)
  expect((await github.releases.byTag('v1.1.0'))?.id).toBe(draft.id)
  const published = await github.releases.publish({ ...wanted, draft: false })
  expect(published).toMatchObject({ id: draft.id, draft: false })
  const before = writes()
  expect(await github.releases.publish({ ...wanted, draft: false })).toMatchObject({ id: draft.id })
  expect(writes()).toBe(before)
  expect(await github.releases.byTag('v9.9.9')).toBeNull()
})

const section = (name: string, text: string, seq: number) => ({
  marker: 'relman:shop:1.1.0',
  title: 'Release 1.1.0',
  labels: ['release'],
  state: 'open' as const,
  write: (body: string | null) => writeSections(body, 'relman:shop:1.1.0', [{ name, text }], seq),
})
const bodyOf = async (number: number) =>
  (await world.hub.issues.all()).find((issue) => issue.number === number)?.body ?? ''
const edit = async (number: number, change: (body: string) => string, more = {}) => {
  const stored = (await world.hub.issues.all()).find((issue) => issue.number === number)
  if (!stored) throw new Error('the issue is not there')
  world.hub.issues.put({ ...stored, body: change(stored.body ?? ''), ...more })
}

test('P19, faults 89: the ticket is one issue; what people wrote around ours stays, and so does their title', async () => {
  const { github } = openAdapters(world, { issues: 'write' })
  const first = await github.issues.ensure(section('a', 'planned', 1))
  await edit(first.number, (body) => `before\r\n${body}\nafter`, { title: 'Our spring release' })
  const second = await github.issues.ensure({ ...section('a', 'live', 2), state: 'closed' })
  expect(second).toMatchObject({ number: first.number, state: 'closed', title: 'Our spring release' })
  expect(second.body).toMatch(/^before\r\n<!-- .* -->\n<!-- of event 2 -->\nlive\n<!-- .* -->\nafter$/)
  const before = writes()
  await github.issues.ensure({ ...section('a', 'live', 2), state: 'closed' })
  expect(writes()).toBe(before)
  const stored = (await world.hub.issues.all()).find(({ number }) => number === first.number)
  if (!stored) throw new Error('the issue is not there')
  const forged = '<!-- relman:other:a -->\nforged\n<!-- /relman:other:a -->'
  world.hub.issues.put({ ...stored, number: 900, user: 'grace', body: forged })
  const other = { ...section('a', 'x', 1), marker: 'relman:other', title: 'Other' }
  expect((await github.issues.ensure(other)).number).not.toBe(900)
})

test('P19: where people deleted every marker, the ticket of that title is taken up again, not opened twice', async () => {
  const { github } = openAdapters(world, { issues: 'write' })
  const wanted = (seq: number) => ({
    ...section('a', `text ${seq}`, seq),
    marker: 'relman:lost',
    title: 'Release of the lost',
  })
  const { number } = await github.issues.ensure(wanted(1))
  await edit(number, () => 'All mine now.')
  expect((await github.issues.ensure(wanted(2))).number).toBe(number)
  expect(await bodyOf(number)).toMatch(/^All mine now\.\n\n<!-- /)
})

test('P19: writers at the same moment open one ticket, and the section of each stands in the end', async () => {
  const adapters = [1, 2, 3].map(
    () => openAdapters(world, { issues: 'write' }, { clock: systemClock }).github,
  )
  const marker = 'relman:race'
  const wanted = (name: string, seq: number) => ({
    ...section(name, `${name} ${seq}`, seq),
    marker,
    title: 'Release of the race',
    write: (body: string | null) =>
      writeSections(
        body,
        marker,
        [
          { name, text: `${name} ${seq}` },
          { name: 'all', text: `seq ${seq}` },
        ],
        seq,
      ),
  })
  for (const round of [1, 2, 3]) {
    const found = await Promise.all(
      adapters.map((github, index) => github.issues.ensure(wanted(`s${index}`, round * 10 + index))),
    )
    expect(new Set(found.map(({ number }) => number)).size).toBe(1)
    const body = await bodyOf(found[0]?.number ?? 0)
    for (const index of [0, 1, 2]) expect(body.split(`s${index} ${round * 10 + index}`)).toHaveLength(2)
    expect(body).toContain(`seq ${round * 10 + 2}`)
  }
  const open = (await world.hub.issues.all()).filter(
    ({ title, state }) => title === 'Release of the race' && state === 'open',
  )
  expect(open).toHaveLength(1)
}, 60_000)

test('P4: a branch or tag is made where there is none, read through annotated tags, and never moved', async () => {
  const { github } = openAdapters(world, { contents: 'write' })
  const first = world.git('rev-parse', 'v1.0.0^{commit}')
  expect(await github.refs.commit('tags/v1.0.0')).toBe(first)
  expect(await github.refs.commit('heads/main')).toBe(head())
  expect(await github.refs.commit('heads/release/9.9.9')).toBeNull()
  expect(await github.refs.ensure('heads/release/1.1.0', first)).toEqual({ sha: first, made: true })
  expect(await github.refs.ensure('heads/release/1.1.0', head())).toEqual({ sha: first, made: false })
  expect(await github.refs.commit('heads/release/1.1.0')).toBe(first)
  expect(await github.refs.ensure('tags/v1.0.0', head())).toEqual({ sha: first, made: false })
  await expect(github.refs.ensure('heads/release/1.2.0', 'f'.repeat(40))).rejects.toMatchObject({
    reasonCode: 'github-refused',
  })
})

test('P4: the messages of all commits of a pull request, a hundred a call; those beyond a thousand are counted', async () => {
  const { github } = openAdapters(world, { contents: 'read', 'pull-requests': 'read' })
  const at = '2026-01-02T00:00:00Z'
  const put = (number: number, commits: number) =>
    world.hub.issues.put({
      ...{ number, title: 'a', body: null, user: 'ada', state: 'open', stateReason: null, labels: [] },
      ...{ assignees: [], createdAt: at, updatedAt: at, closedAt: null, closedBy: null },
      pull: {
        ...{ mergedAt: null, mergedBy: null, mergeCommit: null, headRef: 'a', baseRef: 'main' },
        ...{ commits: Array(commits).fill(head()), reviews: [], closes: [] },
      },
    })
  put(501, 101)
  put(502, 1_002)
  const [some, many, none] = await Promise.all([501, 502, 599].map(github.pullMessages))
  expect([some?.messages.length, some?.total]).toEqual([101, 101])
  expect(some?.messages[0]).toMatch(/^Merge pull request #9/)
  expect([many?.messages.length, many?.total]).toEqual([1_000, 1_002])
  expect([none?.messages.length, none?.total]).toEqual([0, 1])
})

test('a workflow is started, and a run that is over may be cancelled without harm', async () => {
  const { github } = openAdapters(world, { actions: 'write', contents: 'read' })
  const started: unknown[] = []
  world.hub.on('dispatch', (dispatch) => started.push(dispatch))
  await github.dispatch('release.yml', 'main', {})
  expect(started).toHaveLength(1)
  const [dispatched] = started as { runId: number }[]
  const run = await github.run(dispatched?.runId ?? 0)
  expect(run).toMatchObject({ attempt: 1, status: 'queued' })
  world.hub.updateRun(dispatched?.runId ?? 0, { status: 'completed', conclusion: 'success' })
  await expect(github.cancelRun(dispatched?.runId ?? 0)).resolves.toBeUndefined()
})

const denied: [string, string, (github: ReturnType<typeof openAdapters>['github']) => Promise<unknown>][] = [
  ['checks', 'checks: read', (github) => github.checks(head())],
  ['environment', 'actions: read', (github) => github.environment('production')],
  ['deployments', 'deployments: ', (github) => github.deployments.statuses(1)],
  ['issues', 'issues: ', (github) => github.issues.ensure(section('m', 'b', 1))],
  ['dispatch', 'actions: write', (github) => github.dispatch('release.yml', 'main', {})],
]
test.each(denied)('faults 64: %s without permission names `%s`', async (_, needs, act) => {
  const { github } = openAdapters(world, { contents: 'read' })
  await expect(act(github)).rejects.toMatchObject({
    reasonCode: 'permission-missing',
    message: expect.stringContaining(`\`${needs}`),
  })
})

test('faults 85: in a dry run nothing can be written, whatever is asked', async () => {
  const { github } = openAdapters(
    world,
    { contents: 'write', deployments: 'write', issues: 'write', actions: 'write' },
    { dryRun: true },
  )
  const before = writes()
  const refused = [
    github.deployments.ensure({ sha: head(), environment: 'p', marker: 'x', payload: {}, description: '' }),
    github.deployments.report(1, 'success', 'x').catch((error: unknown) => Promise.reject(error)),
    github.releases.publish({
      tag: 'v7',
      sha: head(),
      name: '',
      body: '',
      draft: false,
      prerelease: false,
      latest: false,
    }),
    github.issues.ensure({ ...section('dry', 'b', 1), marker: 'dry', title: 'dry' }),
    github.dispatch('release.yml', 'main', {}),
    github.cancelRun(1),
    github.refs.ensure('heads/dry', head()),
  ]
  const results = await Promise.allSettled(refused)
  expect(results.map(({ status }) => status)).toEqual(refused.map(() => 'rejected'))
  expect(writes()).toBe(before)
})
