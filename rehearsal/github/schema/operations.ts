/** The REST operations this GitHub answers, below `/repos/{owner}/{repo}`, with the permission a token needs. */

import type { Permission } from '../hub.ts'

/**
 * Scopes named as in a workflow's `permissions`. The levels are those of GitHub's documentation, "Permissions
 * required for GitHub Apps" (github/docs, src/github-apps/data/fpt-2022-11-28/server-to-server-permissions.json).
 * `users` marks what GitHub refuses to machines (`enabledForGitHubApps: false` in the OpenAPI description).
 */
export type Operation = {
  method: 'get' | 'post' | 'patch' | 'put' | 'delete'
  path: string
  /** Any one of these is enough; none: every token may. */
  needs: [scope: string, level: Permission][]
  users?: true
}

const get = (path: string, ...scopes: string[]): Operation => ({
  method: 'get',
  path,
  needs: scopes.map((scope) => [scope, 'read']),
})

const write = (method: Operation['method'], path: string, ...scopes: string[]): Operation => ({
  method,
  path,
  needs: scopes.map((scope) => [scope, 'write']),
})

const run = '/actions/runs/{run_id}'
const issue = '/issues/{issue_number}'

export const operations: Operation[] = [
  get(''),
  get('/tags'),
  get('/collaborators/{username}/permission'),
  get('/branches/{branch}', 'contents'),
  get('/git/ref/{ref}', 'contents'),
  get('/git/matching-refs/{ref}', 'contents'),
  write('post', '/git/refs', 'contents'),
  write('patch', '/git/refs/{ref}', 'contents'),
  write('delete', '/git/refs/{ref}', 'contents'),
  write('post', '/git/trees', 'contents'),
  write('post', '/git/commits', 'contents'),
  write('post', '/git/tags', 'contents'),
  get('/git/tags/{tag_sha}', 'contents'),
  get('/git/commits/{commit_sha}', 'contents'),
  get('/commits', 'contents'),
  get('/commits/{ref}', 'contents'),
  get('/commits/{ref}/check-runs', 'checks'),
  get('/commits/{ref}/status', 'statuses'),
  get('/commits/{ref}/statuses', 'statuses'),
  write('post', '/statuses/{sha}', 'statuses'),
  get('/commits/{commit_sha}/pulls', 'pull-requests'),
  get('/compare/{basehead}', 'contents'),
  get('/contents/{path}', 'contents'),
  get('/environments', 'actions'),
  get('/environments/{environment_name}', 'actions'),
  get('/actions/runs', 'actions'),
  get(run, 'actions'),
  get(`${run}/jobs`, 'actions'),
  get(`${run}/attempts/{attempt_number}/jobs`, 'actions'),
  get(`${run}/approvals`, 'actions'),
  get(`${run}/pending_deployments`, 'actions'),
  get('/actions/artifacts', 'actions'),
  get('/actions/artifacts/{artifact_id}/{archive_format}', 'actions'),
  get('/attestations/{subject_digest}', 'attestations'),
  { ...write('post', `${run}/pending_deployments`, 'deployments'), users: true },
  write('post', `${run}/cancel`, 'actions'),
  write('post', '/actions/workflows/{workflow_id}/dispatches', 'actions'),
  write('post', '/dispatches', 'contents'),
  get('/deployments', 'deployments'),
  write('post', '/deployments', 'deployments'),
  get('/deployments/{deployment_id}', 'deployments'),
  get('/deployments/{deployment_id}/statuses', 'deployments'),
  write('post', '/deployments/{deployment_id}/statuses', 'deployments'),
  get('/releases', 'contents'),
  write('post', '/releases', 'contents'),
  get('/releases/latest', 'contents'),
  get('/releases/tags/{tag}', 'contents'),
  get('/releases/{release_id}', 'contents'),
  write('patch', '/releases/{release_id}', 'contents'),
  write('delete', '/releases/{release_id}', 'contents'),
  write('post', '/releases/generate-notes', 'contents'),
  get('/issues', 'issues', 'pull-requests'),
  write('post', '/issues', 'issues'),
  get(issue, 'issues', 'pull-requests'),
  write('patch', issue, 'issues', 'pull-requests'),
  get(`${issue}/comments`, 'issues', 'pull-requests'),
  write('post', `${issue}/comments`, 'issues', 'pull-requests'),
  get('/issues/comments/{comment_id}', 'issues', 'pull-requests'),
  write('patch', '/issues/comments/{comment_id}', 'issues', 'pull-requests'),
  get(`${issue}/labels`, 'issues', 'pull-requests'),
  write('post', `${issue}/labels`, 'issues', 'pull-requests'),
  write('put', `${issue}/labels`, 'issues', 'pull-requests'),
  write('delete', `${issue}/labels/{name}`, 'issues', 'pull-requests'),
  get('/pulls/{pull_number}', 'pull-requests'),
]
