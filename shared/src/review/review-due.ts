import type { Plan } from '../plan/plan.ts'
import type { RecordEvent } from '../record/event.ts'
import { fold } from '../record/fold.ts'
import { isReviewed } from './review.ts'

const week = 7 * 86_400_000

/** The moment that the timeline of the plan has for its review; null where it has none. */
export const plannedReview = ({ schedule }: Pick<Plan, 'schedule'>): string | null =>
  schedule?.milestones.find(({ id }) => id === 'review')?.at ?? null

/** When a release had all traffic, or had none of it any more; null while it is under way. ISO 8601. */
export const endedAt = (events: readonly RecordEvent[]): string | null => {
  const { state } = fold(events)
  if (!isReviewed(state)) return null
  const kind = state === 'completed' ? 'deployed' : state
  return events.findLast((event) => event.kind === kind)?.at ?? events.at(-1)?.at ?? null
}

/**
 * When the review of a release that ended is due (row P9): the day of its timeline, which moves with a rollout that came after its
 * window; a week after its end without a timeline. Null while it is under way.
 */
export const reviewDue = (
  plan: Pick<Plan, 'schedule'>,
  events: readonly RecordEvent[],
): { at: string; planned: boolean } | null => {
  const ended = endedAt(events)
  if (ended === null) return null
  const planned = plannedReview(plan)
  const window = plan.schedule?.window
  const moment = planned === null ? Number.NaN : Date.parse(planned)
  if (planned === null || !Number.isFinite(moment))
    return { at: new Date(Date.parse(ended) + week).toISOString(), planned: false }
  if (!window || Date.parse(ended) <= Date.parse(window.end)) return { at: planned, planned: true }
  const after = Math.max(0, moment - Date.parse(window.start))
  return { at: new Date(Date.parse(ended) + after).toISOString(), planned: true }
}
