/** Issues, pull requests, labels and comments, as GitHub shows them. */

import type { Github } from '../github.ts'
import type { Comment, Issue, Label, Milestone, Pull } from '../state/store.ts'
import { nodeId } from './identity.ts'
import { repositoryOfPull, user } from './repository.ts'

export function labelDocument(github: Github, label: Label): Record<string, unknown> {
  return {
    id: label.id,
    node_id: nodeId('Label', label.id),
    url: `${github.api}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  }
}

/** Labels of an issue; those unknown so far begin to exist, as they do on GitHub. */
export function labelsOf(github: Github, issue: Issue): Label[] {
  return issue.labels.map((name) => {
    const known = github.store.labels.get(name.toLowerCase())
    const label = known ?? { id: github.store.nextId(), name, color: 'ededed', description: null }
    github.store.labels.set(name.toLowerCase(), label)
    return label
  })
}

export const issuesOf = (github: Github, { number }: Milestone): Issue[] =>
  [...github.store.issues.values()].filter((issue) => issue.milestone === number)

export function milestoneDocument(github: Github, milestone: Milestone): Record<string, unknown> {
  const url = `${github.api}/milestones/${milestone.number}`
  const issues = issuesOf(github, milestone)
  return {
    url,
    html_url: `${github.page}/milestone/${milestone.number}`,
    labels_url: `${url}/labels`,
    id: milestone.id,
    node_id: nodeId('Milestone', milestone.id),
    number: milestone.number,
    state: milestone.state,
    title: milestone.title,
    description: milestone.description,
    creator: user(github, github.owner),
    open_issues: issues.filter(({ state }) => state === 'open').length,
    closed_issues: issues.filter(({ state }) => state === 'closed').length,
    created_at: milestone.createdAt,
    updated_at: milestone.createdAt,
    closed_at: milestone.state === 'closed' ? milestone.createdAt : null,
    due_on: milestone.dueOn,
  }
}

const milestoneOf = (github: Github, { milestone }: Issue): Record<string, unknown> | null => {
  const found = milestone === undefined ? undefined : github.store.milestones.get(milestone)
  return found ? milestoneDocument(github, found) : null
}

const commentCount = (github: Github, issue: Issue): number =>
  [...github.store.comments.values()].filter((comment) => comment.issue === issue.number).length

const association = (github: Github, login: string): string =>
  login === github.owner ? 'OWNER' : 'CONTRIBUTOR'

const people = (github: Github, issue: Issue): Record<string, unknown> => {
  const assignees = issue.assignees.map((login) => user(github, login))
  return { user: user(github, issue.user), assignee: assignees[0] ?? null, assignees }
}

export function issueDocument(github: Github, issue: Issue): Record<string, unknown> {
  const url = `${github.api}/issues/${issue.number}`
  const page = `${github.page}/${issue.pull ? 'pull' : 'issues'}/${issue.number}`
  return {
    id: issue.id,
    node_id: nodeId('Issue', issue.id),
    url,
    repository_url: github.api,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: page,
    number: issue.number,
    state: issue.state,
    state_reason: issue.stateReason,
    title: issue.title,
    body: issue.body,
    ...people(github, issue),
    labels: labelsOf(github, issue).map((label) => labelDocument(github, label)),
    milestone: milestoneOf(github, issue),
    locked: false,
    active_lock_reason: null,
    comments: commentCount(github, issue),
    closed_at: issue.closedAt,
    closed_by: issue.closedBy === null ? null : user(github, issue.closedBy),
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    author_association: association(github, issue.user),
    // docs.github.com, "Issues": every pull request is an issue, told apart by this key.
    ...(issue.pull
      ? {
          pull_request: {
            url: `${github.api}/pulls/${issue.number}`,
            html_url: page,
            diff_url: `${page}.diff`,
            patch_url: `${page}.patch`,
            merged_at: issue.pull.mergedAt,
          },
        }
      : {}),
  }
}

export function commentDocument(github: Github, comment: Comment): Record<string, unknown> {
  return {
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    url: `${github.api}/issues/comments/${comment.id}`,
    html_url: `${github.page}/issues/${comment.issue}#issuecomment-${comment.id}`,
    body: comment.body,
    user: user(github, comment.user),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    issue_url: `${github.api}/issues/${comment.issue}`,
    author_association: association(github, comment.user),
  }
}

/** What lists and single pull requests share. */
export function pullDocument(github: Github, issue: Issue, pull: Pull): Record<string, unknown> {
  const url = `${github.api}/pulls/${issue.number}`
  const issueUrl = `${github.api}/issues/${issue.number}`
  const page = `${github.page}/pull/${issue.number}`
  const head = pull.commits.at(-1) ?? pull.mergeCommit ?? ''
  const links = {
    self: url,
    html: page,
    issue: issueUrl,
    comments: `${issueUrl}/comments`,
    review_comments: `${url}/comments`,
    review_comment: `${url}/comments{/number}`,
    commits: `${url}/commits`,
    statuses: `${github.api}/statuses/${head}`,
  }
  const end = (ref: string, sha: string): Record<string, unknown> => ({
    label: `${github.owner}:${ref}`,
    ref,
    sha,
    user: user(github, github.owner),
    repo: repositoryOfPull(github),
  })
  return {
    url,
    id: issue.id,
    node_id: nodeId('PullRequest', issue.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issueUrl,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    number: issue.number,
    state: issue.state,
    locked: false,
    title: issue.title,
    ...people(github, issue),
    body: issue.body,
    // The list's schema has no null for a label's description, the single one's has: "" fits both.
    labels: labelsOf(github, issue).map((label) => ({
      ...labelDocument(github, label),
      description: label.description ?? '',
    })),
    milestone: milestoneOf(github, issue),
    active_lock_reason: null,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommit,
    requested_reviewers: [],
    requested_teams: [],
    head: end(pull.headRef, head),
    base: end(pull.baseRef, pull.mergeCommit ?? head),
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
    author_association: association(github, issue.user),
    auto_merge: null,
    draft: false,
  }
}
