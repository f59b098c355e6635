import type { Config } from '../config/config.ts'

type Policy = Pick<Config, 'metrics' | 'traffic' | 'rollout' | 'mode'>

export type Unprovable = { code: 'no-traffic-driver' | 'nothing-measured'; text: string; remedy: string }

/** Whether anything is compared at all. */
export const hasChecks = ({ metrics }: Pick<Config, 'metrics'>): boolean => (metrics?.checks ?? []).length > 0

/**
 * Why a rollout under this policy cannot end well, however good the release is; null where it can. Said with the plan and
 * refused before anybody is asked, because the rollout would find it out last.
 */
export const unprovable = (policy: Policy): Unprovable | null => {
  if (policy.mode !== 'enforce') return null
  if (!policy.traffic)
    return {
      code: 'no-traffic-driver',
      text: 'nothing moves traffic, so the rollout would stop before its first step',
      remedy: 'configure a driver (traffic), or set mode: observe to plan only',
    }
  if (!hasChecks(policy) && policy.rollout.inconclusive === 'return')
    return {
      code: 'nothing-measured',
      text: 'traffic is moved but nothing is measured, so the first step would go back unproven',
      remedy: 'add a check (metrics.checks), or set rollout.inconclusive to ask or promote-unproven',
    }
  return null
}
