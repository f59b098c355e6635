/**
 * Approvals of environments. GitHub keeps neither time, attempt nor commit with one (OpenAPI,
 * `environment-approvals`), one reviewer of up to six is enough, and only people decide: the operation has
 * `enabledForGitHubApps: false` (docs.github.com, "Deployments and environments", "Reviewing deployments").
 */

import { deploymentDocument } from '../documents/deployment.ts'
import { environmentLinks, reviewers } from '../documents/environment.ts'
import { user } from '../documents/repository.ts'
import { type Call, ok, type Reply, type Routes } from '../github.ts'
import type { Environment, Pending, Review, Run } from '../hub.ts'
import { Refusal } from '../refusal.ts'
import type { Store } from '../state/store.ts'
import { runOf } from './runs.ts'

/** Environments of a run with jobs that wait now; jobs that wait at the same moment are decided together. */
export function pending(store: Store, runId: number): Pending[] {
  const byName = new Map<string, Pending>()
  for (const entry of store.waiting) {
    if (entry.runId !== runId) continue
    const known = byName.get(entry.environment.toLowerCase())
    if (known) known.jobIds.push(entry.jobId)
    else
      byName.set(entry.environment.toLowerCase(), { environment: entry.environment, jobIds: [entry.jobId] })
  }
  return [...byName.values()]
}

/** "Prevent self-review": whoever triggered the run may not approve it, even as a reviewer. */
const mayReview = (environment: Environment, run: Run, login: string): boolean =>
  environment.reviewers.includes(login) && !(environment.preventSelfReview && run.actor === login)

function listPending(call: Call): Reply {
  const { github, grant } = call
  const run = runOf(call)
  const all = pending(github.store, run.id).flatMap(({ environment: name }) => {
    const environment = github.store.environments.get(name.toLowerCase())
    if (!environment) return []
    const since = github.store.waiting.find(
      (entry) => entry.runId === run.id && entry.environment === name,
    )?.since
    return [
      {
        environment: environmentLinks(github, environment),
        wait_timer: environment.waitTimerMinutes,
        wait_timer_started_at: environment.waitTimerMinutes > 0 ? (since ?? null) : null,
        current_user_can_approve: grant.kind === 'user' && mayReview(environment, run, grant.actor),
        reviewers: reviewers(github, environment),
      },
    ]
  })
  return ok(all)
}

function decide(call: Call): Reply {
  const { github, grant, body } = call
  const { store } = github
  const run = runOf(call)
  const ids = body.environment_ids as number[]
  const waiting = new Set(pending(store, run.id).map(({ environment }) => environment.toLowerCase()))
  const environments = ids.map((id) => {
    const environment = [...store.environments.values()].find((entry) => entry.id === id)
    if (!environment || !waiting.has(environment.name.toLowerCase()))
      throw new Refusal(
        422,
        'There were one or more errors during the review: environment is not pending review.',
      )
    if (!mayReview(environment, run, grant.actor))
      throw new Refusal(422, `${grant.actor} is not allowed to review deployments to ${environment.name}.`)
    return environment
  })
  const names = environments.map(({ name }) => name)
  const review: Review = {
    runId: run.id,
    environments: names,
    state: body.state as Review['state'],
    user: grant.actor,
    comment: String(body.comment),
  }
  const decided = store.waiting.filter(
    (entry) =>
      entry.runId === run.id && names.some((name) => name.toLowerCase() === entry.environment.toLowerCase()),
  )
  store.waiting = store.waiting.filter((entry) => !decided.includes(entry))
  store.reviews.push(review)
  github.emit('review', review)
  const jobs = new Set(decided.map(({ jobId }) => jobId))
  const deployments = [...store.deployments.values()].filter(
    ({ jobId }) => jobId !== undefined && jobs.has(jobId),
  )
  return ok(deployments.map((deployment) => deploymentDocument(github, deployment)))
}

function approvals(call: Call): Reply {
  const { github } = call
  const run = runOf(call)
  const all = github.store.reviews.filter((review) => review.runId === run.id)
  return ok(
    all.map((review) => ({
      environments: review.environments.flatMap((name) => {
        const environment = github.store.environments.get(name.toLowerCase())
        return environment
          ? [
              {
                ...environmentLinks(github, environment),
                created_at: environment.createdAt,
                updated_at: environment.updatedAt,
              },
            ]
          : []
      }),
      state: review.state,
      user: user(github, review.user),
      comment: review.comment,
    })),
  )
}

export const approvalRoutes: Routes = {
  'get /actions/runs/{run_id}/approvals': approvals,
  'get /actions/runs/{run_id}/pending_deployments': listPending,
  'post /actions/runs/{run_id}/pending_deployments': decide,
}
