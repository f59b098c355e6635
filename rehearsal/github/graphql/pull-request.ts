/** Issues and pull requests as GraphQL shows them. */

import { nodeId } from '../documents/identity.ts'
import { labelsOf } from '../documents/issue.ts'
import { user } from '../documents/repository.ts'
import { changedFiles } from '../git/difference.ts'
import type { Github } from '../github.ts'
import type { Issue, PullReview } from '../state/store.ts'
import { connection, type Page } from './connection.ts'
import { nodeAt } from './objects.ts'

type Node = Record<string, unknown>

/** GraphQL says a bot's login without `[bot]`. */
export function actorNode(github: Github, login: string): Node {
  const bot = login.endsWith('[bot]')
  const id = user(github, login).node_id
  return { __typename: bot ? 'Bot' : 'User', id, login: bot ? login.slice(0, -5) : login, name: null }
}

function shared(github: Github, issue: Issue): Node {
  return {
    number: issue.number,
    title: issue.title,
    body: issue.body ?? '',
    author: actorNode(github, issue.user),
    createdAt: issue.createdAt,
    labels: (page: Page) => connection('labels', page, labelsOf(github, issue), ({ name }) => ({ name })),
  }
}

export function issueNode(github: Github, issue: Issue, viewer = ''): Node {
  const closing = [...github.store.issues.values()].filter(({ pull }) => pull?.closes.includes(issue.number))
  return {
    ...shared(github, issue),
    id: nodeId('Issue', issue.id),
    url: `${github.page}/issues/${issue.number}`,
    state: issue.state === 'open' ? 'OPEN' : 'CLOSED',
    stateReason: issue.stateReason?.toUpperCase() ?? null,
    assignees: (page: Page) =>
      connection('assignees', page, issue.assignees, (login) => actorNode(github, login)),
    comments: (page: Page) => commentsOf(github, issue, page, viewer),
    closedByPullRequestsReferences: (page: Page & { includeClosedPrs: boolean }) => {
      const shown = closing.filter(
        ({ state, pull }) => page.includeClosedPrs || state === 'open' || pull?.mergedAt !== null,
      )
      return connection('closedByPullRequestsReferences', page, shown, (found) => pullNode(github, found))
    },
  }
}

/** A comment's address is below the issue or pull request that it is on. */
const commentsOf = (github: Github, issue: Issue, page: Page, viewer: string): unknown =>
  connection(
    'comments',
    page,
    [...github.store.comments.values()].filter((comment) => comment.issue === issue.number),
    (comment) => ({
      fullDatabaseId: String(comment.id),
      body: comment.body,
      url: `${github.page}/${issue.pull ? 'pull' : 'issues'}/${issue.number}#issuecomment-${comment.id}`,
      viewerDidAuthor: comment.user === viewer,
    }),
  )

/** `viewer`: the account that asks; what it wrote itself is marked. */
export function pullNode(github: Github, issue: Issue, viewer = ''): Node {
  const { pull } = issue
  if (!pull) throw new Error(`#${issue.number} is no pull request`)
  const { mergeCommit } = pull
  const files = async () => {
    const merge = mergeCommit ? await github.repository.commit(mergeCommit) : undefined
    return merge ? changedFiles(github.repository, merge.parents[0], merge.oid) : []
  }
  const sum = async (key: 'additions' | 'deletions'): Promise<number> =>
    (await files()).reduce((total, file) => total + file[key], 0)
  const closes = pull.closes.flatMap((number) => {
    const closed = github.store.issues.get(number)
    return closed && !closed.pull ? [closed] : []
  })
  return {
    ...shared(github, issue),
    id: nodeId('PullRequest', issue.id),
    url: `${github.page}/pull/${issue.number}`,
    state: pull.mergedAt ? 'MERGED' : issue.state === 'open' ? 'OPEN' : 'CLOSED',
    merged: pull.mergedAt !== null,
    mergedAt: pull.mergedAt,
    mergedBy: pull.mergedBy === null ? null : actorNode(github, pull.mergedBy),
    mergeCommit: () => (mergeCommit === null ? null : nodeAt(github, mergeCommit)),
    baseRefName: pull.baseRef,
    headRefName: pull.headRef,
    headRefOid: pull.commits.at(-1) ?? mergeCommit ?? '0'.repeat(40),
    isCrossRepository: pull.fork ?? false,
    additions: () => sum('additions'),
    deletions: () => sum('deletions'),
    changedFiles: async () => (await files()).length,
    closingIssuesReferences: (page: Page) =>
      connection('closingIssuesReferences', page, closes, (closed) => issueNode(github, closed)),
    reviews: (page: Page & { states?: PullReview['state'][] | null }) => {
      const kept = pull.reviews.filter(({ state }) => !page.states || page.states.includes(state))
      return connection('reviews', page, kept, (review) => ({
        state: review.state,
        submittedAt: review.submittedAt,
        authorCanPushToRepository: github.users.includes(review.user),
        author: actorNode(github, review.user),
        commit: () => nodeAt(github, review.commit),
      }))
    },
    comments: (page: Page) => commentsOf(github, issue, page, viewer),
    commits: (page: Page) =>
      connection('commits', page, pull.commits, (oid) => ({ commit: () => nodeAt(github, oid) })),
  }
}
