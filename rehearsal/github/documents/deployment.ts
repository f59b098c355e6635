/** Deployments and their statuses, as GitHub shows them. */

import type { Github } from '../github.ts'
import type { Deployment, DeploymentStatus } from '../state/store.ts'
import { nodeId } from './identity.ts'
import { user } from './repository.ts'

export function deploymentDocument(github: Github, deployment: Deployment): Record<string, unknown> {
  const url = `${github.api}/deployments/${deployment.id}`
  return {
    url,
    id: deployment.id,
    node_id: nodeId('Deployment', deployment.id),
    sha: deployment.sha,
    ref: deployment.ref,
    task: deployment.task,
    payload: deployment.payload,
    original_environment: deployment.originalEnvironment,
    environment: deployment.environment,
    description: deployment.description,
    creator: user(github, deployment.creator),
    created_at: deployment.createdAt,
    updated_at: deployment.updatedAt,
    statuses_url: `${url}/statuses`,
    repository_url: github.api,
    transient_environment: deployment.transient,
    production_environment: deployment.production,
  }
}

export function deploymentStatusDocument(
  github: Github,
  deployment: Deployment,
  status: DeploymentStatus,
): Record<string, unknown> {
  const url = `${github.api}/deployments/${deployment.id}`
  return {
    url: `${url}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId('DeploymentStatus', status.id),
    state: status.state,
    creator: user(github, status.creator),
    description: status.description,
    environment: status.environment,
    target_url: status.targetUrl,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    deployment_url: url,
    repository_url: github.api,
    environment_url: status.environmentUrl,
    log_url: status.targetUrl,
  }
}
