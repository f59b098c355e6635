import { rolloutSeconds } from '../schedule/window.ts'
import { type Dated, type Due, instant, isEmergency, live, ownerOf, underWay, waiting } from './act.ts'
import { featureFreeze, liveSince, reviewAt, wasReviewed } from './phase-at.ts'

/** After this a release that nobody reviewed is let go: nobody would learn from it any more. */
const longestReview = 35 * 86_400_000
/** As long a plan is told of whose window went by. */
const longestMissed = 14 * 86_400_000

/**
 * Row L5: what is due of a release now, by its plan and its record alone; null: nothing. A pass that GitHub dropped is made up
 * by the next one, as long as the act still makes sense: a frozen revision until the window is over, a release while its
 * rollout still fits into the window, a review for 35 days.
 */
export const dueOf = (dated: Dated, now: string): Due | null => {
  const { plan, state } = dated
  const time = Date.parse(now)
  if (live.includes(state)) {
    const at = state === 'completed' ? reviewAt(dated) : null
    if (at === null || wasReviewed(dated) || time < Date.parse(at) || time > Date.parse(at) + longestReview)
      return null
    // Reviewed once for what went live, however its dates are reckoned later.
    const subject = liveSince(dated) ?? at
    return { act: 'review', subject, what: `the review, due ${instant(at)}`, who: ownerOf(dated, 'review') }
  }
  if (!waiting.includes(state) || isEmergency(plan)) return null
  const window = plan.schedule?.window
  if (window && Date.parse(window.end) <= time) return null
  if (plan.state === 'provisional') {
    const at = featureFreeze(dated)
    if (at === null || time < Date.parse(at)) return null
    // A moment of a timeline under embargo would tell what kind of release it is.
    const since = plan.embargo?.public === true ? '' : `, feature freeze was ${instant(at)}`
    const what = `planning of the frozen revision${since}`
    return { act: 'plan', subject: new Date(at).toISOString(), what, who: ownerOf(dated, 'scope') }
  }
  if (!window || time < Date.parse(window.start) || tooLate(dated, now)) return null
  const what = `the release, its window is open until ${instant(window.end)}`
  return {
    act: 'release',
    subject: new Date(window.start).toISOString(),
    what,
    who: ownerOf(dated, 'rollout'),
  }
}

/** Whether the rollout no longer fits into the window of the plan, whatever `schedule.window` says. */
export const tooLate = ({ plan }: Pick<Dated, 'plan'>, now: string): boolean => {
  const window = plan.schedule?.window
  if (!window || Date.parse(now) < Date.parse(window.start)) return false
  return Date.parse(now) + rolloutSeconds(plan.policy.rollout) * 1000 > Date.parse(window.end)
}

/** Whether anybody still has to hear of a release: its window is not long past, its review neither held nor given up. */
export const isOpen = (dated: Dated, now: string): boolean => {
  const { plan, state } = dated
  const time = Date.parse(now)
  if (underWay.includes(state)) return true
  if (waiting.includes(state)) {
    const end = plan.schedule?.window?.end
    return end === undefined || time < Date.parse(end) + longestMissed
  }
  if (!live.includes(state)) return false
  const at = reviewAt(dated)
  const toReview = at !== null && !wasReviewed(dated) && time <= Date.parse(at) + longestReview
  return toReview || mayGoBack(dated, now)
}

/** Whether a rollback still returns to the version before: until it is live, and for the rollback window of its plan. */
export const mayGoBack = (dated: Dated, now: string): boolean => {
  if (!live.includes(dated.state)) return true
  const since = liveSince(dated)
  return since !== null && Date.parse(now) < Date.parse(since) + dated.plan.policy.rollback.window * 1000
}
