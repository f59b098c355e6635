import type { Plan } from '../plan/plan.ts'
import type { Makers } from '../signoff/maker.ts'
import { type Protection, unfillableRoles } from '../signoff/satisfiable.ts'
import type { Criterion } from './criterion.ts'

/** `found` holds the protection of each environment that exists, by name. */
export type EnvironmentCase = {
  signoffs: Plan['signoffs']
  found: ReadonlyMap<string, Protection | null>
  makers: Makers
  actors: readonly string[]
  url: (environment: string) => string
}

/**
 * Sign-off environments exist, are protected, and can be satisfied. GitHub creates a missing environment without any
 * protection the moment a job names it, so that this is asked before anybody is.
 */
export const environmentCriteria = ({
  signoffs,
  found,
  makers,
  actors,
  url,
}: EnvironmentCase): Criterion[] => {
  const seats = signoffs.map(({ role, environment }) => ({
    role,
    reviewers: found.get(environment)?.reviewers ?? [],
  }))
  const unfillable = new Set(
    unfillableRoles(
      seats.filter(({ reviewers }) => reviewers.length > 0),
      makers,
      actors,
    ),
  )
  return signoffs.map(({ role, environment }) => {
    const protection = found.get(environment) ?? null
    const about = {
      schema: 1 as const,
      id: `environment:${role}`,
      text: `environment ${environment} asks its reviewers for the sign-off of ${role}`,
      source: 'environment',
      operator: 'exists' as const,
      threshold: 'required reviewers',
      observed: protection ? protection.reviewers.join(', ') || 'no reviewers' : null,
      reason: '',
      evidence: protection ? url(environment) : '',
      remedy: '',
      owner: 'administrators of the repository',
    }
    if (!protection || protection.reviewers.length === 0) {
      return {
        ...about,
        state: 'fail' as const,
        reason: 'unprotected-environment',
        remedy: protection
          ? `add required reviewers to the environment ${environment} (private repositories need GitHub Enterprise for them)`
          : `create the environment ${environment} with required reviewers`,
      }
    }
    if (unfillable.has(role)) {
      return {
        ...about,
        state: 'fail' as const,
        reason: 'unsatisfiable-reviewers',
        remedy: `add a reviewer to ${environment} who neither started the run nor made a change of the release, and who fills no other role`,
      }
    }
    return { ...about, state: 'pass' as const }
  })
}
