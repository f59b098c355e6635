/** What changed between two trees, as GitHub lists files. */

import { output } from './command.ts'
import type { Repository } from './repository.ts'

export type ChangedFile = {
  sha: string
  filename: string
  status: 'added' | 'removed' | 'modified' | 'renamed' | 'copied' | 'changed'
  additions: number
  deletions: number
  previous?: string
  patch?: string
}

const statuses: Record<string, ChangedFile['status']> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  C: 'copied',
  T: 'changed',
}

const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'

/** Files that differ; `from` undefined compares with nothing, as for a first commit. */
export async function changedFiles(
  repository: Repository,
  from: string | undefined,
  to: string,
): Promise<ChangedFile[]> {
  const range = [from ?? emptyTree, to]
  const tokens = (
    await output(repository.git, ['diff', '--raw', '--no-abbrev', '--numstat', '-z', '-M', ...range])
  ).split('\0')
  const files: ChangedFile[] = []
  const counts: { additions: number; deletions: number }[] = []
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? ''
    if (token.startsWith(':')) {
      const [, , before = '', after = '', letter = ''] = token.split(' ')
      const status = statuses[letter.charAt(0)] ?? 'changed'
      const first = tokens[++at] ?? ''
      const twoPaths = status === 'renamed' || status === 'copied'
      const filename = twoPaths ? (tokens[++at] ?? '') : first
      const sha = status === 'removed' ? before : after
      files.push({
        sha,
        filename,
        status,
        additions: 0,
        deletions: 0,
        ...(twoPaths ? { previous: first } : {}),
      })
    } else if (token !== '') {
      const [additions = '', deletions = '', path] = token.split('\t')
      if (path === '') at += 2 // a rename: both paths follow
      counts.push({ additions: Number(additions) || 0, deletions: Number(deletions) || 0 })
    }
  }
  return files.map((file, index) => ({ ...file, ...counts[index] }))
}

/** Adds the text of each change. No line of a patch can start with `diff --git`, so that splits it. */
export async function withPatches(
  repository: Repository,
  from: string | undefined,
  to: string,
  files: ChangedFile[],
): Promise<ChangedFile[]> {
  const text = await output(repository.git, [
    'diff',
    '-p',
    '-M',
    '--no-color',
    '--no-ext-diff',
    from ?? emptyTree,
    to,
  ])
  const parts = text.split(/^diff --git .*$/m).slice(1)
  return files.map((file, index) => {
    const part = parts[index] ?? ''
    const start = part.indexOf('\n@@')
    return start < 0 ? file : { ...file, patch: part.slice(start + 1).replace(/\n$/, '') }
  })
}
