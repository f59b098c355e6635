import type { Plan } from '../plan/plan.ts'
import type { RecordEvent, ReleaseState } from '../record/event.ts'
import { fold } from '../record/fold.ts'
import { type Reviewed, reviewOf } from '../review/review.ts'
import { plannedReview, reviewDue } from '../review/review-due.ts'
import { type ChangeRequest, changeRequest, requestChange } from './change-request.ts'

type Closure = NonNullable<ChangeRequest['closure']>
type Ended = Omit<NonNullable<ChangeRequest['outcome']>, 'reviewDue'>

const results: Partial<Record<ReleaseState, Closure['result']>> = {
  completed: 'successful',
  'rolled-back': 'backed-out',
  'rollback-failed': 'failed',
  'execution-failed': 'not-implemented',
  rejected: 'not-implemented',
}

/**
 * The change request of a release that ended, with how it ended (row P19); null while it is open: a release that is live has not
 * ended before its completion. Where the timeline of the plan has a review, and somebody was exposed, only the review closes
 * it: until then `outcome` says how it ended. Everything comes from the record, whose newest event `record` names.
 */
export const closeRequest = (
  plan: Plan,
  digest: string,
  events: readonly RecordEvent[],
  { by, at }: { by: string; at: string },
): ChangeRequest | null => {
  const reviewed = reviewOf(events)
  // What came after the review is no part of it.
  const told = reviewed?.events ?? events
  const outcome = outcomeOf(plan, digest, told)
  if (!outcome) return null
  const request = requestChange(plan, digest)
  const due = plannedReview(plan) === null ? null : reviewDue(plan, told)
  if (!reviewed && due) return changeRequest.parse({ ...request, outcome: { ...outcome, reviewDue: due.at } })
  const closed = reviewed
    ? { closedBy: reviewed.event.actor, closedAt: reviewed.event.at }
    : { closedBy: by, closedAt: at }
  const closure: Closure = { state: 'closed', ...outcome, review: reviewed && found(reviewed), ...closed }
  return changeRequest.parse({ ...request, closure })
}

const outcomeOf = (plan: Plan, digest: string, events: readonly RecordEvent[]): Ended | null => {
  const release = fold(events)
  const { state, ending } = release
  const result = state === null ? undefined : results[state]
  const last = events.at(-1)
  if (!result || !state || !last || release.digest !== digest) return null
  const start = events.findLast(({ kind }) => kind === 'started')?.at ?? null
  const end = start === null ? null : (events.findLast(({ kind }) => exposures.has(kind))?.at ?? null)
  return {
    result,
    release: state,
    start,
    end,
    inWindow: start === null || end === null ? null : within(plan, start, end),
    reason: ending?.error ?? null,
    approvals: release.signoffs
      .filter((signoff) => signoff.digest === digest)
      .map(({ role, by: person, at: when }) => ({ role, by: person, at: when })),
    rollback: ending?.rollback ?? null,
    record: { events: last.seq, hash: last.hash },
  }
}

const found = ({ review, event }: Reviewed): NonNullable<Closure['review']> => {
  const outcomes = [...review.objectives, ...review.criteria].map(({ outcome }) => outcome)
  const count = (...names: string[]): number => outcomes.filter((one) => names.includes(one)).length
  const measured = {
    kept: count('met', 'held'),
    not: count('missed', 'broken'),
    unknown: count('inconclusive'),
  }
  return {
    outcome:
      review.state !== 'completed' || measured.not > 0
        ? 'with-findings'
        : measured.kept > 0
          ? 'as-intended'
          : 'not-known',
    measured,
    improvements: review.improvements.length,
    due: review.due,
    at: event.at,
    by: event.actor,
  }
}

const exposures: ReadonlySet<string> = new Set([
  'deployed',
  'rolled-back',
  'rollback-failed',
  'execution-failed',
])

const within = ({ schedule }: Plan, start: string, end: string): boolean | null => {
  const window = schedule?.window
  if (!window) return null
  return Date.parse(start) >= Date.parse(window.start) && Date.parse(end) <= Date.parse(window.end)
}
