import { communicationPlan } from '../communication/communication-plan.ts'
import type { Plan } from '../plan/plan.ts'
import type { WhyMove } from '../schedule/keep-window.ts'
import type { MovedWindow } from '../schedule/moved-window.ts'
import { type Affected, movedTasks, reschedule } from '../schedule/reschedule.ts'

const most = 50

type Move = { why: WhyMove; by: string; at: string; words: string }

/**
 * The rescheduling that a new revision is (row P10); null where its window is that of the revision before. `words` are the
 * caller's own reason, empty without one. Those affected: owners whose tasks are due at another time, and whoever was
 * promised to hear of the plan or the start.
 */
export const moveWindow = (before: Plan, after: Plan, { why, by, at, words }: Move): MovedWindow | null => {
  const [old, next] = [before.schedule, after.schedule]
  if (!old?.window || !next?.window) return null
  if (old.window.start === next.window.start && old.window.end === next.window.end) return null
  const moved = reschedule({
    from: old.window,
    to: next.window,
    by,
    at,
    reason: words === '' ? why.text : `${words} (${why.text})`,
    zone: next.zone,
    people: [...movedTasks(old, next), ...audiences(after)],
  })
  return { ...moved, affected: moved.affected.slice(0, most), code: why.code }
}

const audiences = (plan: Plan): Affected[] =>
  communicationPlan(plan)
    .messages.filter(({ moment }) => moment === 'planned' || moment === 'start')
    .map(({ who, moment, channel }) => ({ who, why: `hears of ${moment} by ${channel}` }))
