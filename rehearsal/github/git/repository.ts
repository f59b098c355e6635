/** The bare repository behind this GitHub: reading, and moving refs by compare-and-swap. */

import { type GitCommand, gitCommand, output } from './command.ts'
import { type GitObject, type Objects, openObjects } from './objects.ts'
import { type Commit, parseCommit, parseTree, type TreeEntry } from './parse.ts'

export type Ref = { name: string; oid: string; type: string }

export type Repository = {
  gitDir: string
  git: GitCommand
  read: Objects['read']
  /** The commit that a branch, tag, full ref or object id names. */
  commit(name: string): Promise<Commit | undefined>
  tree(object: GitObject): TreeEntry[]
  refs(...patterns: string[]): Promise<Ref[]>
  ref(name: string): Promise<Ref | undefined>
  /** Moves a ref if it still points to `from` (null: if it does not exist); `to` null deletes. */
  move(name: string, to: string | null, from: string | null): Promise<boolean>
  isAncestor(ancestor: string, descendant: string): Promise<boolean>
  validName(ref: string): Promise<boolean>
  close(): Promise<void>
}

const zero = '0'.repeat(40)

export function openRepository(gitDir: string): Repository {
  const git = gitCommand(gitDir)
  const objects = openObjects(gitDir)

  async function refs(...patterns: string[]): Promise<Ref[]> {
    const format = '--format=%(objectname) %(objecttype) %(refname)'
    const lines = (await output(git, ['for-each-ref', format, ...patterns])).split('\n').filter(Boolean)
    return lines.map((line) => {
      const [oid = '', type = '', ...name] = line.split(' ')
      return { name: name.join(' '), oid, type }
    })
  }

  async function commit(name: string): Promise<Commit | undefined> {
    if (name.startsWith('-') || /[\s~^:?*[\\]|\.\.|@\{/.test(name)) return undefined
    // A branch before a tag of the same name, as GitHub resolves a commitish.
    for (const candidate of name.startsWith('refs/')
      ? [name]
      : [`refs/heads/${name}`, `refs/tags/${name}`, name]) {
      const found = await objects.read(`${candidate}^{commit}`)
      if (found?.type === 'commit') return parseCommit(found.oid, found.content)
    }
    return undefined
  }

  return {
    gitDir,
    git,
    read: objects.read,
    commit,
    tree: (object) => parseTree(object.content, object.oid.length / 2),
    refs,
    ref: async (name) => (await refs(name)).find((ref) => ref.name === name),
    move: async (name, to, from) => {
      const { code } =
        to === null
          ? await git(['update-ref', '-d', name, from ?? zero])
          : await git(['update-ref', name, to, from ?? zero])
      return code === 0
    },
    isAncestor: async (ancestor, descendant) =>
      (await git(['merge-base', '--is-ancestor', ancestor, descendant])).code === 0,
    validName: async (ref) => (await git(['check-ref-format', ref])).code === 0,
    close: objects.close,
  }
}
