/** Pull requests: read only; they come from the history. */

import { pullDocument } from '../documents/issue.ts'
import { user } from '../documents/repository.ts'
import { changedFiles } from '../git/difference.ts'
import { type Call, ok, type Reply, type Routes } from '../github.ts'
import { list } from '../pages.ts'
import { notFound, Refusal } from '../refusal.ts'

async function pull({ github, params }: Call): Promise<Reply> {
  await github.pulls()
  const issue = github.store.issues.get(Number(params.pull_number))
  if (!issue?.pull) throw notFound()
  const { mergeCommit, mergedBy, mergedAt, commits } = issue.pull
  const merge = mergeCommit ? await github.repository.commit(mergeCommit) : undefined
  const files = merge ? await changedFiles(github.repository, merge.parents[0], merge.oid) : []
  const comments = [...github.store.comments.values()].filter((comment) => comment.issue === issue.number)
  return ok({
    ...pullDocument(github, issue, issue.pull),
    merged: mergedAt !== null,
    mergeable: null,
    rebaseable: null,
    mergeable_state: 'unknown',
    merged_by: mergedBy === null ? null : user(github, mergedBy),
    comments: comments.length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: commits.length,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  })
}

async function pullsOfCommit(call: Call): Promise<Reply> {
  const { github, params } = call
  const commit = await github.repository.commit(params.commit_sha ?? '')
  if (!commit) throw new Refusal(422, `No commit found for SHA: ${params.commit_sha}`)
  await github.pulls()
  const all = [...github.store.issues.values()].filter(
    ({ pull }) => pull && (pull.mergeCommit === commit.oid || pull.commits.includes(commit.oid)),
  )
  return list(call, all, (issue) => pullDocument(github, issue, issue.pull ?? fail()))
}

function fail(): never {
  throw new Error('a pull request without its part')
}

export const pullRoutes: Routes = {
  'get /pulls/{pull_number}': pull,
  'get /commits/{commit_sha}/pulls': pullsOfCommit,
}
