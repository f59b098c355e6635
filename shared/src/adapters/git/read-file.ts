import { ConfigurationError } from '../../config/configuration-error.ts'
import { complaint, type RunGit } from './run-git.ts'

/** Which of these a plan asks for, one after the other: one process answers for all. */
const usual = [
  '.github/relman.yml',
  '.github/CODEOWNERS',
  'CODEOWNERS',
  'docs/CODEOWNERS',
  'release-manifest.yml',
]

export type Listings = Map<string, Promise<Map<string, string>>>

const entryOf = async (git: RunGit, sha: string, path: string, known: Listings): Promise<string | null> => {
  const together = usual.includes(path) ? usual : [path]
  const key = `${sha} ${together.join(' ')}`
  const listing = known.get(key) ?? list(git, sha, together)
  known.set(key, listing)
  const entries = await listing
  // Git may write one path in another way (`./a` as `a`).
  const only =
    together.length === 1 && entries.size === 1 && !path.endsWith('/') ? [...entries.values()][0] : null
  return entries.get(path) ?? only ?? null
}

/** What git knows of these paths, by path: mode, kind and object. */
const list = async (git: RunGit, sha: string, paths: readonly string[]): Promise<Map<string, string>> => {
  const listed = await git(['ls-tree', '-z', sha, '--', ...paths])
  if (listed.code !== 0)
    throw new ConfigurationError(`git cannot list ${paths[0]} at ${sha}: ${complaint(listed)}`)
  return new Map(
    listed.stdout
      .split('\0')
      .filter((entry) => entry !== '')
      .map((entry): [string, string] => {
        const tab = entry.indexOf('\t')
        return [entry.slice(tab + 1), entry.slice(0, tab)]
      }),
  )
}

/** A regular file of a commit; null when absent. Links and submodules are refused: they point at something unjudged. */
export const readFileAt = async (
  git: RunGit,
  sha: string,
  path: string,
  known: Listings = new Map(),
): Promise<string | null> => {
  if (
    path === '' ||
    path.startsWith('/') ||
    /(^|[\\/])\.\.([\\/]|$)/.test(path) ||
    /[\u0000-\u001f]/.test(path)
  ) {
    throw new ConfigurationError(`${JSON.stringify(path)} is not a path inside the repository`)
  }
  const entry = /^(\d+) (\w+) ([0-9a-f]+)$/.exec((await entryOf(git, sha, path, known)) ?? '')
  if (!entry) return null
  const [, mode, kind, object = ''] = entry
  if (mode === '120000')
    throw new ConfigurationError('is a symbolic link; relman reads regular files only', { file: path })
  if (kind !== 'blob')
    throw new ConfigurationError(`is a ${kind === 'commit' ? 'submodule' : 'folder'}, not a file`, {
      file: path,
    })
  const blob = await git(['cat-file', 'blob', object])
  if (blob.code !== 0) throw new ConfigurationError(`git cannot read ${path} at ${sha}: ${complaint(blob)}`)
  return blob.stdout
}
