/** Deployments and what their statuses do to each other. */

import type { Github } from '../github.ts'
import type { Job, Run } from '../hub.ts'
import type { Deployment, DeploymentState, DeploymentStatus, Store } from './store.ts'

type New = Omit<Deployment, 'id' | 'createdAt' | 'updatedAt' | 'statuses' | 'originalEnvironment'>

export function addDeployment(store: Store, time: string, deployment: New): Deployment {
  const added: Deployment = {
    ...deployment,
    id: store.nextId(),
    originalEnvironment: deployment.environment,
    createdAt: time,
    updatedAt: time,
    statuses: [],
  }
  store.deployments.set(added.id, added)
  return added
}

/** Adds a status; statuses append, the last one counts. */
export function addStatus(
  store: Store,
  time: string,
  deployment: Deployment,
  status: Omit<DeploymentStatus, 'id' | 'createdAt'>,
): DeploymentStatus {
  const added = { ...status, id: store.nextId(), createdAt: time }
  deployment.statuses.push(added)
  deployment.updatedAt = time
  deployment.environment = status.environment
  return added
}

/**
 * `auto_inactive`: a success makes the earlier non-transient, non-production deployments of the same environment
 * inactive (OpenAPI, "Create a deployment status"). Only those whose last state is success change.
 */
export function deactivateEarlier(store: Store, time: string, deployment: Deployment, creator: string): void {
  for (const other of store.deployments.values()) {
    const same = other.id < deployment.id && other.environment === deployment.environment
    if (!same || other.transient || other.production || other.statuses.at(-1)?.state !== 'success') continue
    const status = { state: 'inactive' as const, description: '', environment: other.environment }
    addStatus(store, time, other, { ...status, targetUrl: '', environmentUrl: '', creator })
  }
}

/** A job whose environment makes a deployment: GitHub adds it and follows the job with statuses. */
export function followJob(github: Github, run: Run, job: Job): void {
  const { store } = github
  if (!job.deployment || !job.environment) return
  const creator = 'github-actions[bot]'
  const known = [...store.deployments.values()].find(({ jobId }) => jobId === job.id)
  const place = { ref: run.headBranch, sha: run.headSha, environment: job.environment, jobId: job.id }
  const kind = { task: 'deploy', payload: {}, description: null, transient: false, creator }
  const production = job.environment === 'production'
  const deployment = known ?? addDeployment(store, github.now(), { ...place, ...kind, production })
  const ended: DeploymentState =
    job.conclusion === 'success' ? 'success' : job.conclusion === 'failure' ? 'failure' : 'error'
  const states: Record<Job['status'], DeploymentState> = {
    queued: 'queued',
    waiting: 'pending',
    in_progress: 'in_progress',
    completed: ended,
  }
  const state = states[job.status]
  if (deployment.statuses.at(-1)?.state === state) return
  const targetUrl = `${github.page}/actions/runs/${run.id}/job/${job.id}`
  const { environment } = deployment
  addStatus(store, github.now(), deployment, {
    state,
    description: '',
    environment,
    targetUrl,
    environmentUrl: '',
    creator,
  })
  if (state === 'success') deactivateEarlier(store, github.now(), deployment, creator)
}
