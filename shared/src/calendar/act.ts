import type { Plan } from '../plan/plan.ts'
import type { RecordEvent, ReleaseState } from '../record/event.ts'

/** What the calendar can start of a release, each a workflow run of its own. */
export type Act = 'plan' | 'release' | 'review'

/** A release with its plan in force. Times: ISO 8601. */
export type Dated = {
  plan: Plan
  digest: string
  state: ReleaseState
  events: readonly RecordEvent[]
}

/**
 * An act that is due. `subject` is the date that it is for: with release and act it names one start, so that a plan that is
 * drawn again starts nothing twice, and a window that was moved counts anew.
 */
export type Due = { act: Act; subject: string; what: string; who: string }

export const waiting: readonly ReleaseState[] = ['planning', 'approved', 'rejected']
export const underWay: readonly ReleaseState[] = ['executing', 'deployment-failed', 'rollback-failed']
export const live: readonly ReleaseState[] = ['deployed', 'completed']

/** Of these the run that plans goes right on, and people are with it: no calendar starts them. */
export const isEmergency = ({ type }: Pick<Plan, 'type'>): boolean => type === 'hotfix' || type === 'security'

export const instant = (at: string): string => `${at.slice(0, 16).replace('T', ' ')} UTC`

/** Who does a task of the timeline. */
export const ownerOf = ({ plan }: Pick<Dated, 'plan'>, task: string): string =>
  plan.schedule?.tasks.find(({ id }) => id === task)?.owner ?? 'release-owner'
