import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { WorkflowDispatch } from '../../../rehearsal/github/hub.ts'
import { openWorld, refusal, type World } from './world.ts'

let world: World
let octokit: ReturnType<World['job']>
beforeEach(async () => {
  world = await openWorld()
  octokit = world.job({
    contents: 'write',
    actions: 'write',
    deployments: 'write',
    checks: 'read',
    statuses: 'write',
  })
})
afterEach(async () => {
  await world.close()
})

const main = (): string => world.git('rev-parse', 'main')

test('a release makes its tag at the target, once', async () => {
  const { repo, git } = world
  const first = git('rev-parse', 'main^1')
  const create = () =>
    octokit.rest.repos.createRelease({ ...repo, tag_name: 'v1.1.0', target_commitish: first, body: 'notes' })
  const { data } = await create()
  expect(data).toMatchObject({ tag_name: 'v1.1.0', draft: false, author: { login: 'github-actions[bot]' } })
  expect(git('rev-parse', 'v1.1.0')).toBe(first)
  const again = await refusal(create())
  expect(again).toMatchObject({ status: 422, errors: [{ code: 'already_exists', field: 'tag_name' }] })
  expect((await octokit.rest.repos.getLatestRelease(repo)).data.id).toBe(data.id)
  expect((await octokit.rest.repos.getReleaseByTag({ ...repo, tag: 'v1.1.0' })).data.body).toBe('notes')
  expect(world.hub.releases()).toHaveLength(1)
  expect(world.hub.violations).toEqual([])
})

test('a draft has no tag and no place among the published until it is published', async () => {
  const { repo, git } = world
  const { data } = await octokit.rest.repos.createRelease({ ...repo, tag_name: 'v2.0.0', draft: true })
  expect(git('for-each-ref', 'refs/tags/v2.0.0')).toBe('')
  const reader = world.job({ contents: 'read' })
  expect((await refusal(reader.rest.repos.getReleaseByTag({ ...repo, tag: 'v2.0.0' }))).status).toBe(404)
  expect((await reader.rest.repos.listReleases(repo)).data).toEqual([])
  expect((await refusal(octokit.rest.repos.getLatestRelease(repo))).status).toBe(404)
  const own = { ...repo, release_id: data.id }
  const published = await octokit.rest.repos.updateRelease({ ...own, draft: false, name: 'Two' })
  expect(published.data).toMatchObject({ draft: false, name: 'Two', published_at: expect.any(String) })
  expect(git('rev-parse', 'v2.0.0')).toBe(main())
  expect((await octokit.rest.repos.getLatestRelease(repo)).data.id).toBe(data.id)
  await octokit.rest.repos.deleteRelease(own)
  expect((await refusal(octokit.rest.repos.getLatestRelease(repo))).status).toBe(404)
  expect(git('rev-parse', 'v2.0.0')).toBe(main())
})

test('a prerelease, or make_latest: false, is never the latest; deleting the latest brings back the one before', async () => {
  const { repo } = world
  const create = async (tag_name: string, more = {}) =>
    (await octokit.rest.repos.createRelease({ ...repo, tag_name, ...more })).data.id
  const latest = async () => (await octokit.rest.repos.getLatestRelease(repo)).data.tag_name
  await create('v1.1.0')
  await create('v1.2.0-rc.1', { prerelease: true })
  await create('v1.0.9', { make_latest: 'false' })
  expect(await latest()).toBe('v1.1.0')
  const release_id = await create('v1.2.0')
  expect(await latest()).toBe('v1.2.0')
  await octokit.rest.repos.deleteRelease({ ...repo, release_id })
  expect(await latest()).toBe('v1.1.0')
})

test('a job may not release a commit that changes a workflow', async () => {
  const { repo } = world
  const mutation =
    'mutation ($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }'
  await world.user('ada').rest.git.createRef({ ...repo, ref: 'refs/heads/hotfix', sha: main() })
  const path = '.github/workflows/release.yml'
  const fileChanges = { additions: [{ path, contents: Buffer.from('on: push\n').toString('base64') }] }
  const branch = { repositoryNameWithOwner: 'octo/shop', branchName: 'hotfix' }
  const input = { branch, expectedHeadOid: main(), message: { headline: 'ci' }, fileChanges }
  await world.user('ada').graphql(mutation, { input })
  const release = { ...repo, tag_name: 'v1.0.1', target_commitish: 'hotfix' }
  expect((await refusal(octokit.rest.repos.createRelease(release))).status).toBe(404)
  expect((await world.user('ada').rest.repos.createRelease(release)).status).toBe(201)
})

test('generated notes list what was merged since the last tag', async () => {
  const own = { ...world.repo, tag_name: 'v1.1.0' }
  const { data } = await octokit.rest.repos.generateReleaseNotes(own)
  expect(data.name).toBe('v1.1.0')
  expect(data.body).toContain('* feat: orders by @ada-lovelace in ')
  expect(data.body).toContain('* Correct the totals by @ada-lovelace in ')
  expect(data.body).toContain('/compare/v1.0.0...v1.1.0')
  const bad = octokit.rest.repos.generateReleaseNotes({ ...own, target_commitish: 'none' })
  expect((await refusal(bad)).status).toBe(422)
})

const deploy = (more = {}) =>
  octokit.rest.repos.createDeployment({
    ...world.repo,
    ref: 'main',
    auto_merge: false,
    required_contexts: [],
    ...more,
  })

test('a deployment needs a ref that exists', async () => {
  expect(await refusal(deploy({ ref: 'none' }))).toMatchObject({
    status: 422,
    message: expect.stringContaining('No ref found'),
  })
  const token = world.hub.mintToken({ actor: 'ada', kind: 'job', permissions: { deployments: 'write' } })
  expect((await world.raw('POST', '/repos/octo/shop/deployments', token, { environment: 'x' })).status).toBe(
    422,
  )
})

test("without required_contexts every check has to be green, the run's own jobs too", async () => {
  const { hub, repo } = world
  expect((await deploy({ required_contexts: undefined })).status).toBe(201)
  hub.putCheckRun(main(), { name: 'unit', conclusion: 'failure' })
  const refused = await refusal(deploy({ required_contexts: undefined }))
  expect(refused).toMatchObject({
    status: 409,
    message: expect.stringContaining('Commit status checks failed for main.'),
    errors: [{ field: 'required_contexts', contexts: [{ context: 'unit', state: 'failure' }] }],
  })
  await octokit.rest.repos.createCommitStatus({ ...repo, sha: main(), state: 'success', context: 'lint' })
  expect((await deploy({ required_contexts: ['lint'] })).status).toBe(201)
  expect((await refusal(deploy({ required_contexts: ['lint', 'absent'] }))).status).toBe(409)
  expect((await deploy({ required_contexts: [] })).status).toBe(201)
  hub.putCheckRun(main(), { name: 'unit', conclusion: 'success' })
  expect((await deploy({ required_contexts: undefined })).status).toBe(201)
  const place = {
    workflow: '.github/workflows/release.yml',
    name: 'Release',
    event: 'push',
    actor: 'ada',
    inputs: {},
  }
  const run = hub.createRun({ ...place, headSha: main(), headBranch: 'main' })
  hub.createJob({
    runId: run.id,
    attempt: 1,
    name: 'rollout',
    status: 'in_progress',
    conclusion: null,
    steps: [],
  })
  expect((await refusal(deploy({ required_contexts: undefined }))).status).toBe(409)
})

test('with auto_merge a branch that is behind is merged first, not deployed', async () => {
  const { repo, git, hub } = world
  await octokit.rest.git.createRef({ ...repo, ref: 'refs/heads/behind', sha: git('rev-parse', 'v1.0.0^{}') })
  const token = hub.mintToken({ actor: 'ada', kind: 'job', permissions: { deployments: 'write' } })
  const reply = await world.raw('POST', '/repos/octo/shop/deployments', token, {
    ref: 'behind',
    required_contexts: [],
  })
  expect([reply.status, JSON.parse(reply.text)]).toEqual([
    202,
    { message: 'Auto-merged main into behind on deployment.' },
  ])
  expect(git('merge-base', '--is-ancestor', 'main', 'behind')).toBe('')
  expect(hub.deployments()).toEqual([])
})

test('statuses of a deployment append; 141 characters are too many; a success retires its elders', async () => {
  const { repo } = world
  const create = async (environment: string) =>
    (await deploy({ environment, payload: { seq: 1 } })) as { data: { id: number; payload: unknown } }
  const status = (deployment_id: number, state: 'success' | 'in_progress', more = {}) =>
    octokit.rest.repos.createDeploymentStatus({ ...repo, deployment_id, state, ...more })
  const states = async (deployment_id: number) =>
    (await octokit.rest.repos.listDeploymentStatuses({ ...repo, deployment_id })).data.map(
      ({ state }) => state,
    )
  const [first, second] = [(await create('staging')).data.id, (await create('staging')).data.id]
  const [before, after] = [(await create('production')).data.id, (await create('production')).data.id]
  const long = await refusal(status(first, 'in_progress', { description: 'x'.repeat(141) }))
  expect(long).toMatchObject({
    status: 422,
    errors: [{ resource: 'DeploymentStatus', field: 'description' }],
  })
  const kept = await status(first, 'in_progress', { description: 'x'.repeat(140) })
  expect(kept.data).toMatchObject({ description: 'x'.repeat(140), environment: 'staging' })
  for (const id of [first, second, before, after]) await status(id, 'success')
  expect(await states(first)).toEqual(['inactive', 'success', 'in_progress'])
  expect([await states(before), await states(after)]).toEqual([['success'], ['success']])
  const listed = await octokit.rest.repos.listDeployments({ ...repo, environment: 'staging' })
  expect(listed.data.map(({ id }) => id)).toEqual([second, first])
  const read = await octokit.rest.repos.getDeployment({ ...repo, deployment_id: first })
  expect(read.data).toMatchObject({ payload: { seq: 1 }, production_environment: false })
  expect(world.hub.reported().map(({ state }) => state)).toEqual([
    ...['in_progress', 'success', 'success', 'inactive', 'success', 'success'],
  ])
  expect(world.hub.violations).toEqual([])
})

test('a job whose environment makes a deployment gets one that follows it', async () => {
  const { hub } = world
  const place = {
    workflow: '.github/workflows/release.yml',
    name: 'Release',
    event: 'push',
    actor: 'ada',
    inputs: {},
  }
  const run = hub.createRun({ ...place, headSha: main(), headBranch: 'main' })
  const job = { runId: run.id, attempt: 1, status: 'queued' as const, conclusion: null, steps: [] }
  hub.createJob({ ...job, name: 'sign off', environment: 'signoff' })
  const followed = hub.createJob({ ...job, name: 'deploy', environment: 'staging', deployment: true })
  hub.updateJob(followed.id, { status: 'in_progress' })
  hub.updateJob(followed.id, { status: 'completed', conclusion: 'failure' })
  expect(hub.deployments().map(({ environment }) => environment)).toEqual(['staging'])
  expect(hub.reported().map(({ state }) => state)).toEqual(['queued', 'in_progress', 'failure'])
})

test('a workflow is dispatched by file; details of the run only on request', async () => {
  const { hub, repo } = world
  const heard: WorkflowDispatch[] = []
  hub.on('dispatch', (event) => heard.push(event))
  const request = { ...repo, workflow_id: 'release.yml', ref: 'main', inputs: { version: '1.1.0' } }
  expect((await octokit.rest.actions.createWorkflowDispatch(request)).status).toBe(204)
  const path = '/repos/octo/shop/actions/workflows/release.yml/dispatches'
  const token = hub.mintToken({ actor: 'grace', kind: 'user', permissions: {} })
  const detailed = await world.raw('POST', path, token, { ref: 'main', return_run_details: true })
  const { workflow_run_id } = JSON.parse(detailed.text)
  expect(detailed.status).toBe(200)
  expect(hub.run(workflow_run_id)).toMatchObject({
    name: 'Release',
    status: 'queued',
    headSha: main(),
    actor: 'grace',
  })
  expect(heard.map(({ actor, inputs }) => [actor, inputs])).toEqual([
    ['github-actions[bot]', { version: '1.1.0' }],
    ['grace', {}],
  ])
  expect(
    (await refusal(octokit.rest.actions.createWorkflowDispatch({ ...request, workflow_id: 'none.yml' })))
      .status,
  ).toBe(404)
  expect(
    (await refusal(octokit.rest.actions.createWorkflowDispatch({ ...request, ref: 'none' }))).status,
  ).toBe(422)
})

test('a dispatch whose inputs do not fit the workflow is refused before there is a run', async () => {
  const seen: unknown[] = []
  const own = await openWorld({
    dispatchFault: (path, text, inputs) => {
      seen.push([path, text.includes('workflow_dispatch'), inputs])
      return 'Unexpected inputs provided: ["x"]'
    },
  })
  try {
    const client = own.job({ actions: 'write' })
    const request = { ...own.repo, workflow_id: 'release.yml', ref: 'main', inputs: { x: 1 } }
    const refused = await refusal(client.rest.actions.createWorkflowDispatch(request))
    expect([refused.status, refused.message]).toEqual([
      422,
      expect.stringContaining('Unexpected inputs provided'),
    ])
    expect(seen).toEqual([['.github/workflows/release.yml', true, { x: '1' }]])
    expect((await client.rest.actions.listWorkflowRunsForRepo(own.repo)).data.total_count).toBe(0)
  } finally {
    await own.close()
  }
})

test('a repository dispatch carries at most ten properties', async () => {
  const heard: unknown[] = []
  world.hub.on('repository-dispatch', (event) => heard.push(event))
  const send = (client_payload: Record<string, unknown>) =>
    octokit.rest.repos.createDispatchEvent({ ...world.repo, event_type: 'deploy', client_payload })
  await send({ plan: 'x' })
  expect(heard).toEqual([{ type: 'deploy', payload: { plan: 'x' }, actor: 'github-actions[bot]' }])
  const many = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`k${index}`, index]))
  expect((await refusal(send(many))).status).toBe(422)
})
