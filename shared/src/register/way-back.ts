import type { Plan } from '../plan/plan.ts'
import { showSeconds } from '../text/show-seconds.ts'

/** The way back in half a sentence; by hand where relman neither moves traffic nor deploys. */
export const wayBack = ({ rollback, policy }: Pick<Plan, 'rollback' | 'policy'>): string => {
  if (rollback.previous === null) return 'no way back: there is no earlier version'
  if (!policy.traffic && !policy.deploy.command)
    return `back on ${rollback.previous} by hand: neither traffic nor a deployment is configured`
  return `back on ${rollback.previous} in at most ${showSeconds(rollback.seconds)}`
}
