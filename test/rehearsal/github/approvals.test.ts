import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Review } from '../../../rehearsal/github/hub.ts'
import { openWorld, refusal, type World } from './world.ts'

let world: World
let runId: number
let jobId: number
let environmentId: number
beforeEach(async () => {
  world = await openWorld()
  const { hub } = world
  const headSha = world.git('rev-parse', 'main')
  const file = '.github/workflows/release.yml'
  const place = { workflow: file, name: 'Release', event: 'workflow_dispatch', headSha, headBranch: 'main' }
  runId = hub.createRun({ ...place, actor: 'ada', inputs: {} }).id
  const waiting = { status: 'waiting' as const, conclusion: null, environment: 'signoff-ops', steps: [] }
  jobId = hub.createJob({ runId, attempt: 1, name: 'sign off', ...waiting }).id
  environmentId = hub.putEnvironment({
    name: 'signoff-ops',
    reviewers: ['ada', 'grace'],
    preventSelfReview: true,
    waitTimerMinutes: 0,
    secrets: {},
    variables: {},
    canAdminsBypass: false,
  }).id
  hub.requestReview(runId, jobId, 'signoff-ops')
})
afterEach(async () => {
  await world.close()
})

const decision = (state: 'approved' | 'rejected' = 'approved') => ({
  ...world.repo,
  run_id: runId,
  environment_ids: [environmentId],
  state,
  comment: 'looks right',
})

const review = (login: string) => world.user(login).rest.actions.reviewPendingDeploymentsForRun(decision())

test('what waits is shown with its reviewers, and who of them may approve', async () => {
  const own = { ...world.repo, run_id: runId }
  const byGrace = await world.user('grace').rest.actions.getPendingDeploymentsForRun(own)
  expect(byGrace.data).toMatchObject([
    {
      environment: { id: environmentId, name: 'signoff-ops' },
      wait_timer: 0,
      wait_timer_started_at: null,
      current_user_can_approve: true,
      reviewers: [
        { type: 'User', reviewer: { login: 'ada' } },
        { type: 'User', reviewer: { login: 'grace' } },
      ],
    },
  ])
  const byAda = await world.user('ada').rest.actions.getPendingDeploymentsForRun(own)
  expect(byAda.data[0]?.current_user_can_approve).toBe(false)
  const byJob = await world.job({ actions: 'read' }).rest.actions.getPendingDeploymentsForRun(own)
  expect(byJob.data[0]?.current_user_can_approve).toBe(false)
})

test('a machine cannot approve, whatever its permissions', async () => {
  const octokit = world.job({ deployments: 'write', actions: 'write', contents: 'write' })
  const { status, message } = await refusal(octokit.rest.actions.reviewPendingDeploymentsForRun(decision()))
  expect([status, message]).toEqual([403, expect.stringContaining('Resource not accessible by integration')])
  expect(world.hub.reviews(runId)).toEqual([])
})

test('whoever started the run may not approve it where self-review is prevented', async () => {
  expect((await refusal(review('ada'))).status).toBe(422)
  expect(world.hub.pending(runId)).toHaveLength(1)
})

test('someone who is no reviewer may not approve', async () => {
  expect((await refusal(review('linus'))).status).toBe(422)
})

test('one reviewer is enough; the approval has neither time nor commit nor attempt', async () => {
  const heard: Review[] = []
  world.hub.on('review', (event) => heard.push(event))
  await review('grace')
  expect(world.hub.pending(runId)).toEqual([])
  expect(heard).toEqual([
    { runId, environments: ['signoff-ops'], state: 'approved', user: 'grace', comment: 'looks right' },
  ])
  const { data } = await world
    .job({ actions: 'read' })
    .rest.actions.getReviewsForRun({ ...world.repo, run_id: runId })
  expect(data).toMatchObject([{ state: 'approved', comment: 'looks right', user: { login: 'grace' } }])
  expect(Object.keys(data[0] ?? {}).sort()).toEqual(['comment', 'environments', 'state', 'user'])
  expect((await refusal(review('grace'))).status).toBe(422)
})

test('jobs that wait at the same moment are decided together, a later one asks again', async () => {
  const { hub } = world
  hub.requestReview(runId, jobId + 1000, 'signoff-ops')
  expect(hub.pending(runId)).toEqual([{ environment: 'signoff-ops', jobIds: [jobId, jobId + 1000] }])
  await review('grace')
  hub.requestReview(runId, jobId + 2000, 'signoff-ops')
  expect(hub.pending(runId)).toEqual([{ environment: 'signoff-ops', jobIds: [jobId + 2000] }])
  hub.withdrawReview(runId, jobId + 2000)
  expect(hub.pending(runId)).toEqual([])
})

test('an environment shows its protection; an unprotected one none; an absent one is 404', async () => {
  const octokit = world.job({ actions: 'read' })
  const open = {
    name: 'open',
    reviewers: [],
    preventSelfReview: false,
    waitTimerMinutes: 30,
    canAdminsBypass: true,
  }
  world.hub.putEnvironment({ ...open, secrets: {}, variables: {}, branchPolicy: 'protected' })
  const get = (environment_name: string) =>
    octokit.rest.repos.getEnvironment({ ...world.repo, environment_name })
  expect((await get('SIGNOFF-ops')).data.protection_rules).toMatchObject([
    {
      type: 'required_reviewers',
      prevent_self_review: true,
      reviewers: [{ reviewer: { login: 'ada' } }, { reviewer: { login: 'grace' } }],
    },
  ])
  const shown = (await get('open')).data
  expect(shown.protection_rules).toMatchObject([
    { type: 'wait_timer', wait_timer: 30 },
    { type: 'branch_policy' },
  ])
  expect(shown.deployment_branch_policy).toEqual({ protected_branches: true, custom_branch_policies: false })
  expect((await refusal(get('absent'))).status).toBe(404)
  expect((await octokit.rest.repos.getAllEnvironments(world.repo)).data.total_count).toBe(2)
})

test('reviewers are people with access, at most six', () => {
  const environment = {
    preventSelfReview: false,
    waitTimerMinutes: 0,
    secrets: {},
    variables: {},
    canAdminsBypass: true,
  }
  const put = (reviewers: string[]) => world.hub.putEnvironment({ ...environment, name: 'x', reviewers })
  expect(() => put(['mallory'])).toThrow('mallory cannot review x')
  expect(() => put(Array(7).fill('ada'))).toThrow('more than 6 reviewers')
})

test('runs and jobs are shown as the runner projects them, and a run can be cancelled', async () => {
  const octokit = world.job({ actions: 'write', checks: 'read' })
  const own = { ...world.repo, run_id: runId }
  const cancelled: number[] = []
  world.hub.on('cancel', (id) => cancelled.push(id))
  world.hub.updateRun(runId, { status: 'waiting' })
  const listed = await octokit.rest.actions.listWorkflowRunsForRepo({ ...world.repo, status: 'waiting' })
  expect(listed.data.workflow_runs.map(({ id, path, status }) => [id, path, status])).toEqual([
    [runId, '.github/workflows/release.yml', 'waiting'],
  ])
  const jobs = await octokit.rest.actions.listJobsForWorkflowRun(own)
  expect(jobs.data.jobs.map(({ id, name, status }) => [id, name, status])).toEqual([
    [jobId, 'sign off', 'waiting'],
  ])
  const attempt = await octokit.rest.actions.listJobsForWorkflowRunAttempt({ ...own, attempt_number: 2 })
  expect(attempt.data.total_count).toBe(0)
  const checks = await octokit.rest.checks.listForRef({ ...world.repo, ref: 'main' })
  expect(checks.data.check_runs.map(({ id, app }) => [id, app?.slug])).toEqual([[jobId, 'github-actions']])
  expect((await octokit.rest.actions.cancelWorkflowRun(own)).status).toBe(202)
  expect(cancelled).toEqual([runId])
  world.hub.updateRun(runId, { status: 'completed', conclusion: 'cancelled' })
  expect((await refusal(octokit.rest.actions.cancelWorkflowRun(own))).status).toBe(409)
})

test('nothing of this breaks the contract', async () => {
  await review('grace')
  await world.user('ada').rest.actions.getWorkflowRun({ ...world.repo, run_id: runId })
  expect(world.hub.violations).toEqual([])
})
