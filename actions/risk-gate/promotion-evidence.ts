import type { Criterion } from '@relman/core/gate/criterion'
import { promotionCriteria } from '@relman/core/gate/promotion-criteria'
import { GitHubError } from '@relman/core/ports/github-error'
import {
  concerns,
  type Deployed,
  environmentsBefore,
  type Promoted,
  promotedInOrder,
} from '@relman/core/promotion/promoted'
import type { GateCase } from './gate-case.ts'

/** Row P24, asked when everything before the last environment is over: the deployments of the plan's commit. */
export const promotionEvidence = async (known: GateCase): Promise<Criterion[]> => {
  const { plan } = known
  const told = plan.policy.artifacts.require.includes('promotion')
  return promotionCriteria(await readPromotions(known), plan.artifact?.digest ?? null, told)
}

/** What is known of each environment before the last: by GitHub's deployments, and by what promotions wrote into the record. */
export const readPromotions = async ({ plan, ports, events }: GateCase): Promise<Promoted[]> => {
  const digest = plan.artifact?.digest ?? null
  const found: { environment: string; deployments: Deployed[] | string }[] = []
  for (const environment of environmentsBefore(plan)) {
    const recorded: Deployed[] = events
      .filter(
        ({ kind, data }) =>
          kind === 'promoted' && data['environment'] === environment && data['sha'] === plan.sha,
      )
      .map(({ data, at }) => ({ payload: data, succeededAt: at }))
    try {
      const deployed = await ports.github.deployments.of(environment, plan.sha, concerns(plan.service))
      found.push({ environment, deployments: [...deployed, ...recorded] })
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error
      found.push({ environment, deployments: recorded.length > 0 ? recorded : error.message })
    }
  }
  return promotedInOrder(digest, found)
}
