import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { gitSync } from '../git.ts'

/** A repository at one commit: where a workflow file was found, and where its `./` and `$/` lead. */
export type Source = {
  /** `owner/name`. */
  repository: string
  /** As written after `@`, or the full ref of the caller. */
  ref: string
  sha: string
  /** Content of a file, undefined where there is none. */
  read(path: string): string | undefined
  /** Names of the files directly in a folder. */
  list(folder: string): string[]
  /** A folder that holds the repository's files at the commit (created when first asked for). */
  folder(): string
}

/** The caller's repository: a bare git directory at the run's commit. */
export function gitSource(
  gitDir: string,
  repository: string,
  ref: string,
  sha: string,
  workDir: string,
): Source {
  const git = (...args: string[]) => gitSync('--git-dir', gitDir, ...args)
  const target = join(workDir, '_actions', repository, sha)
  return {
    repository,
    ref,
    sha,
    read: (path) => {
      try {
        return git('show', `${sha}:${path}`).toString('utf8')
      } catch {
        return undefined
      }
    },
    list: (folder) => {
      try {
        const names = git('ls-tree', '--name-only', sha, `${folder}/`).toString('utf8').split('\n')
        return names.filter(Boolean).map((name) => name.slice(folder.length + 1))
      } catch {
        return []
      }
    },
    folder: () => {
      if (existsSync(target)) return target
      mkdirSync(target, { recursive: true })
      try {
        execFileSync('tar', ['-x', '-C', target], { input: git('archive', '--format=tar', sha) })
      } catch (error) {
        rmSync(target, { recursive: true, force: true })
        throw error
      }
      return target
    },
  }
}

export type Product = { root: string; ref: string; version: string; sha?: string }

/** The product's repository: a folder, known to callers as `<ref>/…@<version>`. */
export function productSource({ root, ref, version, sha }: Product): Source {
  return {
    repository: ref,
    ref: `refs/tags/${version}`,
    sha: sha ?? createHash('sha1').update(`${ref}@${version}`).digest('hex'),
    read: (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined),
    list: (folder) => (existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : []),
    folder: () => root,
  }
}

export type Sources = {
  /** `repository@ref` as a step or a job names it; undefined when the runner does not have it. */
  find(repository: string, ref: string): Source | undefined
}

/** `owner/name/path@ref`; undefined when it is not of that form. */
export function parseReference(uses: string): { repository: string; path: string; ref: string } | undefined {
  const match = /^([^/@\s]+\/[^/@\s]+)(?:\/([^@]*))?@(.+)$/.exec(uses)
  if (!match) return undefined
  return { repository: match[1] ?? '', path: (match[2] ?? '').replace(/\/+$/, ''), ref: match[3] ?? '' }
}
