import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { routes } from '../../../rehearsal/github/rest.ts'
import { operations } from '../../../rehearsal/github/schema/operations.ts'
import { openWorld, refusal, type World } from './world.ts'

let world: World
let octokit: ReturnType<World['job']>
beforeAll(async () => {
  world = await openWorld()
  octokit = world.job({
    contents: 'write',
    actions: 'write',
    deployments: 'write',
    issues: 'write',
    statuses: 'write',
    checks: 'read',
    'pull-requests': 'read',
  })
})
afterAll(async () => {
  expect(world.hub.violations).toEqual([])
  await world.close()
})

const main = (): string => world.git('rev-parse', 'main')

test('every operation has a route and every route an operation', () => {
  expect(Object.keys(routes).sort()).toEqual(operations.map(({ method, path }) => `${method} ${path}`).sort())
})

test('the repository, a branch, and tags', async () => {
  const { repo } = world
  expect((await octokit.rest.repos.get(repo)).data).toMatchObject({
    full_name: 'octo/shop',
    default_branch: 'main',
  })
  const branch = await octokit.rest.repos.getBranch({ ...repo, branch: 'main' })
  expect(branch.data.commit.sha).toBe(main())
  expect((await refusal(octokit.rest.repos.getBranch({ ...repo, branch: 'none' }))).status).toBe(404)
  const { data } = await octokit.rest.repos.listTags(repo)
  expect(data.map(({ name, commit }) => [name, commit.sha])).toEqual([
    ['v1.0.0', world.git('rev-parse', 'v1.0.0^{}')],
  ])
})

test('a ref is created once, moved only forward, and deleted', async () => {
  const { repo } = world
  const [first, head] = [world.git('rev-parse', 'v1.0.0^{}'), main()]
  const create = () => octokit.rest.git.createRef({ ...repo, ref: 'refs/heads/lock', sha: first })
  expect((await create()).data).toMatchObject({
    ref: 'refs/heads/lock',
    object: { type: 'commit', sha: first },
  })
  expect(await refusal(create())).toMatchObject({
    status: 422,
    message: expect.stringContaining('already exists'),
  })
  const races = await Promise.allSettled(
    [1, 2, 3].map(() => octokit.rest.git.createRef({ ...repo, ref: 'refs/heads/race', sha: first })),
  )
  expect(races.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  const move = (sha: string, force?: boolean) =>
    octokit.rest.git.updateRef({ ...repo, ref: 'heads/lock', sha, ...(force ? { force } : {}) })
  expect((await move(head)).data.object.sha).toBe(head)
  expect((await refusal(move(first))).message).toContain('not a fast forward')
  expect((await move(first, true)).data.object.sha).toBe(first)
  expect((await octokit.rest.git.getRef({ ...repo, ref: 'heads/lock' })).data.object.sha).toBe(first)
  const matching = await octokit.rest.git.listMatchingRefs({ ...repo, ref: 'tags/v1' })
  expect(matching.data.map(({ ref, object }) => [ref, object.type])).toEqual([['refs/tags/v1.0.0', 'tag']])
  await octokit.rest.git.deleteRef({ ...repo, ref: 'heads/lock' })
  expect((await refusal(octokit.rest.git.getRef({ ...repo, ref: 'heads/lock' }))).status).toBe(404)
  const wrong = (ref: string, sha: string) => refusal(octokit.rest.git.createRef({ ...repo, ref, sha }))
  expect((await wrong('heads/x', first)).status).toBe(422)
  expect((await wrong('refs/heads/a..b', first)).status).toBe(422)
  expect((await wrong('refs/heads/x', '0'.repeat(40))).message).toContain('Object does not exist')
})

test('an annotated tag is an object of its own', async () => {
  const { repo } = world
  const tag = { tag: 'v1.1.0', message: 'second', object: main(), type: 'commit' as const }
  const { data } = await octokit.rest.git.createTag({ ...repo, ...tag })
  expect(world.git('cat-file', '-t', data.sha)).toBe('tag')
  expect(world.git('for-each-ref', 'refs/tags/v1.1.0')).toBe('')
  const read = await octokit.rest.git.getTag({ ...repo, tag_sha: data.sha })
  expect(read.data).toMatchObject({
    message: 'second\n',
    object: { sha: main() },
    tagger: { name: 'github-actions[bot]' },
  })
})

test('commits, their list, and the comparison of two', async () => {
  const { repo } = world
  const commit = await octokit.rest.repos.getCommit({ ...repo, ref: 'main' })
  expect(commit.data).toMatchObject({
    sha: main(),
    author: { login: 'ada-lovelace' },
    files: [{ filename: 'src/totals.txt' }],
  })
  const plain = await octokit.rest.git.getCommit({ ...repo, commit_sha: main() })
  expect(plain.data.parents).toHaveLength(2)
  const listed = await octokit.rest.repos.listCommits({ ...repo, sha: 'main', path: 'src/orders.txt' })
  expect(listed.data.map((entry) => entry.commit.message)).toEqual(['feat: orders (#7)\n\nFixes #3'])
  const compared = await octokit.rest.repos.compareCommitsWithBasehead({ ...repo, basehead: 'v1.0.0...main' })
  expect(compared.data).toMatchObject({
    status: 'ahead',
    ahead_by: 3,
    behind_by: 0,
    total_commits: 3,
    files: [
      { filename: 'src/orders.txt', status: 'added', additions: 1, patch: '@@ -0,0 +1 @@\n+orders' },
      { filename: 'src/totals.txt', status: 'added' },
    ],
  })
  const second = { ...repo, basehead: 'v1.0.0...main', per_page: 2, page: 2 }
  const page = await octokit.rest.repos.compareCommitsWithBasehead(second)
  expect([page.data.commits.length, page.data.files]).toEqual([1, undefined])
  const back = await octokit.rest.repos.compareCommitsWithBasehead({ ...repo, basehead: 'main...v1.0.0' })
  expect([back.data.status, back.data.behind_by]).toEqual(['behind', 3])
})

test('contents: a file, a folder, raw, and nothing', async () => {
  const { repo } = world
  const file = await octokit.rest.repos.getContent({ ...repo, path: 'README.md', ref: 'v1.0.0' })
  expect(file.data).toMatchObject({ type: 'file', encoding: 'base64', content: 'b25lCg==\n' })
  const root = await octokit.rest.repos.getContent({ ...repo, path: '' })
  expect((root.data as { name: string }[]).map(({ name }) => name)).toEqual(['.github', 'README.md', 'src'])
  const raw = await octokit.rest.repos.getContent({
    ...repo,
    path: 'src/orders.txt',
    mediaType: { format: 'raw' },
  })
  expect(String(raw.data)).toBe('orders\n')
  expect((await refusal(octokit.rest.repos.getContent({ ...repo, path: 'none' }))).status).toBe(404)
})

test('pull requests come from the history: squashed and merged', async () => {
  const { repo } = world
  const squashed = await octokit.rest.pulls.get({ ...repo, pull_number: 7 })
  expect(squashed.data).toMatchObject({
    title: 'feat: orders',
    merged: true,
    user: { login: 'ada-lovelace' },
    changed_files: 1,
  })
  const inside = await octokit.rest.repos.listPullRequestsAssociatedWithCommit({
    ...repo,
    commit_sha: world.git('rev-parse', 'main^2'),
  })
  expect(inside.data.map(({ number, title }) => [number, title])).toEqual([[9, 'Correct the totals']])
  world.hub.issues.put({
    number: 3,
    title: 'Orders are missing',
    body: null,
    user: 'grace',
    state: 'closed',
    stateReason: 'completed',
    labels: ['bug'],
    assignees: [],
    createdAt: '2026-01-01T00:00:00Z',
    updatedAt: '2026-01-01T00:00:00Z',
    closedAt: '2026-01-01T00:00:00Z',
    closedBy: 'grace',
  })
  const query = `{ repository(owner: "octo", name: "shop") {
    p7: pullRequest(number: 7) { title author { login } mergedAt mergedBy { login } mergeCommit { oid }
      labels(first: 9) { nodes { name } } closingIssuesReferences(first: 9) { nodes { number title } } }
    p8: pullRequest(number: 8) { title }
  } }`
  const failed = await octokit.graphql(query).catch((error: unknown) => error)
  expect(failed).toMatchObject({
    errors: [
      { type: 'NOT_FOUND', path: ['repository', 'p8'], message: expect.stringContaining('number of 8.') },
    ],
    data: {
      repository: {
        p7: {
          title: 'feat: orders',
          closingIssuesReferences: { nodes: [{ number: 3, title: 'Orders are missing' }] },
        },
        p8: null,
      },
    },
  })
  const unbounded =
    '{ repository(owner: "octo", name: "shop") { pullRequest(number: 7) { labels { nodes { name } } } } }'
  await expect(octokit.graphql(unbounded)).rejects.toThrow('You must provide a `first`')
})

test('issues, labels and comments', async () => {
  const { repo } = world
  const { data } = await octokit.rest.issues.create({
    ...repo,
    title: 'Release 1.1.0',
    body: 'ticket',
    labels: ['release'],
  })
  expect([data.number, data.user?.login, data.state]).toEqual([10, 'github-actions[bot]', 'open'])
  const own = { ...repo, issue_number: data.number }
  await octokit.rest.issues.addLabels({ ...own, labels: ['shop'] })
  const filtered = await octokit.rest.issues.listForRepo({ ...repo, labels: 'release,shop' })
  expect(filtered.data.map(({ number }) => number)).toEqual([10])
  expect((await octokit.rest.issues.listForRepo({ ...repo, labels: 'none' })).data).toEqual([])
  const all = await octokit.rest.issues.listForRepo({ ...repo, state: 'all' })
  expect(
    all.data
      .filter((issue) => issue.pull_request)
      .map(({ number }) => number)
      .sort(),
  ).toEqual([7, 9])
  await octokit.rest.issues.removeLabel({ ...own, name: 'shop' })
  await octokit.rest.issues.setLabels({ ...own, labels: ['a', 'b'] })
  expect((await octokit.rest.issues.listLabelsOnIssue(own)).data.map(({ name }) => name)).toEqual(['a', 'b'])
  const comment = await octokit.rest.issues.createComment({ ...own, body: 'started' })
  await octokit.rest.issues.updateComment({ ...repo, comment_id: comment.data.id, body: 'ended' })
  expect((await octokit.rest.issues.getComment({ ...repo, comment_id: comment.data.id })).data.body).toBe(
    'ended',
  )
  expect((await octokit.rest.issues.listComments(own)).data.map(({ body }) => body)).toEqual(['ended'])
  const closed = await octokit.rest.issues.update({ ...own, state: 'closed', title: 'Done' })
  expect(closed.data).toMatchObject({
    state: 'closed',
    state_reason: 'completed',
    title: 'Done',
    comments: 1,
  })
  const long = octokit.rest.issues.createComment({ ...own, body: 'x'.repeat(65_537) })
  expect(await refusal(long)).toMatchObject({ status: 422, errors: [{ field: 'body' }] })
})

test('lists come in pages with links, and the client finds all of them', async () => {
  const own = await openWorld()
  try {
    const client = own.job({ statuses: 'write' })
    const sha = own.git('rev-parse', 'main')
    for (let index = 0; index < 5; index++)
      await client.rest.repos.createCommitStatus({
        ...own.repo,
        sha,
        state: 'success',
        context: `check ${index}`,
      })
    const ref = { ...own.repo, ref: 'main', per_page: 2 }
    const first = await client.rest.repos.listCommitStatusesForRef(ref)
    expect(first.headers.link).toMatch(/<[^>]+[?&]page=2>; rel="next", <[^>]+[?&]page=3>; rel="last"/)
    const all = await client.paginate(client.rest.repos.listCommitStatusesForRef, ref)
    expect(all.map(({ context }) => context)).toEqual([4, 3, 2, 1, 0].map((index) => `check ${index}`))
    const last = await client.rest.repos.listCommitStatusesForRef({ ...ref, page: 3 })
    expect([last.data.length, last.headers.link]).toEqual([1, expect.not.stringContaining('rel="next"')])
  } finally {
    await own.close()
  }
})

test('statuses: the latest of each context counts', async () => {
  const { repo } = world
  const ref = { ...repo, ref: 'v1.0.0' }
  const combined = async () => (await octokit.rest.repos.getCombinedStatusForRef(ref)).data.state
  const sha = world.git('rev-parse', 'v1.0.0^{}')
  const put = (state: 'success' | 'failure' | 'pending') =>
    octokit.rest.repos.createCommitStatus({ ...repo, sha, state, context: 'ci' })
  expect(await combined()).toBe('pending')
  await put('failure')
  expect(await combined()).toBe('failure')
  await put('success')
  expect(await combined()).toBe('success')
})
