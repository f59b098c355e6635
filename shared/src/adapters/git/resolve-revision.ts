import { ConfigurationError } from '../../config/configuration-error.ts'
import { complaint, type RunGit } from './run-git.ts'

export const fullSha = /^([0-9a-f]{40}|[0-9a-f]{64})$/
const plainName = /^[^\s~^:?*[\\\u0000-\u001f\u007f-]([^\s~^:?*[\\\u0000-\u001f\u007f]*)$/

/** The commit of a revision. A name that is both a tag and a branch of different commits is refused, never guessed. */
export const resolveRevision = async (git: RunGit, revision: string): Promise<string> => {
  if (revision === '' || revision.startsWith('-') || /[\u0000-\u001f\u007f]/.test(revision)) {
    throw new ConfigurationError(
      `${JSON.stringify(revision)} is not a commit, tag or branch: give a name or a full sha`,
    )
  }
  if (
    fullSha.test(revision) ||
    revision === 'HEAD' ||
    revision.startsWith('refs/') ||
    !plainName.test(revision)
  ) {
    return verify(git, revision, revision)
  }
  const refs = [`refs/tags/${revision}`, `refs/heads/${revision}`, `refs/remotes/origin/${revision}`]
  const listed = await git(['for-each-ref', '--format=%(refname)', ...refs])
  const present = refs.filter((ref) => listed.stdout.split('\n').includes(ref))
  if (present.length === 0) return verify(git, revision, revision)
  const shas = await Promise.all(present.map((ref) => verify(git, ref, revision)))
  if (present[0]?.startsWith('refs/tags/') && new Set(shas).size > 1) {
    throw new ConfigurationError(
      `"${revision}" is both a tag and a branch, at different commits: write refs/tags/${revision} or refs/heads/${revision}`,
    )
  }
  return shas[0] ?? verify(git, revision, revision)
}

const verify = async (git: RunGit, revision: string, asked: string): Promise<string> => {
  const answer = await git(['rev-parse', '--verify', `${revision}^{commit}`])
  const sha = answer.stdout.trim()
  if (answer.code === 0 && fullSha.test(sha)) return sha
  if (/ambiguous/.test(answer.stderr))
    throw new ConfigurationError(`"${asked}" is ambiguous: write the full sha or refs/…`)
  if (
    /bad object|expected commit type|Needed a single revision|unknown revision|not a valid object/i.test(
      answer.stderr,
    )
  ) {
    throw new ConfigurationError(
      `"${asked}" is no commit, tag or branch of this clone: fetch it, or check the spelling`,
    )
  }
  throw new ConfigurationError(`git cannot read "${asked}": ${complaint(answer)}`)
}
