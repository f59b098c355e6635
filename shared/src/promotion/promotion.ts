import { ConfigurationError } from '../config/configuration-error.ts'
import type { Plan } from '../plan/plan.ts'

/** The way of one artifact to production; every environment gets the very same digest. */
export type Promotion = {
  environments: string[]
  artifact: string | null
  digest: string | null
  /** How many versions before the live one stay deployable, and how long the previous one is kept ready (seconds). */
  keep: number
  window: number
}

/**
 * Rows P24, P25: the order of environments, ending in that of the rollout, and what stays deployable.
 *
 * @throws ConfigurationError where an environment stands twice, the rollout's is not the last, or one is confirmed that nothing
 *   is promoted to
 */
export const promotion = ({ policy, environment, artifact }: Plan): Promotion => {
  const { environments, keep, confirm } = policy.promotion
  const twice = environments.find((name, index) => environments.indexOf(name) !== index)
  if (twice !== undefined)
    throw new ConfigurationError(
      `promotion.environments: ${twice} stands twice; nothing is promoted in a circle`,
    )
  if (environments.length > 0 && environments.at(-1) !== environment)
    throw new ConfigurationError(
      `promotion.environments: ends in ${environments.at(-1)}, but the rollout ends in ${environment} (rollout.environment); put that last`,
    )
  const stranger = Object.keys(confirm).find((name) => !environments.slice(0, -1).includes(name))
  if (stranger !== undefined)
    throw new ConfigurationError(
      `promotion.confirm: ${stranger} is not one of promotion.environments before the last (${environments.slice(0, -1).join(', ') || 'there are none'})`,
    )
  return {
    environments: environments.length > 0 ? [...environments] : [environment],
    artifact: artifact?.name ?? null,
    digest: artifact?.digest ?? null,
    keep,
    window: policy.rollback.window,
  }
}
