import type { Plan } from './plan.ts'

/** What a start by hand (input `from`) leaves out of the changes of a release and ships all the same. */
export type LeftOut = { commits: readonly string[]; people: readonly string[] }

/** Nobody who is behind such a commit may approve either: they stand with the people of the changes that are not listed. */
export const withLeft = (unlisted: Plan['unlisted'], left: LeftOut | null): Plan['unlisted'] =>
  left === null || left.commits.length === 0
    ? unlisted
    : {
        ...unlisted,
        people: [...new Set([...unlisted.people, ...left.people])].sort(),
        commits: [...left.commits],
      }
