import type { Commit, Git } from '@relman/core/ports/git'
import { readMessage } from '@relman/core/scope/read-message'

/** What `readMessage` reads a sha after: most messages need no reading for this. */
const names = /\b(?:reverts|undoes) commit/i

/** More are not asked for; a revert of one of them is then matched by its subject. */
const most = 50

/**
 * The shas that reverts of a range name although they lie before it: what was shipped and is undone now. A sha that this
 * clone does not know (of a branch that was rebased since) is none of them.
 */
export const shippedReverts = async (
  commits: readonly Commit[],
  git: Git,
  sha: string,
): Promise<Set<string>> => {
  const named = commits.flatMap(({ message }) =>
    names.test(message) ? (readMessage(message).reverts?.shas ?? []) : [],
  )
  const outside = named.filter((each) => !commits.some((commit) => commit.sha.startsWith(each)))
  const shipped = new Set<string>()
  for (const each of [...new Set(outside)].slice(0, most)) {
    const behind = await git.isAncestor(each, sha).catch(() => false)
    if (behind) shipped.add(each)
  }
  return shipped
}
