import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { UsageError } from '../command/arguments.ts'
import { git, tryGit } from './run-git.ts'

/** The history that is released: a bare copy of the clone, which itself is only read. */
export type Subject = { gitDir: string; name: string; to: string; from: string | null }

/**
 * Copies the history of the clone in `repo` to `gitDir`. Objects are borrowed from the clone, so that a large
 * repository costs nothing; everything new is written to the copy. A shallow clone is deepened in the copy when its
 * remote can be reached.
 */
export const copyHistory = (repo: string, gitDir: string, from: string | null, to: string): Subject => {
  if (!existsSync(repo)) throw new UsageError(`--repo ${repo}: there is no such folder`)
  const top = tryGit(repo, ['rev-parse', '--absolute-git-dir'])
  if (top.code !== 0) throw new UsageError(`--repo ${repo}: not a git repository; name a clone`)
  const source = top.stdout.trim()
  const name = repositoryName(repo)
  const head = commitOf(repo, to, '--to')
  if (from !== null) commitOf(repo, from, '--from')
  const shallow = tryGit(repo, ['rev-parse', '--is-shallow-repository']).stdout.trim() === 'true'
  const clone = tryGit(repo, [
    'clone',
    '--quiet',
    '--bare',
    ...(shallow ? [] : ['--shared']),
    shallow ? `file://${source}` : source,
    gitDir,
  ])
  if (clone.code !== 0) throw new UsageError(`--repo ${repo}: could not be copied: ${lastLine(clone.stderr)}`)
  if (shallow) deepen(repo, gitDir, source)
  return { gitDir, name, to: head, from }
}

const repositoryName = (repo: string): string => {
  const url = tryGit(repo, ['config', '--get', 'remote.origin.url']).stdout.trim()
  const top = tryGit(repo, ['rev-parse', '--show-toplevel']).stdout.trim()
  const name = basename((url || top || repo).replace(/\/+$/, ''))
    .replace(/\.git$/, '')
    .replace(/[^A-Za-z0-9._-]/g, '-')
  return /^[A-Za-z0-9]/.test(name) ? name : 'repository'
}

const commitOf = (repo: string, revision: string, option: string): string => {
  if (revision.startsWith('-')) throw new UsageError(`${option} ${revision}: not a revision`)
  const found = tryGit(repo, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`])
  if (found.code === 0) return found.stdout.trim()
  const empty = revision === 'HEAD' && tryGit(repo, ['rev-list', '-n1', '--all']).stdout.trim() === ''
  throw new UsageError(
    empty
      ? `--repo ${repo}: the repository has no commit yet, so there is nothing to release`
      : `${option} ${revision}: no commit of that name in ${repo}; fetch it, or write a tag, a branch or a full sha`,
  )
}

const deepen = (repo: string, gitDir: string, source: string): void => {
  const remote = tryGit(repo, ['config', '--get', 'remote.origin.url']).stdout.trim()
  const url = remote && !remote.includes('://') && existsSync(remote) ? `file://${remote}` : remote
  if (
    url &&
    tryGit(gitDir, ['fetch', '--quiet', '--unshallow', '--tags', url, '+refs/heads/*:refs/rehearsal/*'], {
      env: { GIT_SSH_COMMAND: 'ssh -oBatchMode=yes -oConnectTimeout=5' },
    }).code === 0
  )
    return
  const depth = git(source, ['rev-list', '--count', 'HEAD'])
  throw new UsageError(
    `--repo ${repo}: a shallow clone (${depth} commits) hides the changes since the last release; run: git fetch --unshallow --tags`,
  )
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? ''
