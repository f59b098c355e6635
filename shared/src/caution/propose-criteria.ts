import { z } from 'zod'
import type { Config } from '../config/config.ts'
import { cut } from '../text/visible.ts'
import { type Ended, exposedOf, wasTakenBack } from './lessons.ts'

/** A criterion that past releases ask for and the policy does not have. */
export const proposedCriterion = z.object({
  id: z.string(),
  text: z.string(),
  from: z.string().describe('The release that taught it'),
  why: z.string(),
  unseen: z
    .boolean()
    .default(false)
    .describe('Nothing measured would notice it now: it holds the release until it is answered'),
})
export type ProposedCriterion = z.output<typeof proposedCriterion>

type Subject = 'errors' | 'latency' | 'business' | 'dependency' | 'saturation' | 'health'

/** What a reason of a rollback is about, and a criterion against it as one would write it first. */
const harms: Readonly<Record<string, { about: Subject; write: string }>> = {
  'error-rate-above-margin': {
    about: 'errors',
    write: 'error-rate < baseline + 0.1 % (a check of kind ratio)',
  },
  'latency-above-margin': { about: 'latency', write: 'p99 < 1.2 × baseline (a check of kind latency)' },
  'business-decline': { about: 'business', write: 'orders > 0.95 × baseline (a check of kind rate)' },
  'dependency-failures': {
    about: 'dependency',
    write: 'dependency-failures < baseline + 0.1 % (a check of kind ratio, about: dependency)',
  },
  'value-worse': { about: 'saturation', write: 'memory < 1.2 × baseline (a check of kind value)' },
  'health-checks-failing': { about: 'health', write: 'health endpoints of the new version (metrics.health)' },
}

const usual = { ratio: 'errors', rate: 'business', latency: 'latency', value: 'saturation' } as const

/**
 * Row L6: what took past releases back and would not be noticed, or need not be proven, under the policy of this one: the kind of
 * harm has no check any more, its checks are not required, or a person saw what no check saw. `past` newest first.
 */
export const proposeCriteria = (past: readonly Ended[], metrics: Config['metrics']): ProposedCriterion[] => {
  const found = new Map<string, ProposedCriterion>()
  for (const ended of exposedOf(past).filter(wasTakenBack)) {
    const proposal = learn(ended, metrics)
    if (proposal && !found.has(proposal.id)) found.set(proposal.id, proposal)
  }
  return [...found.values()]
}

const learn = (ended: Ended, metrics: Config['metrics']): ProposedCriterion | null => {
  const { version, reason, why = '' } = ended
  if (reason === 'manual' && why !== '') {
    const seen = cut(why, 200)
    return {
      id: `seen-by-people-${version}`,
      text: `a check of what a person saw and no check did: ${seen}`,
      from: version,
      why: 'a person took it back',
      unseen: true,
    }
  }
  const harm = Object.hasOwn(harms, reason) ? harms[reason] : undefined
  if (!harm) return null
  const { about, write } = harm
  const base = { id: `proposed-${about}`, from: version }
  if (about === 'health') {
    return (metrics?.health ?? []).length > 0
      ? null
      : {
          ...base,
          text: write,
          why: `it was taken back for ${reason}, and no health endpoint is asked`,
          unseen: true,
        }
  }
  const checks = (metrics?.checks ?? []).filter((check) => (check.about ?? usual[check.kind]) === about)
  if (checks.length === 0)
    return {
      ...base,
      text: write,
      why: `it was taken back for ${reason}, and no check is about ${about}`,
      unseen: true,
    }
  if (checks.some(({ required }) => required)) return null
  return {
    ...base,
    text: `${checks.map(({ name }) => name).join(', ')} proven before a step is over (required: true)`,
    why: `it was taken back for ${reason}, and no check about ${about} must be proven`,
    unseen: false,
  }
}
