import { samePerson } from './judge-signoff.ts'
import { isMaker, type Makers } from './maker.ts'

/** An environment's protection, as far as sign-offs need it. Reviewers that are teams begin with `team/`. */
export type Protection = { name: string; reviewers: readonly string[]; preventSelfReview: boolean }

type Seat = { role: string; reviewers: readonly string[] }

/**
 * The roles that nobody could fill, whatever people do: every reviewer started the run, made a change of the release,
 * or is needed for another role. Members of teams are not known, so a team can always fill a role.
 */
export const unfillableRoles = (
  seats: readonly Seat[],
  makers: Makers,
  actors: readonly string[],
): string[] => {
  const open = seats.filter(({ reviewers }) => !reviewers.some((reviewer) => reviewer.startsWith('team/')))
  const fit = (reviewer: string) =>
    !isMaker(reviewer, makers) && !actors.some((actor) => samePerson(actor, reviewer))
  const candidates = open.map(({ role, reviewers }) => ({
    role,
    people: reviewers.filter(fit).map((reviewer) => reviewer.toLowerCase()),
  }))
  // Kuhn's algorithm: each role in turn takes a person, who may be freed by moving another role on.
  const taken = new Map<string, number>()
  const place = (index: number, tried: Set<string>): boolean =>
    (candidates[index]?.people ?? []).some((person) => {
      if (tried.has(person)) return false
      tried.add(person)
      const holder = taken.get(person)
      if (holder !== undefined && !place(holder, tried)) return false
      taken.set(person, index)
      return true
    })
  return candidates.flatMap(({ role }, index) => (place(index, new Set()) ? [] : [role]))
}
