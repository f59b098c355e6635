/** Issues and their labels. Pull requests are issues too. */

import { issueDocument, labelDocument, labelsOf } from '../documents/issue.ts'
import { type Call, created, ok, type Reply, type Routes } from '../github.ts'
import { list } from '../pages.ts'
import { invalid, notFound } from '../refusal.ts'
import type { Issue } from '../state/store.ts'

const longestTitle = 256
const longestBody = 65_536

export async function issueOf({ github, params }: Call): Promise<Issue> {
  await github.pulls()
  const issue = github.store.issues.get(Number(params.issue_number))
  if (!issue) throw notFound()
  return issue
}

/** Labels come as names or as objects with a name. */
function names(value: unknown): string[] {
  const given = (value ?? []) as (string | { name?: string })[]
  return [...new Set(given.map((label) => (typeof label === 'string' ? label : String(label.name ?? ''))))]
}

export function requireLength(resource: string, body: string | null): void {
  if (body !== null && body.length > longestBody)
    throw invalid(resource, 'body', 'custom', `body is too long (maximum is ${longestBody} characters)`)
}

function requireTitle(title: unknown): string {
  const text = String(title ?? '')
  if (text.trim() === '') throw invalid('Issue', 'title', 'missing_field')
  if (text.length > longestTitle)
    throw invalid('Issue', 'title', 'custom', `title is too long (maximum is ${longestTitle} characters)`)
  return text
}

async function createIssue({ github, body, actor }: Call): Promise<Reply> {
  await github.pulls()
  const time = github.now()
  const text = (body.body as string | undefined) ?? null
  requireLength('Issue', text)
  const issue: Issue = {
    id: github.store.nextId(),
    number: Math.max(0, ...github.store.issues.keys()) + 1,
    title: requireTitle(body.title),
    body: text,
    user: actor,
    state: 'open',
    stateReason: null,
    labels: names(body.labels),
    assignees: (body.assignees as string[] | undefined) ?? (body.assignee ? [String(body.assignee)] : []),
    createdAt: time,
    updatedAt: time,
    closedAt: null,
    closedBy: null,
  }
  github.store.issues.set(issue.number, issue)
  return created(issueDocument(github, issue))
}

async function updateIssue(call: Call): Promise<Reply> {
  const { github, body, actor } = call
  const issue = await issueOf(call)
  if (body.title !== undefined && body.title !== null) issue.title = requireTitle(body.title)
  if (body.body !== undefined) {
    requireLength('Issue', body.body as string | null)
    issue.body = body.body as string | null
  }
  if (body.labels !== undefined) issue.labels = names(body.labels)
  if (body.assignees !== undefined)
    issue.assignees = (body.assignees as (string | { login: string })[]).map((entry) =>
      typeof entry === 'string' ? entry : entry.login,
    )
  if (body.state !== undefined && body.state !== issue.state) {
    const closed = body.state === 'closed'
    issue.state = closed ? 'closed' : 'open'
    issue.closedAt = closed ? github.now() : null
    issue.closedBy = closed ? actor : null
    const reason = (body.state_reason as Issue['stateReason'] | undefined) ?? null
    issue.stateReason = reason ?? (closed ? 'completed' : 'reopened')
  }
  issue.updatedAt = github.now()
  return ok(issueDocument(github, issue))
}

async function listIssues(call: Call): Promise<Reply> {
  const { github, query } = call
  await github.pulls()
  const labels = (query.labels ?? '').split(',').filter(Boolean)
  const state = query.state ?? 'open'
  const kept = [...github.store.issues.values()].filter(
    (issue) =>
      (state === 'all' || issue.state === state) &&
      labels.every((label) => issue.labels.some((name) => name.toLowerCase() === label.toLowerCase())) &&
      (query.creator === undefined || issue.user === query.creator) &&
      (query.assignee === undefined || query.assignee === '*' || issue.assignees.includes(query.assignee)) &&
      (query.since === undefined || Date.parse(issue.updatedAt) >= Date.parse(query.since)),
  )
  const key = (issue: Issue): string => (query.sort === 'updated' ? issue.updatedAt : issue.createdAt)
  const sign = query.direction === 'asc' ? 1 : -1
  kept.sort((a, b) => sign * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.number - b.number))
  return list(call, kept, (issue) => issueDocument(github, issue))
}

async function changeLabels(call: Call, change: (issue: Issue) => void): Promise<Reply> {
  const issue = await issueOf(call)
  change(issue)
  issue.updatedAt = call.github.now()
  return ok(labelsOf(call.github, issue).map((label) => labelDocument(call.github, label)))
}

export const issueRoutes: Routes = {
  'get /issues': listIssues,
  'post /issues': createIssue,
  'get /issues/{issue_number}': async (call) => ok(issueDocument(call.github, await issueOf(call))),
  'patch /issues/{issue_number}': updateIssue,
  'get /issues/{issue_number}/labels': async (call) =>
    list(call, labelsOf(call.github, await issueOf(call)), (label) => labelDocument(call.github, label)),
  'post /issues/{issue_number}/labels': (call) =>
    changeLabels(call, (issue) => {
      issue.labels = [...new Set([...issue.labels, ...names(call.body.labels)])]
    }),
  'put /issues/{issue_number}/labels': (call) =>
    changeLabels(call, (issue) => {
      issue.labels = names(call.body.labels)
    }),
  'delete /issues/{issue_number}/labels/{name}': (call) =>
    changeLabels(call, (issue) => {
      const kept = issue.labels.filter((name) => name.toLowerCase() !== call.params.name?.toLowerCase())
      if (kept.length === issue.labels.length) throw notFound()
      issue.labels = kept
    }),
}
