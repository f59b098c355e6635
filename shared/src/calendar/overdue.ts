import { cut } from '../text/visible.ts'
import { type Dated, isEmergency, live, ownerOf, underWay, waiting } from './act.ts'
import { tooLate } from './due.ts'
import { reviewAt } from './phase-at.ts'

export type Overdue = { what: string; who: string; since: string }

/** Told by the act that is due; people are asked to sign in the run that it starts. */
const own = ['signoff', 'rollout', 'review']
/** What is left to do once a release is live. */
const afterwards = ['review', 'disclosure']

/**
 * What should be over and is not: work of the timeline that nobody ticked, a window that went by, a rollout that nobody settled.
 *
 * @param ticked ids of the work that is done by the boxes of the ticket; null: the ticket could not be read
 */
export const overdueOf = (dated: Dated, ticked: ReadonlySet<string> | null, now: string): Overdue[] => {
  const { plan, state } = dated
  const window = plan.schedule?.window
  const all: Overdue[] = []
  if (state === 'deployment-failed' || state === 'rollback-failed')
    all.push({
      what: `it is ${state}: settle it, or roll back by hand`,
      who: 'operations',
      since: dated.events.findLast(({ kind }) => kind === state)?.at ?? now,
    })
  const review = state === 'deployed' ? reviewAt(dated) : null
  if (review !== null && Date.parse(review) <= Date.parse(now))
    all.push({
      what: 'it is live and was never completed, so that it cannot be reviewed: run the job of its notes again',
      who: ownerOf(dated, 'review'),
      since: review,
    })
  if (waiting.includes(state) && window) {
    const passed = Date.parse(window.end) <= Date.parse(now)
    if (passed || tooLate(dated, now))
      all.push({
        what: `${passed ? 'the window passed' : 'too little of the window is left for the rollout'}: plan it again for another one`,
        who: ownerOf(dated, 'rollout'),
        since: passed ? window.end : window.start,
      })
  }
  if (ticked === null || underWay.includes(state)) return all
  const isDone = doneBy(dated)
  const tasks = (plan.schedule?.tasks ?? []).filter(
    ({ id, due, milestone }) =>
      !own.includes(id) &&
      !ticked.has(id) &&
      !isDone(id) &&
      Date.parse(due) <= Date.parse(now) &&
      (!live.includes(state) || afterwards.includes(milestone)),
  )
  for (const { id, name, owner, due, optional } of tasks)
    all.push({
      what: `${cut(id, 50)}: ${cut(name, 120)}${optional ? ' (may be left out)' : ''}`,
      who: owner,
      since: due,
    })
  return all.sort((a, b) => Date.parse(a.since) - Date.parse(b.since))
}

/** What the record tells without anybody's tick. */
const doneBy = ({ state, events, plan }: Dated) => {
  const known = new Set([
    ...(events.some(({ kind }) => kind === 'branched') || plan.policy.branches.release === undefined
      ? ['branch']
      : []),
    ...(state === 'approved' ? ['scope'] : []),
    // An emergency was agreed by those who started it.
    ...(isEmergency(plan) ? ['scope'] : []),
  ])
  return (id: string): boolean => known.has(id)
}
