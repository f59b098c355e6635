import type { Plan } from '../plan/plan.ts'
import { unfinished } from '../promotion/unfinished.ts'
import type { RecordEvent, RunRef } from '../record/event.ts'
import { fold } from '../record/fold.ts'
import type { Service } from '../record/service.ts'
import { overtaken, type Refusal } from './overtaken.ts'

/**
 * Row P24, asked right before a deployment, which may begin days after its gate (reviewers) or once more (a job that is run
 * again): why the promotion that this run and attempt opened no longer holds; null where it does.
 */
export const promotionVoid = (
  { plan, digest, environment }: { plan: Plan; digest: string; environment: string },
  run: Pick<RunRef, 'id' | 'attempt'>,
  events: readonly RecordEvent[],
  service: Service,
): Refusal | null => {
  const release = fold(events)
  const late = overtaken(plan, digest, release, service)
  if (late) return late
  if (release.state === 'executing')
    return { reasonCode: 'superseded', message: `the rollout of ${plan.version} has begun already` }
  const open = unfinished(events, environment)
  if (open?.run?.id === run.id && open.run.attempt === run.attempt) return null
  const instead = open?.run
    ? `run ${open.run.id}, attempt ${open.run.attempt}, promotes it there since ${open.at}`
    : 'none is open'
  return {
    reasonCode: 'promotion-not-open',
    message: `no promotion of ${plan.version} to ${environment} by run ${run.id}, attempt ${run.attempt}, is open: ${instead}; start promote.yml anew, or run all of its jobs again`,
  }
}
