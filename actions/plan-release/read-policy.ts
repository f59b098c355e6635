import { type Config, config } from '@relman/core/config/config'
import { ConfigurationError } from '@relman/core/config/configuration-error'
import type { Plan } from '@relman/core/plan/plan'
import type { Git } from '@relman/core/ports/git'
import type { GitHub } from '@relman/core/ports/github'
import {
  type CodeOwners,
  codeOwnersLimit,
  codeOwnersPlaces,
  readCodeOwners,
} from '@relman/core/scope/code-owners'

export type Policy = { policy: Config; source: Plan['policySource']; gaps: string[] }

type Ask = { path: string; ref: string; git: Git; github: GitHub | null; sha256: (text: string) => string }

/**
 * The configuration of the protected branch, from GitHub when there is a token, else from the clone. It is never read
 * from the change under judgement. Where there is none, the defaults hold and the plan says so.
 */
export const readPolicy = async ({ path, ref, git, github, sha256 }: Ask): Promise<Policy> => {
  if (path.startsWith('/') || /(^|[\\/])\.\.([\\/]|$)/.test(path)) {
    throw new ConfigurationError(`input "config": ${path} is not a path inside the repository`)
  }
  const { text, branch } = github ? await fromGitHub(github, path, ref) : await fromGit(git, path, ref)
  if (branch === null) {
    const gap = `the policy was not read: no default branch is known here, so the defaults hold; give policy-ref or github-token`
    return { policy: config.parse({}), source: null, gaps: [gap] }
  }
  if (text === null) {
    return {
      policy: config.parse({}),
      source: null,
      gaps: [`there is no ${path} on ${branch}: the defaults hold`],
    }
  }
  const { readConfig } = await import('@relman/core/config/read-config')
  return { policy: readConfig(text, path), source: { path, sha: sha256(text) }, gaps: [] }
}

/**
 * Who owns which files, by the CODEOWNERS of the protected branch as this clone has it, else of the commit itself.
 * Without one nobody does.
 */
export const readOwners = async (
  git: Git,
  ref: string,
  sha: string,
): Promise<{ owners: CodeOwners | undefined; gaps: string[] }> => {
  const branch = branchOf(await git.branches(), ref)
  const at = branch === undefined ? sha : await git.resolve(branch)
  for (const place of codeOwnersPlaces) {
    const text = await git.file(at, place).catch(() => null)
    if (text === null) continue
    if (text.length >= codeOwnersLimit)
      return {
        owners: undefined,
        gaps: [`${place} has 3 MB or more: GitHub does not read it, and neither does relman`],
      }
    const owners = readCodeOwners(text)
    const lines = owners.skipped
    const gap = `${place} has lines that are not valid, which GitHub skips: ${lines.slice(0, 10).join(', ')}${lines.length > 10 ? ' and more' : ''}`
    return { owners, gaps: lines.length === 0 ? [] : [gap] }
  }
  return { owners: undefined, gaps: [] }
}

/** Reads other files of the branch that policy comes from, for example the calendars that it names. */
export const policyFiles =
  ({ ref, git, github }: Pick<Ask, 'ref' | 'git' | 'github'>) =>
  async (path: string): Promise<string | null> => {
    if (github) return github.file(path, ref || undefined)
    const branch = branchOf(await git.branches(), ref) ?? ref
    return branch === '' ? null : git.file(await git.resolve(branch), path)
  }

type Found = { text: string | null; branch: string | null }

/** Without a branch GitHub reads its default one: its name would cost a request of its own. */
const fromGitHub = async (github: GitHub, path: string, ref: string): Promise<Found> => ({
  text: await github.file(path, ref || undefined),
  branch: ref || 'the default branch',
})

const fromGit = async (git: Git, path: string, ref: string): Promise<Found> => {
  const branch = branchOf(await git.branches(), ref) ?? (ref || null)
  if (branch === null) return { text: null, branch }
  const sha = await git.resolve(branch)
  return { text: await git.file(sha, path), branch: branch.replace(/^refs\/(heads|remotes)\//, '') }
}

const usual = (folder: string): string[] => [`${folder}/main`, `${folder}/master`]

const branchOf = (known: readonly string[], ref: string): string | undefined => {
  const names = ref
    ? [`refs/remotes/origin/${ref}`, `refs/heads/${ref}`]
    : ['refs/remotes/origin/HEAD', ...usual('refs/remotes/origin'), ...usual('refs/heads')]
  return names.find((name) => known.includes(name))
}
