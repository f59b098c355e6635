import type { PhaseName } from '../record/phase.ts'
import { plannedReview, reviewDue } from '../review/review-due.ts'
import { type Dated, live, underWay, waiting } from './act.ts'

type Date = { name: string; at: string }

/** Feature freeze as the plan is held by it, else of its timeline. */
export const featureFreeze = ({ plan }: Pick<Dated, 'plan'>): string | null =>
  plan.freeze?.feature ?? milestone(plan, 'feature-freeze')

const milestone = ({ schedule }: Dated['plan'], id: string): string | null =>
  schedule?.milestones.find((each) => each.id === id)?.at ?? null

const codeFreeze = ({ plan }: Pick<Dated, 'plan'>): string | null =>
  plan.freeze?.code ?? milestone(plan, 'code-freeze')

/** When a release became live; null before. */
export const liveSince = ({ events }: Pick<Dated, 'events'>): string | null =>
  events.findLast(({ kind }) => kind === 'deployed')?.at ?? null

/** When the review of a live release is due; null before it is live, and where none is planned. */
export const reviewAt = ({ plan, events }: Pick<Dated, 'plan' | 'events'>): string | null =>
  // What is live and not completed yet has its day by the timeline alone.
  reviewDue(plan, events)?.at ?? (liveSince({ events }) === null ? null : plannedReview(plan))

export const wasReviewed = ({ events }: Pick<Dated, 'events'>): boolean =>
  events.some(({ kind }) => kind === 'reviewed')

/**
 * The phase (row L2) that a release is in by its record and by the dates of its plan (row P9). `now` is ISO 8601; null: it is
 * over.
 */
export const phaseAt = (dated: Dated, now: string): PhaseName | null => {
  const { plan, state } = dated
  const past = (at: string | null | undefined): boolean =>
    at !== null && at !== undefined && Date.parse(at) <= Date.parse(now)
  if (underWay.includes(state)) return 'deployment'
  if (live.includes(state)) return wasReviewed(dated) ? null : 'post-release'
  if (!waiting.includes(state)) return null
  if (past(plan.schedule?.window?.start)) return 'pre-release'
  if (past(codeFreeze(dated))) return 'preparation'
  if (past(featureFreeze(dated))) return 'testing'
  return past(milestone(plan, 'plan')) ? 'development' : 'planning'
}

/** The next date of a release; null where none is to come. */
export const nextDate = (dated: Dated, now: string): Date | null => {
  const { plan, state } = dated
  const window = plan.schedule?.window
  const dates: [name: string, at: string | null | undefined][] = waiting.includes(state)
    ? [
        ['plan', milestone(plan, 'plan')],
        ['feature freeze', featureFreeze(dated)],
        ['code freeze', codeFreeze(dated)],
        ['window opens', window?.start],
        ['window closes', window?.end],
      ]
    : [['review', wasReviewed(dated) ? null : reviewAt(dated)]]
  const coming = dates.flatMap(([name, at]) =>
    at && Date.parse(at) > Date.parse(now) ? [{ name, at: new Date(at).toISOString() }] : [],
  )
  return coming.sort((a, b) => Date.parse(a.at) - Date.parse(b.at))[0] ?? null
}
