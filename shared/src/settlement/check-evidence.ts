import type { Plan } from '../plan/plan.ts'
import { restsOnProbes } from '../rollout/from-probes.ts'
import type { Visit } from '../rollout/rollout-state.ts'
import { checkProbes } from './check-probes.ts'
import type { Evidence } from './evidence.ts'

/**
 * What the provider says against what was reported: `against` are contradictions, `missing` what could not be shown,
 * `rests` what only the probes of the walk show, `untold` what they are claimed to show, and `unproven` what was let on
 * and is not proven by the second look either.
 */
export type EvidenceCheck = {
  against: string[]
  missing: string[]
  rests: string[]
  untold: string[]
  unproven: string[]
}

const blind = ['no-data', 'no-traffic', 'metric-vanished', 'metrics-down', 'bad-data']
/** Ten to one and more against: a walk that saw it proves no step and lets none go on. */
const signs = ['evidence-against', 'too-little-seen', 'one-instance']

/**
 * Holds the reported visits against the evidence judged again from the provider. A step reported healthy that the
 * provider shows unhealthy, or of which the provider knows nothing, is a contradiction; so are signs of harm of a step that
 * went on. A step that the coarser second look leaves open is none: the first looked at more moments.
 */
export const checkEvidence = (
  visits: readonly Visit[],
  evidence: Evidence | null,
  plan: Plan,
  about: { digest: string; deployment: number },
): EvidenceCheck => {
  const none = { against: [], missing: [], rests: [], untold: [], unproven: [] }
  if ((plan.policy.metrics?.checks ?? []).length === 0) return none
  if (evidence === null) return { ...none, missing: ['there is no evidence from the metrics provider'] }
  if (evidence.digest !== about.digest || evidence.deployment !== about.deployment) {
    return { ...none, against: ['the evidence is about another rollout'] }
  }
  if (evidence.down !== null)
    return { ...none, missing: [`the metrics provider did not answer: ${evidence.down}`] }
  const claimed = visits.filter((visit) => visit.verdict === 'healthy')
  const probed = restsOnProbes(plan.policy.metrics)
  const seen = claimed.map((visit) => ({
    visit,
    found: evidence.visits.findLast((each) => each.step === visit.step && each.weight === visit.weight),
  }))
  const against = seen.flatMap(({ visit, found }) => {
    const name = `step ${visit.step} (${visit.weight} %) was reported healthy`
    if (!found) return [`${name}, the provider shows no such step`]
    if (found.verdict === 'unhealthy') return [`${name}, the provider shows ${found.reason ?? 'harm'}`]
    if (found.verdict !== 'healthy' && signs.includes(found.reason ?? ''))
      return [`${name}, the provider shows ${found.reason}`]
    // Where nothing of users has to be proven, the provider is only heard against the release.
    return !probed && found.verdict !== 'healthy' && blind.includes(found.reason ?? '')
      ? [`${name}, the provider shows ${found.reason}`]
      : []
  })
  const unproven: string[] = []
  for (const { step, weight, reason } of visits) {
    if (reason !== 'promoted-unproven') continue
    const found = evidence.visits.findLast((each) => each.step === step && each.weight === weight)
    if (found?.verdict === 'healthy') continue
    const name = `step ${step} (${weight} %) went on unproven`
    if (signs.includes(found?.reason ?? '')) against.push(`${name}, the provider shows ${found?.reason}`)
    else unproven.push(name)
  }
  const harm = evidence.visits.filter(
    (each) => each.verdict === 'unhealthy' && !claimed.some((visit) => visit.step === each.step),
  )
  against.push(
    ...harm.map(
      ({ step, weight, reason }) => `step ${step} (${weight} %): the provider shows ${reason ?? 'harm'}`,
    ),
  )
  const { against: contradicted, rests, missing: untold } = checkProbes(claimed, evidence, plan)
  against.push(...contradicted)
  const open = !probed && seen.length > 0 && seen.every(({ found }) => found?.verdict === 'inconclusive')
  return {
    against:
      open && against.length === 0
        ? ['every step was reported healthy, the provider proves none of them']
        : against,
    missing: [],
    rests,
    untold,
    unproven,
  }
}
