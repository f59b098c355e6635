/** Runs and their jobs, as GitHub shows them. */

import type { Github } from '../github.ts'
import type { Job, Run } from '../hub.ts'
import { nodeId, numberOf } from './identity.ts'
import { minimalRepository, user } from './repository.ts'

export const runLinks = (github: Github, id: number): { run_url: string; html_url: string } => ({
  run_url: `${github.api}/actions/runs/${id}`,
  html_url: `${github.page}/actions/runs/${id}`,
})

export function runDocument(github: Github, run: Run): Record<string, unknown> {
  const { run_url: url, html_url } = runLinks(github, run.id)
  const workflowId = numberOf(`workflow ${run.workflow}`)
  const earlier = [...github.store.runs.values()].filter(
    (other) => other.workflow === run.workflow && other.id <= run.id,
  )
  const repository = minimalRepository(github)
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('WorkflowRun', run.id),
    check_suite_id: run.id,
    check_suite_node_id: nodeId('CheckSuite', run.id),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.workflow,
    run_number: earlier.length,
    run_attempt: run.attempt,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: workflowId,
    url,
    html_url,
    pull_requests: [],
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    actor: user(github, run.actor),
    triggering_actor: user(github, run.actor),
    run_started_at: run.createdAt,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${github.api}/check-suites/${run.id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: run.attempt > 1 ? `${url}/attempts/${run.attempt - 1}` : null,
    workflow_url: `${github.api}/actions/workflows/${workflowId}`,
    head_commit: null,
    repository,
    head_repository: repository,
    display_title: run.name,
  }
}

/** A step is queued, in progress or completed; anything else the runner says is not yet begun. */
const stepStatus = (status: string): string =>
  ['queued', 'in_progress', 'completed'].includes(status) ? status : 'queued'

export function jobDocument(github: Github, job: Job): Record<string, unknown> {
  const run = github.store.runs.get(job.runId)
  const created = github.store.jobsCreated.get(job.id) ?? github.now()
  const { run_url, html_url } = runLinks(github, job.runId)
  return {
    id: job.id,
    run_id: job.runId,
    run_url,
    run_attempt: job.attempt,
    node_id: nodeId('CheckRun', job.id),
    head_sha: run?.headSha ?? '',
    url: `${github.api}/actions/jobs/${job.id}`,
    html_url: `${html_url}/job/${job.id}`,
    status: job.status,
    conclusion: job.conclusion === 'startup_failure' ? 'failure' : job.conclusion,
    created_at: created,
    started_at: job.startedAt ?? created,
    completed_at: job.completedAt ?? null,
    name: job.name,
    steps: job.steps.map((step) => ({
      name: step.name,
      number: step.number,
      status: stepStatus(step.status),
      conclusion: step.conclusion,
    })),
    check_run_url: `${github.api}/check-runs/${job.id}`,
    labels: ['ubuntu-latest'],
    runner_id: null,
    runner_name: null,
    runner_group_id: null,
    runner_group_name: null,
    workflow_name: run?.name ?? null,
    head_branch: run?.headBranch ?? null,
  }
}
