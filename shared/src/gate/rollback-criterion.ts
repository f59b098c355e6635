import type { Plan } from '../plan/plan.ts'
import type { Service } from '../record/service.ts'
import { isNewer } from '../version/is-newer.ts'
import type { Criterion } from './criterion.ts'

/**
 * No release without a way back: its steps are written down and what it returns to is known. The first release of a
 * service has nothing to return to, which is said, not hidden. What is live by the record counts more than the plan.
 */
export const rollbackCriterion = (plan: Plan, service: Service): Criterion => {
  const { previous, steps, executor } = plan.rollback
  const about = {
    schema: 1 as const,
    id: 'rollback-plan',
    text: 'a rollback plan is documented and what it returns to is known',
    source: 'plan',
    operator: 'exists' as const,
    threshold: 'previous version',
    reason: '',
    evidence: '',
    remedy: '',
    owner: executor,
  }
  const live = service.live
  if (live && targetChanged(plan, service)) {
    return {
      ...about,
      observed: previous,
      state: 'fail',
      reason: 'rollback-target-changed',
      remedy: `plan again: ${live.version} is live, but the plan returns to ${plan.previous?.version ?? 'nothing'}`,
    }
  }
  if (steps.length === 0) {
    return {
      ...about,
      observed: null,
      state: 'missing',
      reason: 'rollback-plan-missing',
      remedy: 'plan again with rollback steps',
    }
  }
  if (previous) return { ...about, observed: previous, state: 'pass' }
  if (!plan.previous) {
    return {
      ...about,
      observed: 'nothing to return to: first release',
      state: 'excepted',
      reason: 'first-release',
      remedy: 'be ready to take the service away again',
    }
  }
  return {
    ...about,
    observed: null,
    state: 'missing',
    reason: 'rollback-target-unknown',
    remedy: `name the artifact of ${plan.previous.version}, so that it can be deployed again`,
  }
}

/** True when something newer than what the plan returns to went live since. A release made elsewhere is not in the record. */
export const targetChanged = ({ previous }: Plan, { live }: Service): boolean =>
  live !== null && (!previous || isNewer(live.version, previous.version))
