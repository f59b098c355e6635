import type { Plan } from '../plan/plan.ts'
import type { RecordEvent } from '../record/event.ts'
import { fold } from '../record/fold.ts'
import { gatesOf } from './gated-criteria.ts'
import { plannedReview } from './review-due.ts'

/** What a review would like to read in the record and does not find, each in one sentence. */
export const lacksOf = (plan: Plan, digest: string, events: readonly RecordEvent[]): string[] => {
  const release = fold(events)
  const has = (kind: RecordEvent['kind']): boolean => events.some((event) => event.kind === kind)
  const signed = new Set(release.signoffs.filter((one) => one.digest === digest).map(({ role }) => role))
  const unsigned = plan.signoffs.filter(({ role }) => !signed.has(role)).map(({ role }) => role)
  const unjudged = release.steps.filter(({ verdict, weight }) => verdict === null && weight < 100)
  return [
    ...(gatesOf(events, digest).length === 0 ? ['no decision of a gate'] : []),
    ...(unsigned.length > 0 ? [`no sign-off of ${unsigned.join(', ')}`] : []),
    ...(has('started') ? [] : ['no start of the rollout']),
    ...(release.steps.length === 0 ? ['no step of the rollout'] : []),
    ...(unjudged.length > 0
      ? [`no verdict of ${unjudged.map(({ weight }) => `${weight} %`).join(', ')}`]
      : []),
    ...(plannedReview(plan) === null
      ? ['no day of the review in the plan: a week after its end was taken']
      : []),
    ...((plan.policy.metrics?.checks ?? []).length === 0
      ? ['no check that measures anything (metrics.checks)']
      : []),
  ]
}
