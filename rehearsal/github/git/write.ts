/** Writes commits by plumbing, with an index of their own: nothing is checked out. */

import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { output } from './command.ts'
import type { Person } from './parse.ts'
import type { Repository } from './repository.ts'

export type Changes = { additions: { path: string; content: Buffer }[]; deletions: string[] }

/** Names the paths that are to be deleted but do not exist at `parent`. */
export async function missingPaths(
  repository: Repository,
  parent: string,
  paths: string[],
): Promise<string[]> {
  const found = await Promise.all(paths.map((path) => repository.read(`${parent}:${path}`)))
  return paths.filter((_, index) => found[index]?.type !== 'blob')
}

async function modes(repository: Repository, parent: string, paths: string[]): Promise<Map<string, string>> {
  if (paths.length === 0) return new Map()
  const literal = { env: { GIT_LITERAL_PATHSPECS: '1' } }
  const listed = await output(
    repository.git,
    ['ls-tree', '-r', '-z', '--full-tree', parent, '--', ...paths],
    literal,
  )
  const entries = listed.split('\0').filter(Boolean)
  return new Map(entries.map((entry) => [entry.slice(entry.indexOf('\t') + 1), entry.slice(0, 6)]))
}

/** The tree of `parent` (of nothing, when undefined) with `changes` made to it; a changed file keeps its mode. */
export async function writeTree(
  repository: Repository,
  parent: string | undefined,
  changes: Changes,
): Promise<string> {
  const folder = await mkdtemp(join(repository.gitDir, 'rehearsal-index-'))
  try {
    const env = { GIT_INDEX_FILE: join(folder, 'index') }
    await output(repository.git, ['read-tree', parent ?? '--empty'], { env })
    const paths = changes.additions.map((addition) => addition.path)
    const known = parent ? await modes(repository, parent, paths) : new Map<string, string>()
    const lines = changes.deletions.map((path) => `0 ${'0'.repeat(parent?.length ?? 40)}\t${path}\0`)
    for (const { path, content } of changes.additions) {
      const oid = (await output(repository.git, ['hash-object', '-w', '--stdin'], { input: content })).trim()
      lines.push(`${known.get(path) ?? '100644'} ${oid}\t${path}\0`)
    }
    await output(repository.git, ['update-index', '-z', '--index-info'], { env, input: lines.join('') })
    return (await output(repository.git, ['write-tree'], { env })).trim()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export function identity(author: Person, committer: Person): Record<string, string> {
  return {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: author.date,
    GIT_COMMITTER_NAME: committer.name,
    GIT_COMMITTER_EMAIL: committer.email,
    GIT_COMMITTER_DATE: committer.date,
  }
}

/** Writes a commit on top of `parent` and returns its id; no ref moves. */
export async function writeCommit(
  repository: Repository,
  parent: string,
  changes: Changes,
  message: string,
  people: { author: Person; committer: Person },
): Promise<string> {
  return commitTree(repository, await writeTree(repository, parent, changes), [parent], message, people)
}

/** Writes a commit of a tree, with any number of parents. */
export async function commitTree(
  repository: Repository,
  tree: string,
  parents: string[],
  message: string,
  people: { author: Person; committer: Person },
): Promise<string> {
  const env = identity(people.author, people.committer)
  const command = ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-F', '-']
  return (await output(repository.git, command, { env, input: message })).trim()
}
