import type { Plan } from '../plan/plan.ts'
import { restsOnProbes } from '../rollout/from-probes.ts'
import type { Visit } from '../rollout/rollout-state.ts'
import type { Evidence } from './evidence.ts'

/** `rests`: what only probes prove, said of a promotion; `missing`: what was claimed of probes and not handed on. */
export type ProbesCheck = { against: string[]; rests: string[]; missing: string[] }

/**
 * Holds the visits that were reported healthy against what the walk says its probes came to, judged again. It is the walk's
 * word in both: a contradiction is one, agreement is no proof. Where users' requests prove the steps as well, only
 * contradictions matter; where they do not, the promotion rests on probes and the record has to say so.
 */
export const checkProbes = (
  claimed: readonly Visit[],
  { probes }: Pick<Evidence, 'probes'>,
  plan: Plan,
): ProbesCheck => {
  const seen = claimed.map((visit) => ({
    name: `step ${visit.step} (${visit.weight} %)`,
    found: probes?.visits.findLast((each) => each.step === visit.step && each.weight === visit.weight),
  }))
  const against = seen.flatMap(({ name, found }) =>
    found?.verdict === 'unhealthy'
      ? [`${name} was reported healthy, the probes of the walk show ${found.reason ?? 'harm'}`]
      : [],
  )
  if (!restsOnProbes(plan.policy.metrics)) return { against, rests: [], missing: [] }
  const told = seen.filter(({ found }) => found)
  if (told.length > 0 && told.every(({ found }) => found?.verdict === 'inconclusive'))
    against.push('every step was reported healthy, the probes of the walk prove none of them')
  return {
    against,
    rests: told.map(({ name }) => `${name} is proven by probes alone, as the walk reported them`),
    missing: seen.flatMap(({ name, found }) =>
      found ? [] : [`${name} was reported healthy on probes, and their counts were not handed on`],
    ),
  }
}
