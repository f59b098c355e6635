/** Environments and who reviews them, as GitHub shows them. */

import type { Github } from '../github.ts'
import type { Environment } from '../hub.ts'
import type { KnownEnvironment } from '../state/store.ts'
import { nodeId } from './identity.ts'
import { user } from './repository.ts'

export function environmentLinks(github: Github, { id, name }: Environment): Record<string, unknown> {
  const encoded = encodeURIComponent(name)
  return {
    id,
    node_id: nodeId('Environment', id),
    name,
    url: `${github.api}/environments/${encoded}`,
    html_url: `${github.page}/deployments/activity_log?environments_filter=${encoded}`,
  }
}

export const reviewers = (github: Github, environment: Environment): Record<string, unknown>[] =>
  environment.reviewers.map((login) => ({ type: 'User', reviewer: user(github, login) }))

const rule = (
  environment: Environment,
  type: string,
  more: Record<string, unknown>,
): Record<string, unknown> => {
  const id = environment.id * 4 + ['wait_timer', 'required_reviewers', 'branch_policy'].indexOf(type)
  return { id, node_id: nodeId('GateRule', id), type, ...more }
}

/** An environment without reviewers, timer or policy has no protection rule at all: an empty list. */
export function environmentDocument(github: Github, environment: KnownEnvironment): Record<string, unknown> {
  const rules: Record<string, unknown>[] = []
  if (environment.waitTimerMinutes > 0)
    rules.push(rule(environment, 'wait_timer', { wait_timer: environment.waitTimerMinutes }))
  if (environment.reviewers.length > 0)
    rules.push(
      rule(environment, 'required_reviewers', {
        prevent_self_review: environment.preventSelfReview,
        reviewers: reviewers(github, environment),
      }),
    )
  if (environment.branchPolicy) rules.push(rule(environment, 'branch_policy', {}))
  const custom = environment.branchPolicy === 'custom'
  return {
    ...environmentLinks(github, environment),
    created_at: environment.createdAt,
    updated_at: environment.updatedAt,
    protection_rules: rules,
    deployment_branch_policy: environment.branchPolicy
      ? { protected_branches: !custom, custom_branch_policies: custom }
      : null,
  }
}
