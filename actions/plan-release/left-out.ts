import type { LeftOut } from '@relman/core/plan/left-out'
import type { GitHub } from '@relman/core/ports/github'
import type { Commit } from '@relman/core/scope/commit'
import { peopleOf } from '@relman/core/scope/people'
import { readMessage } from '@relman/core/scope/read-message'

/** More are not named one by one; the gate asks GitHub for their accounts, fifty a request. */
const mostCommits = 2_000

/**
 * Who is behind the commits that the input `from` leaves out: they ship, so whoever made them may not approve them (row G5).
 * What an ordinary address says of an account the gate asks GitHub, by the commits.
 */
export const leftOut = async (
  commits: readonly Commit[],
  github: Pick<GitHub, 'pulls'> | null,
): Promise<{ left: LeftOut | null; gaps: string[] }> => {
  if (commits.length === 0) return { left: null, gaps: [] }
  // Each by itself: what is left out need not be one history.
  const asked = commits.map((commit) => ({ commit, number: readMessage(commit.message).pull }))
  const numbers = [...new Set(asked.flatMap(({ number }) => number ?? []))]
  const pulls = github && numbers.length > 0 ? await github.pulls(numbers) : []
  const known = new Map(pulls.map((pull) => [pull.number, pull]))
  const people = asked.flatMap(({ commit, number }) => [
    commit.author.slice(0, 100),
    ...peopleOf([commit], number === null ? undefined : known.get(number)),
  ])
  const named = commits.slice(0, mostCommits).map(({ sha }) => sha)
  const more = commits.length - named.length
  const gaps =
    more > 0
      ? [`of ${more} of the commits that "from" leaves out only the authors that git names are known`]
      : []
  return { left: { commits: named, people: [...new Set(people)].sort() }, gaps }
}
