import type { Ended } from '@relman/core/caution/lessons'
import { ConfigurationError } from '@relman/core/config/configuration-error'
import type { Git, Missing } from '@relman/core/ports/git'
import { readMessage } from '@relman/core/scope/read-message'
import { isVersionFile } from '@relman/core/version/is-version-file'
import { isReleaseCommit } from '@relman/core/version/release-commit'

const live = ['deployed', 'completed']

/**
 * Hotfixes and security releases of the record whose fix is not in this commit (row P12): the next release would undo
 * it. Compared by patch, since a cherry-picked commit has another SHA, and by what a pick or a rebase keeps where
 * conflicts changed the patch, or all of it as one commit, as a squashed pull request brings it; what was undone again is not
 * there. What a release itself commits does not count, by its title and the files that it changes. Said until it is there; of a
 * release in `closed`, which is under embargo, without its commits. `prefixes`: what release tags begin with.
 */
export const missingHotfixes = async (
  git: Pick<Git, 'notIn' | 'squashed' | 'sizes'>,
  past: readonly Ended[],
  sha: string,
  closed: ReadonlySet<string> = new Set(),
  prefixes: readonly string[] = [],
): Promise<string[]> => {
  const said: string[] = []
  for (const { version, type, state, sha: fixed } of past) {
    if ((type !== 'hotfix' && type !== 'security') || !live.includes(state ?? '') || fixed === null) continue
    try {
      const missing = await git.notIn(sha, fixed)
      const changes = await withoutReleases(git, missing, prefixes)
      if (changes.length === 0) continue
      const { missingFromMain } = await import('@relman/core/schedule/hotfix-or-wait')
      const alone = changes.filter(({ copy }) => copy === null).map((commit) => commit.sha)
      if (alone.length > 0 && (await git.squashed(sha, alone)) !== null) continue
      const copied = new Set(changes.filter(({ copy }) => copy !== null).map((commit) => commit.sha))
      const commits = changes.map((commit) => commit.sha)
      said.push(
        ...missingFromMain([{ version, commits }], (commit) => copied.has(commit)).map(({ text, missing }) =>
          closed.has(version)
            ? text.replace(` (${missing.map((each) => each.slice(0, 10)).join(', ')})`, '')
            : text,
        ),
      )
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error
      said.push(
        `hotfix ${version}: whether its fix is here could not be checked, because this clone lacks commit ${fixed.slice(0, 12)}`,
      )
    }
  }
  return said
}

/** A title alone may hide a fix: `Release 1.0.2` of a squashed branch. Where its files cannot be told it counts. */
const withoutReleases = async (
  git: Pick<Git, 'sizes'>,
  missing: readonly Missing[],
  prefixes: readonly string[],
): Promise<Missing[]> => {
  const titled = missing.filter(({ message }) => isReleaseCommit(readMessage(message), prefixes))
  const sizes = await git.sizes(titled.map(({ sha }) => sha))
  const only = titled.filter(({ sha }) => sizes?.get(sha)?.every(({ path }) => isVersionFile(path)) ?? false)
  return missing.filter((commit) => !only.includes(commit))
}
