import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openWorld, refusal, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(async () => {
  await world.close()
})

const mutation = `mutation ($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid signature { isValid } author { name } } ref { name } }
}`

type Committed = { createCommitOnBranch: { commit: { oid: string } } }

const base64 = (text: string): string => Buffer.from(text).toString('base64')

const append = (head: string, path: string, text: string) => ({
  input: {
    branch: { repositoryNameWithOwner: 'octo/shop', branchName: 'relman-record' },
    expectedHeadOid: head,
    message: { headline: `add ${path}`, body: 'more' },
    fileChanges: { additions: [{ path, contents: base64(text) }] },
  },
})

const head = (): string => world.git('rev-parse', 'refs/heads/relman-record')

test('two writers race for one head: one wins, the other is told that the data is stale', async () => {
  const octokit = world.job({ contents: 'write' })
  const before = head()
  const results = await Promise.allSettled([
    octokit.graphql<Committed>(mutation, append(before, 'a.json', 'A')),
    octokit.graphql<Committed>(mutation, append(before, 'b.json', 'B')),
  ])
  const won = results.filter((result) => result.status === 'fulfilled')
  const lost = results.filter((result) => result.status === 'rejected')
  expect([won.length, lost.length]).toEqual([1, 1])
  const error = (lost[0] as PromiseRejectedResult).reason
  expect(error.errors[0]).toMatchObject({
    type: 'STALE_DATA',
    path: ['createCommitOnBranch'],
    message: `Expected branch to point to "${before}" but it did not.  Pull and try again.`,
  })
  expect(error.response.data).toEqual({ createCommitOnBranch: null })
  expect(world.git('rev-list', '--count', `${before}..relman-record`)).toBe('1')
  expect(head()).toBe((won[0] as PromiseFulfilledResult<Committed>).value.createCommitOnBranch.commit.oid)
})

test('a commit adds and deletes files, is by the bot, and by GitHub itself', async () => {
  const octokit = world.job({ contents: 'write' })
  await octokit.graphql(mutation, append(head(), 'events/1.json', '{"seq":1}\n'))
  const variables = append(head(), 'events/2 ü.json', '{"seq":2}\n')
  Object.assign(variables.input.fileChanges, { deletions: [{ path: 'events/1.json' }] })
  const result = await octokit.graphql(mutation, variables)
  expect(result).toMatchObject({
    createCommitOnBranch: { commit: { signature: { isValid: true } }, ref: { name: 'relman-record' } },
  })
  expect(
    world.git('-c', 'core.quotePath=false', 'ls-tree', '-r', '--name-only', 'relman-record', 'events/'),
  ).toBe('events/2 ü.json')
  expect(world.git('show', 'relman-record:events/2 ü.json')).toBe('{"seq":2}')
  const [author, committer, message] = world
    .git('log', '-1', '--format=%an|%cn|%B', 'relman-record')
    .split('|')
  expect([author, committer, message?.trim()]).toEqual([
    'github-actions[bot]',
    'GitHub',
    'add events/2 ü.json\n\nmore',
  ])
})

test('a deletion of what is not there, and a commit without contents: write, change nothing', async () => {
  const before = head()
  const missing = append(before, 'x', 'x')
  Object.assign(missing.input.fileChanges, { additions: [], deletions: [{ path: 'nowhere' }] })
  await expect(world.job({ contents: 'write' }).graphql(mutation, missing)).rejects.toThrow(
    'does not exist as of commit',
  )
  const reader = world.job({ contents: 'read' }).graphql(mutation, append(before, 'x', 'x'))
  await expect(reader).rejects.toMatchObject({
    errors: [
      expect.objectContaining({ type: 'FORBIDDEN', message: 'Resource not accessible by integration' }),
    ],
  })
  expect(head()).toBe(before)
})

test('a job may not write workflows, a person may', async () => {
  const change = append(world.git('rev-parse', 'main'), '.github/workflows/x.yml', 'on: push')
  change.input.branch.branchName = 'main'
  await expect(world.job({ contents: 'write' }).graphql(mutation, change)).rejects.toThrow(
    'not accessible by integration',
  )
  await world.user('ada').graphql(mutation, change)
  expect(world.git('show', 'main:.github/workflows/x.yml')).toBe('on: push')
})

test('a folder of the record is read with its texts in one query', async () => {
  const octokit = world.job({ contents: 'write' })
  await octokit.graphql(mutation, append(head(), 'shop/v1/1.json', '{"n":1}'))
  await octokit.graphql(mutation, append(head(), 'shop/v1/2.json', '{"n":2}'))
  const result = await octokit.graphql<{ repository: Record<string, unknown> }>(
    `{ repository(owner: "octo", name: "shop") {
      ref(qualifiedName: "refs/heads/relman-record") { name target { oid } }
      absent: ref(qualifiedName: "refs/heads/none") { name }
      object(expression: "relman-record:shop") { oid ... on Tree { entries { name type object { ... on Tree {
        entries { name mode object { ... on Blob { text byteSize isTruncated } } } } } } } }
      none: object(expression: "relman-record:none") { oid }
    } }`,
  )
  expect(result.repository).toEqual({
    ref: { name: 'relman-record', target: { oid: head() } },
    absent: null,
    none: null,
    object: {
      oid: world.git('rev-parse', 'relman-record:shop'),
      entries: [
        {
          name: 'v1',
          type: 'tree',
          object: {
            entries: [
              { name: '1.json', mode: 33188, object: { text: '{"n":1}', byteSize: 7, isTruncated: false } },
              { name: '2.json', mode: 33188, object: { text: '{"n":2}', byteSize: 7, isTruncated: false } },
            ],
          },
        },
      ],
    },
  })
})

test('updateRefs moves all or none', async () => {
  const octokit = world.job({ contents: 'write' })
  const { repository } = await octokit.graphql<{ repository: { id: string } }>(
    '{ repository(owner: "octo", name: "shop") { id } }',
  )
  const update = 'mutation ($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }'
  const zero = '0'.repeat(40)
  const [main, record] = [world.git('rev-parse', 'main'), head()]
  const create = { name: 'refs/heads/lock', afterOid: main, beforeOid: zero }
  const wrong = { name: 'refs/heads/main', afterOid: main, beforeOid: record }
  const input = (...refUpdates: unknown[]) => ({ input: { repositoryId: repository.id, refUpdates } })
  await expect(octokit.graphql(update, input(create, wrong))).rejects.toThrow('nothing changed')
  expect(world.git('for-each-ref', 'refs/heads/lock')).toBe('')
  await octokit.graphql(update, input(create))
  expect(world.git('rev-parse', 'lock')).toBe(main)
  await expect(octokit.graphql(update, input(create))).rejects.toThrow('nothing changed')
})

test('a branch with a history of its own is made object by object', async () => {
  const { repo } = world
  const octokit = world.job({ contents: 'write' })
  const entry = { path: 'a/README.md', mode: '100644', type: 'blob', content: 'record\n' } as const
  const tree = await octokit.rest.git.createTree({ ...repo, tree: [entry] })
  const commit = { ...repo, message: 'Begin', tree: tree.data.sha, parents: [] }
  const { data } = await octokit.rest.git.createCommit(commit)
  await octokit.rest.git.createRef({ ...repo, ref: 'refs/heads/orphan', sha: data.sha })
  expect(world.git('rev-list', '--count', 'orphan')).toBe('1')
  expect(world.git('show', 'orphan:a/README.md')).toBe('record')
  const unknown = octokit.rest.git.createCommit({ ...commit, tree: '0'.repeat(40) })
  expect((await refusal(unknown)).status).toBe(422)
})

test('nothing above broke the contract', () => {
  expect(world.hub.violations).toEqual([])
})
