import { ConfigurationError } from '../config/configuration-error.ts'
import type { Plan } from '../plan/plan.ts'
import type { Promoted } from './promoted.ts'
import { promotion } from './promotion.ts'

/** Where an artifact may go now: an environment, or none with the reason why there is nothing to do or it may not. */
export type Next =
  | { kind: 'environment'; environment: string; before: string[] }
  | { kind: 'nothing'; reasonCode: string; message: string }
  | { kind: 'refused'; reasonCode: string; message: string }

/** What is known to be the very same there: the digest, or the commit where no artifact is configured at all. */
export const isThere = ({ state }: Promoted, plan: Pick<Plan, 'artifact'>): boolean =>
  state === 'same' || (state === 'commit' && plan.artifact === null)

/**
 * Row P24: the environment that comes next, or the one that is asked for. `before` are those that it must have been in; whether
 * it was is the gate's to say. The last environment is never promoted to: that is the rollout's, with its own gate.
 *
 * @throws ConfigurationError where no order is configured, or the environment is not in it
 */
export const nextEnvironment = (plan: Plan, asked: string, found: readonly Promoted[]): Next => {
  const order = promotion(plan).environments
  const last = order.at(-1) ?? ''
  const before = order.slice(0, -1)
  if (before.length === 0)
    throw new ConfigurationError(
      `promotion.environments: names no environment before ${last}, so there is nothing to promote through; write them in order, for example [alpha, staging, ${last}], and plan again`,
    )
  if (asked === last)
    return {
      kind: 'refused',
      reasonCode: 'environment-is-released',
      message: `${last} is the last environment, which nothing is promoted to: release.yml exposes it there step by step, behind its gate`,
    }
  if (asked !== '' && !before.includes(asked))
    throw new ConfigurationError(
      `input "environment": ${JSON.stringify(asked.slice(0, 100))} is not one of promotion.environments of this plan (${order.join(', ')})`,
    )
  const { artifact } = plan
  if (artifact !== null && artifact.digest === null)
    return {
      kind: 'refused',
      reasonCode: 'artifact-digest-unknown',
      message: `the digest of ${artifact.name} is not known, so nobody could tell that the same artifact is promoted: build and push it, then plan again; or, where it only is a name, leave artifact out, and the commit is what must be the same`,
    }
  const there = (name: string) => found.some((one) => one.environment === name && isThere(one, plan))
  const environment = asked === '' ? before.find((name) => !there(name)) : asked
  if (environment === undefined)
    return {
      kind: 'nothing',
      reasonCode: 'all-promoted',
      message: `${plan.version} has been in ${before.join(', ')}; release.yml brings it to ${last}`,
    }
  const must = before.slice(0, before.indexOf(environment))
  if (there(environment) && must.every(there))
    return {
      kind: 'nothing',
      reasonCode: 'already-promoted',
      message: `${plan.version} is promoted to ${environment} already; nothing was changed`,
    }
  return { kind: 'environment', environment, before: must }
}
