import type { Environment, Hub, Review } from '../../github/hub.ts'
import { after, type Delays } from '../delays.ts'
import type { NewRunnerEvent } from '../events.ts'

export type Waiting = { runId: number; jobId: number; name: string; actor: string; environment: Environment }
export type Decision = { state: 'approved' } | { state: 'rejected' | 'expired'; by?: string }

export type Approvals = {
  /** Waits for the environment's reviewers and its wait timer. An abort ends the waiting as cancelled. */
  wait(waiting: Waiting, signal: AbortSignal): Promise<Decision | { state: 'cancelled' }>
}

/**
 * Deployment protection of environments (docs: deployments-and-environments). A review decides for the jobs of its run
 * that wait for the environment at that moment and for no later one (measured: I:liquibase/liquibase#7964).
 */
export function createApprovals(hub: Hub, delays: Delays, emit: (event: NewRunnerEvent) => void): Approvals {
  const open = new Map<Waiting, (review: Review) => void>()
  hub.on('review', (review) => {
    for (const [waiting, decide] of [...open]) {
      const { runId, actor, environment } = waiting
      if (review.runId !== runId || !review.environments.some((name) => same(name, environment.name)))
        continue
      // Who started the run cannot approve it where self-review is prevented (docs: deployments-and-environments).
      if (environment.preventSelfReview && review.user === actor) continue
      decide(review)
    }
  })
  const reviewed = (waiting: Waiting, signal: AbortSignal): Promise<Decision | { state: 'cancelled' }> =>
    new Promise((resolve) => {
      const { runId, jobId, name, environment } = waiting
      const finish = (decision: Decision | { state: 'cancelled' }) => {
        stopTimer()
        signal.removeEventListener('abort', cancel)
        open.delete(waiting)
        hub.withdrawReview(runId, jobId)
        resolve(decision)
      }
      const cancel = () => finish({ state: 'cancelled' })
      // An approval that does not come within 30 days fails the job (docs: limits).
      const stopTimer = after(delays.approvalMs, () => finish({ state: 'expired' }))
      open.set(waiting, (review) => {
        const of = {
          runId,
          jobId,
          name,
          environment: environment.name,
          by: review.user,
          comment: review.comment,
        }
        emit({ type: review.state === 'approved' ? 'job-approved' : 'job-rejected', ...of })
        finish(review.state === 'approved' ? { state: 'approved' } : { state: 'rejected', by: review.user })
      })
      if (signal.aborted) return cancel()
      signal.addEventListener('abort', cancel, { once: true })
      emit({ type: 'job-waiting', runId, jobId, name, reason: 'approval', of: environment.name })
      hub.requestReview(runId, jobId, environment.name)
    })
  return {
    wait: async (waiting, signal) => {
      const { runId, jobId, name, environment } = waiting
      const until = Date.now() + environment.waitTimerMinutes * delays.waitMinuteMs
      if (environment.reviewers.length > 0) {
        const decision = await reviewed(waiting, signal)
        if (decision.state !== 'approved') return decision
      }
      const left = until - Date.now()
      if (left <= 0) return { state: 'approved' }
      emit({ type: 'job-waiting', runId, jobId, name, reason: 'timer', of: environment.name })
      return new Promise((resolve) => {
        const cancel = () => {
          stop()
          resolve({ state: 'cancelled' })
        }
        const stop = after(left, () => {
          signal.removeEventListener('abort', cancel)
          resolve({ state: 'approved' })
        })
        if (signal.aborted) cancel()
        else signal.addEventListener('abort', cancel, { once: true })
      })
    },
  }
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
