/** Git objects as GraphQL shows them; fields that cost a read are functions. */

import { nodeId } from '../documents/identity.ts'
import { loginOf } from '../documents/user.ts'
import { output } from '../git/command.ts'
import { changedFiles } from '../git/difference.ts'
import type { GitObject } from '../git/objects.ts'
import { type Commit, type Person, parseCommit, parseTag } from '../git/parse.ts'
import type { Github } from '../github.ts'
import { contexts, latestStatuses } from '../routes/checks.ts'
import { connection, type Page } from './connection.ts'
import { actorNode, pullNode } from './pull-request.ts'

type Node = Record<string, unknown>

/** Longer texts come cut, with `isTruncated`. */
const mostText = 512_000

const base = (github: Github, kind: string, oid: string): Node => ({
  __typename: kind,
  id: nodeId(kind, oid),
  oid,
  abbreviatedOid: oid.slice(0, 7),
  commitUrl: `${github.page}/commit/${oid}`,
})

function blobNode(github: Github, { oid, content }: GitObject): Node {
  const binary = content.subarray(0, 8000).includes(0)
  const text = binary ? null : content.subarray(0, mostText).toString()
  const isTruncated = content.length > mostText
  return { ...base(github, 'Blob', oid), byteSize: content.length, isBinary: binary, isTruncated, text }
}

function treeNode(github: Github, object: GitObject, path: string): Node {
  const entries = (): Node[] =>
    github.repository.tree(object).map(({ mode, name, type, oid }) => {
      const full = path === '' ? name : `${path}/${name}`
      return {
        name,
        path: full,
        type,
        mode: Number.parseInt(mode, 8),
        oid,
        size: async () => (type === 'blob' ? ((await github.repository.read(oid))?.content.length ?? 0) : 0),
        object: async () =>
          type === 'commit' ? null : nodeOf(github, await github.repository.read(oid), full),
      }
    })
  return { ...base(github, 'Tree', object.oid), entries }
}

function gitActor(github: Github, { name, email, date }: Person): Node {
  const login = loginOf({ name, email, date })
  return {
    name,
    email,
    date,
    user: login === null || login.endsWith('[bot]') ? null : actorNode(github, login),
  }
}

export async function nodeAt(github: Github, oid: string): Promise<Node | null> {
  return nodeOf(github, await github.repository.read(oid), '')
}

export function commitNode(github: Github, commit: Commit): Node {
  const { oid, message, parents } = commit
  const [headline = '', ...rest] = message.split('\n')
  const files = () => changedFiles(github.repository, parents[0], oid)
  const sum = async (key: 'additions' | 'deletions'): Promise<number> =>
    (await files()).reduce((total, file) => total + file[key], 0)
  return {
    ...base(github, 'Commit', oid),
    message,
    messageHeadline: headline,
    messageBody: rest.join('\n').trim(),
    authoredDate: commit.author.date,
    committedDate: commit.committer.date,
    url: `${github.page}/commit/${oid}`,
    author: gitActor(github, commit.author),
    committer: gitActor(github, commit.committer),
    tree: () => nodeAt(github, commit.tree),
    additions: () => sum('additions'),
    deletions: () => sum('deletions'),
    changedFilesIfAvailable: async () => (await files()).length,
    signature: github.store.signed.has(oid)
      ? { __typename: 'GpgSignature', isValid: true, wasSignedByGitHub: true, keyId: null }
      : null,
    parents: (page: Page) => connection('parents', page, parents, (parent) => nodeAt(github, parent)),
    file: async ({ path }: { path: string }) => {
      const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''
      const tree = await github.repository.read(`${oid}:${folder}`)
      const listed = tree?.type === 'tree' ? (treeNode(github, tree, folder).entries as () => Node[])() : []
      return listed.find((entry) => entry.path === path) ?? null
    },
    history: async (page: Page & { path?: string; since?: string; until?: string }) => {
      const times = [page.since ? `--since=${page.since}` : '', page.until ? `--until=${page.until}` : '']
      const path = page.path ? ['--', page.path] : []
      const args = ['rev-list', ...times.filter(Boolean), oid, ...path]
      const oids = (await output(github.repository.git, args)).split('\n').filter(Boolean)
      return connection('history', page, oids, (entry) => nodeAt(github, entry))
    },
    associatedPullRequests: async (page: Page) => {
      await github.pulls()
      const pulls = [...github.store.issues.values()].filter(
        ({ pull }) => pull && (pull.mergeCommit === oid || pull.commits.includes(oid)),
      )
      return connection('associatedPullRequests', page, pulls, (issue) => pullNode(github, issue))
    },
    statusCheckRollup: () => rollup(github, oid),
    status: () => statusNode(github, oid),
  }
}

/** Null where no status was ever set. */
function statusNode(github: Github, oid: string): Node | null {
  const all = latestStatuses(github, oid)
  if (all.length === 0) return null
  const named = ({ name }: { name: string }) => all.find(({ context }) => context === name)
  return {
    context: (wanted: { name: string }) => {
      const found = named(wanted)
      return found
        ? { context: found.context, state: String(found.state).toUpperCase(), description: found.description }
        : null
    },
  }
}

/** Null where nothing is known; a failure outweighs what is pending. */
function rollup(github: Github, oid: string): { state: string } | null {
  const states = contexts(github, oid).map(({ state }) => state)
  if (states.length === 0) return null
  if (states.includes('error')) return { state: 'ERROR' }
  const bad = ['failure', 'timed_out', 'cancelled', 'action_required']
  if (states.some((state) => bad.includes(state))) return { state: 'FAILURE' }
  return { state: states.includes('pending') ? 'PENDING' : 'SUCCESS' }
}

/** Any object; `path` is where a tree was found. */
export function nodeOf(github: Github, object: GitObject | undefined, path: string): Node | null {
  if (!object) return null
  if (object.type === 'blob') return blobNode(github, object)
  if (object.type === 'tree') return treeNode(github, object, path)
  if (object.type === 'commit') return commitNode(github, parseCommit(object.oid, object.content))
  const tag = parseTag(object.oid, object.content)
  const target = (): Promise<Node | null> => nodeAt(github, tag.object)
  return { ...base(github, 'Tag', tag.oid), name: tag.name, message: tag.message, target }
}
