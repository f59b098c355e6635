import type { Commit } from './commit.ts'
import type { Pull } from './pull.ts'

const noreply = /^(?:\d+\+)?([A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))(?:\[bot\])?@users\.noreply\.github\.com$/i
const coAuthor = /^co-authored-by:\s*[^<\n]*<([^>\n]{1,200})>\s*$/gim

/**
 * Logins of the people behind a change: who opened and who merged its pull request, and the authors and co-authors
 * whose address is GitHub's own (`<id>+<login>@users.noreply.github.com`). Other addresses name nobody on GitHub.
 */
export const peopleOf = (commits: readonly Commit[], pull: Pull | undefined): string[] => {
  const addresses = commits.flatMap((commit) => [
    commit.email,
    ...[...commit.message.slice(0, 200_000).matchAll(coAuthor)].map((match) => match[1] ?? ''),
  ])
  const logins = addresses
    .map((address) => noreply.exec(address.trim())?.[1])
    .filter((login) => login !== undefined)
  const known = [pull?.author, pull?.mergedBy, ...logins].filter(
    (login) => typeof login === 'string' && login !== '',
  )
  return [...new Set(known as string[])].sort()
}
