/** What is known about a commit: statuses, and check runs (those put by hand, and every job of a run). */

import { nodeId } from '../documents/identity.ts'
import { minimalRepository, user } from '../documents/repository.ts'
import { type Call, created, type Github, type Reply, type Routes } from '../github.ts'
import { counted, list, slice } from '../pages.ts'
import { Refusal } from '../refusal.ts'
import type { CheckRun, CommitStatus } from '../state/store.ts'

async function shaOf(github: Github, ref: string | undefined): Promise<string> {
  const commit = await github.repository.commit(ref ?? '')
  if (!commit) throw new Refusal(422, `No commit found for SHA: ${ref}`)
  return commit.oid
}

/** Each job is a check run of the GitHub Actions app, and the id is the same (docs: `check_run_url` of a job). */
function jobChecks(github: Github, sha: string): (CheckRun & { runId: number })[] {
  const { jobs, runs } = github.store
  return [...jobs.values()].flatMap((job) => {
    const run = runs.get(job.runId)
    if (run?.headSha !== sha || job.attempt !== run.attempt) return []
    const conclusion = job.conclusion === 'startup_failure' ? 'failure' : job.conclusion
    return [
      {
        id: job.id,
        name: job.name,
        headSha: sha,
        status: job.status === 'waiting' ? 'queued' : job.status,
        conclusion,
        app: 'github-actions',
        startedAt: job.startedAt ?? run.createdAt,
        completedAt: job.completedAt ?? null,
        runId: run.id,
      },
    ]
  })
}

/** Newest first; under `latest` one for each app and name. */
function checks(github: Github, sha: string, latest: boolean): (CheckRun & { runId?: number })[] {
  const put = github.store.checkRuns.filter((check) => check.headSha === sha)
  const all = [...put, ...jobChecks(github, sha)].sort((a, b) => b.id - a.id)
  const seen = new Set<string>()
  return all.filter((check) => {
    const name = `${check.app} ${check.name}`
    return !latest || (!seen.has(name) && seen.add(name))
  })
}

function checkDocument(github: Github, check: CheckRun & { runId?: number }): Record<string, unknown> {
  const url = `${github.api}/check-runs/${check.id}`
  const page = check.runId
    ? `${github.page}/actions/runs/${check.runId}/job/${check.id}`
    : `${github.page}/runs/${check.id}`
  return {
    id: check.id,
    head_sha: check.headSha,
    node_id: nodeId('CheckRun', check.id),
    external_id: '',
    url,
    html_url: page,
    details_url: page,
    status: check.status,
    conclusion: check.conclusion,
    started_at: check.startedAt,
    completed_at: check.completedAt,
    output: {
      title: null,
      summary: null,
      text: null,
      annotations_count: 0,
      annotations_url: `${url}/annotations`,
    },
    name: check.name,
    check_suite: { id: check.runId ?? check.id },
    app: appDocument(github, check.app),
    pull_requests: [],
  }
}

function appDocument(github: Github, slug: string): Record<string, unknown> {
  const time = '2018-07-30T09:30:17Z'
  return {
    id: 15368,
    slug,
    node_id: nodeId('App', slug),
    owner: user(github, 'github'),
    name: slug === 'github-actions' ? 'GitHub Actions' : slug,
    description: null,
    external_url: `${github.serverUrl}/apps/${slug}`,
    html_url: `${github.serverUrl}/apps/${slug}`,
    created_at: time,
    updated_at: time,
    permissions: { checks: 'write', contents: 'write', deployments: 'write' },
    events: [],
  }
}

/** The latest status of each context. */
export function latestStatuses(github: Github, sha: string): CommitStatus[] {
  const byContext = new Map<string, CommitStatus>()
  for (const status of github.store.statuses) if (status.sha === sha) byContext.set(status.context, status)
  return [...byContext.values()]
}

/** Every context known for a commit and its state: statuses, and check runs by name. */
export function contexts(github: Github, sha: string): { context: string; state: string }[] {
  const statuses = latestStatuses(github, sha).map(({ context, state }) => ({
    context,
    state: String(state),
  }))
  const runs = checks(github, sha, true).map((check) => ({
    context: check.name,
    state: check.conclusion ?? 'pending',
  }))
  return [...statuses, ...runs]
}

const avatar = (github: Github, login: string): unknown => user(github, login).avatar_url

const simple = (github: Github, status: CommitStatus): Record<string, unknown> => ({
  id: status.id,
  node_id: nodeId('StatusContext', status.id),
  url: `${github.api}/statuses/${status.sha}`,
  avatar_url: avatar(github, status.creator),
  state: status.state,
  description: status.description,
  target_url: status.targetUrl,
  context: status.context,
  created_at: status.createdAt,
  updated_at: status.createdAt,
})

async function combined(call: Call): Promise<Reply> {
  const { github } = call
  const sha = await shaOf(github, call.params.ref)
  const statuses = latestStatuses(github, sha)
  const failed = statuses.some(({ state }) => state === 'error' || state === 'failure')
  const green = statuses.length > 0 && statuses.every(({ state }) => state === 'success')
  const { items, headers } = slice(call, statuses)
  const body = {
    // docs.github.com, "Get the combined status": no statuses, or one pending, is pending.
    state: failed ? 'failure' : green ? 'success' : 'pending',
    statuses: items.map((status) => simple(github, status)),
    sha,
    total_count: statuses.length,
    repository: minimalRepository(github),
    commit_url: `${github.api}/commits/${sha}`,
    url: `${github.api}/commits/${sha}/status`,
  }
  return { status: 200, body, headers }
}

async function createStatus({ github, params, body, actor }: Call): Promise<Reply> {
  const status: CommitStatus = {
    id: github.store.nextId(),
    sha: await shaOf(github, params.sha),
    state: body.state as CommitStatus['state'],
    context: String(body.context ?? 'default'),
    description: (body.description as string | null | undefined) ?? null,
    targetUrl: (body.target_url as string | null | undefined) ?? null,
    creator: actor,
    createdAt: github.now(),
  }
  github.store.statuses.push(status)
  return created({ ...simple(github, status), creator: user(github, actor) })
}

export const checkRoutes: Routes = {
  'get /commits/{ref}/check-runs': async (call) => {
    const { github, query } = call
    const all = checks(github, await shaOf(github, call.params.ref), query.filter !== 'all').filter(
      (check) =>
        (query.check_name === undefined || check.name === query.check_name) &&
        (query.status === undefined || check.status === query.status),
    )
    return counted(call, 'check_runs', all, (check) => checkDocument(github, check))
  },
  'get /commits/{ref}/status': combined,
  'get /commits/{ref}/statuses': async (call) => {
    const sha = await shaOf(call.github, call.params.ref)
    const all = call.github.store.statuses.filter((status) => status.sha === sha).reverse()
    return list(call, all, (status) => ({
      ...simple(call.github, status),
      creator: user(call.github, status.creator),
    }))
  },
  'post /statuses/{sha}': createStatus,
}
