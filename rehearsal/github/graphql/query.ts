/** `query`: the repository and what can be reached from it. */

import { nodeId } from '../documents/identity.ts'
import { repositoryNode } from '../documents/repository.ts'
import type { GitObject } from '../git/objects.ts'
import type { Ref } from '../git/repository.ts'
import type { Github } from '../github.ts'
import { connection, type Page } from './connection.ts'
import { type Context, requirePermission } from './context.ts'
import { milestoneNode } from './milestone.ts'
import { nodeAt, nodeOf } from './objects.ts'
import { actorNode, issueNode, pullNode } from './pull-request.ts'
import { unresolved } from './refusal.ts'

type Node = Record<string, unknown>

export function refNode(github: Github, { name, oid }: Ref): Node {
  const prefix = /^refs\/(heads|tags)\//.exec(name)?.[0] ?? 'refs/'
  const target = (): Promise<Node | null> => nodeAt(github, oid)
  return { id: nodeId('Ref', name), name: name.slice(prefix.length), prefix, target }
}

/** `main:path`, a revision, or an object id; `HEAD` is the default branch. */
async function lookUp(
  github: Github,
  expression: string,
): Promise<{ object: GitObject | undefined; path: string }> {
  const colon = expression.indexOf(':')
  const revision = (colon < 0 ? expression : expression.slice(0, colon)).replace(
    /^HEAD$/,
    github.defaultBranch,
  )
  const path = colon < 0 ? '' : expression.slice(colon + 1).replace(/\/+$/, '')
  const commit = await github.repository.commit(revision)
  if (colon >= 0) return { object: commit && (await github.repository.read(`${commit.oid}:${path}`)), path }
  return { object: await github.repository.read(commit?.oid ?? revision), path }
}

function repositoryNodeOf(context: Context): Node {
  const { github } = context
  const contents = (): void => requirePermission(context, 'contents', 'read')
  async function ref(name: string): Promise<Node | null> {
    contents()
    for (const full of name.startsWith('refs/') ? [name] : [`refs/heads/${name}`, `refs/tags/${name}`]) {
      const found = await github.repository.ref(full)
      if (found) return refNode(github, found)
    }
    return null
  }
  return {
    id: repositoryNode(github),
    name: github.repo,
    nameWithOwner: `${github.owner}/${github.repo}`,
    url: github.page,
    isPrivate: github.visibility === 'private',
    owner: actorNode(github, github.owner),
    defaultBranchRef: () => ref(`refs/heads/${github.defaultBranch}`),
    ref: ({ qualifiedName }: { qualifiedName: string }) => ref(qualifiedName),
    refs: async (page: Page & { refPrefix: string; query?: string }) => {
      contents()
      const all = (await github.repository.refs(page.refPrefix)).filter(
        ({ name }) => !page.query || name.slice(page.refPrefix.length).includes(page.query),
      )
      return connection('refs', page, all, (entry) => refNode(github, entry))
    },
    object: async ({ expression, oid }: { expression?: string | null; oid?: string | null }) => {
      contents()
      const { object, path } = await lookUp(github, oid ?? expression ?? '')
      return nodeOf(github, object, path)
    },
    issue: async ({ number }: { number: number }) => {
      requirePermission(context, 'issues', 'read')
      await github.pulls()
      const issue = github.store.issues.get(number)
      if (!issue || issue.pull) throw unresolved(`an Issue with the number of ${number}.`)
      return issueNode(github, issue, context.actor)
    },
    milestones: async (page: Page & { query?: string; orderBy?: { field: string; direction: string } }) => {
      requirePermission(context, 'issues', 'read')
      await github.pulls()
      const sign = page.orderBy?.direction === 'DESC' ? -1 : 1
      const words = (page.query ?? '').toLowerCase()
      const found = [...github.store.milestones.values()]
        .filter(({ title }) => title.toLowerCase().includes(words))
        .sort((a, b) => sign * (a.number - b.number))
      return connection('milestones', page, found, (milestone) => milestoneNode(github, milestone))
    },
    milestone: async ({ number }: { number: number }) => {
      requirePermission(context, 'issues', 'read')
      await github.pulls()
      const found = github.store.milestones.get(number)
      return found ? milestoneNode(github, found) : null
    },
    pullRequest: async ({ number }: { number: number }) => {
      requirePermission(context, 'pull-requests', 'read')
      await github.pulls()
      const issue = github.store.issues.get(number)
      if (!issue?.pull) throw unresolved(`a PullRequest with the number of ${number}.`)
      return pullNode(github, issue, context.actor)
    },
  }
}

export const query = {
  viewer: (_: unknown, { github, actor }: Context): Node => actorNode(github, actor),
  repository: ({ owner, name }: { owner: string; name: string }, context: Context): Node => {
    const { github } = context
    if (`${owner}/${name}`.toLowerCase() !== `${github.owner}/${github.repo}`.toLowerCase())
      throw unresolved(`a Repository with the name '${owner}/${name}'.`)
    return repositoryNodeOf(context)
  },
}
