import type { Criterion } from '@relman/core/gate/criterion'
import { promotionCriteria } from '@relman/core/gate/promotion-criteria'
import { GitHubError } from '@relman/core/ports/github-error'
import { environmentsBefore, type Promoted, promoted } from '@relman/core/promotion/promoted'
import type { GateCase } from './gate-case.ts'

/** Row P24, asked when everything before the last environment is over: the deployments of the plan's commit. */
export const promotionEvidence = async ({ plan, ports }: GateCase): Promise<Criterion[]> => {
  const digest = plan.artifact?.digest ?? null
  const found: Promoted[] = []
  for (const environment of environmentsBefore(plan)) {
    try {
      found.push(promoted(environment, digest, await ports.github.deployments.of(environment, plan.sha)))
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error
      found.push({ environment, digest: null, state: 'unread', why: error.message })
    }
  }
  return promotionCriteria(found, digest)
}
