import type { Config } from '../config/config.ts'

type Policy = Pick<Config, 'metrics' | 'traffic' | 'rollout' | 'mode'>

/** Whether anything is compared at all. */
export const hasChecks = ({ metrics }: Pick<Config, 'metrics'>): boolean => (metrics?.checks ?? []).length > 0

/**
 * Why a rollout under this policy cannot end well, however good the release is: one sentence, or null. Said with the plan
 * and refused before anybody is asked, because the rollout would find it out last.
 */
export const unprovable = (policy: Policy): string | null => {
  if (policy.mode !== 'enforce') return null
  if (!policy.traffic)
    return 'nothing moves traffic (traffic), so the rollout would stop before its first step: configure a driver, or set mode: observe to plan only'
  if (!hasChecks(policy) && policy.rollout.inconclusive === 'return')
    return 'traffic is moved but nothing is measured (metrics.checks), so the first step would go back unproven: add a check, or set rollout.inconclusive to ask or promote-unproven'
  return null
}
