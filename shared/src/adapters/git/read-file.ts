import { ConfigurationError } from '../../config/configuration-error.ts'
import { complaint, type RunGit } from './run-git.ts'

/** A regular file of a commit; null when absent. Links and submodules are refused: they point at something unjudged. */
export const readFileAt = async (git: RunGit, sha: string, path: string): Promise<string | null> => {
  if (
    path === '' ||
    path.startsWith('/') ||
    /(^|[\\/])\.\.([\\/]|$)/.test(path) ||
    /[\u0000-\u001f]/.test(path)
  ) {
    throw new ConfigurationError(`${JSON.stringify(path)} is not a path inside the repository`)
  }
  const listed = await git(['ls-tree', '-z', sha, '--', path])
  if (listed.code !== 0)
    throw new ConfigurationError(`git cannot list ${path} at ${sha}: ${complaint(listed)}`)
  const entry = /^(\d+) (\w+) ([0-9a-f]+)\t/.exec(listed.stdout)
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
