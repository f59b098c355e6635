/** Comments on issues and pull requests. */

import { commentDocument } from '../documents/issue.ts'
import { type Call, created, ok, type Reply, type Routes } from '../github.ts'
import { list } from '../pages.ts'
import { notFound } from '../refusal.ts'
import type { Comment } from '../state/store.ts'
import { issueOf, requireLength } from './issues.ts'

function commentOf({ github, params }: Call): Comment {
  const comment = github.store.comments.get(Number(params.comment_id))
  if (!comment) throw notFound()
  return comment
}

async function createComment(call: Call): Promise<Reply> {
  const { github, body, actor } = call
  const issue = await issueOf(call)
  requireLength('IssueComment', String(body.body))
  const time = github.now()
  const comment: Comment = {
    id: github.store.nextId(),
    issue: issue.number,
    user: actor,
    body: String(body.body),
    createdAt: time,
    updatedAt: time,
  }
  github.store.comments.set(comment.id, comment)
  issue.updatedAt = time
  return created(commentDocument(github, comment))
}

function updateComment(call: Call): Reply {
  const comment = commentOf(call)
  requireLength('IssueComment', String(call.body.body))
  comment.body = String(call.body.body)
  comment.updatedAt = call.github.now()
  return ok(commentDocument(call.github, comment))
}

export const commentRoutes: Routes = {
  'get /issues/{issue_number}/comments': async (call) => {
    const { number } = await issueOf(call)
    const { since } = call.query
    const all = [...call.github.store.comments.values()].filter(
      (comment) =>
        comment.issue === number &&
        (since === undefined || Date.parse(comment.updatedAt) >= Date.parse(since)),
    )
    return list(call, all, (comment) => commentDocument(call.github, comment))
  },
  'post /issues/{issue_number}/comments': createComment,
  'get /issues/comments/{comment_id}': (call) => ok(commentDocument(call.github, commentOf(call))),
  'patch /issues/comments/{comment_id}': updateComment,
}
