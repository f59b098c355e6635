import { ConfigurationError } from '../config/configuration-error.ts'
import { cut } from '../text/visible.ts'
import { epoch, instantOf, iso, type Span, showMoment, showSpan } from './moment.ts'

export type Affected = { who: string; why: string }

/** That a window was moved: what the record keeps and whom the notices go to. */
export type Rescheduling = {
  from: Span
  to: Span
  by: string
  at: string
  reason: string
  affected: Affected[]
  text: string
}

/**
 * Moves a window (P10). `people` are those who have a part in the release (owners of tasks, roles that sign off,
 * subscribers); other releases that now meet the new window are named by the caller in `neighbours`.
 *
 * @throws ConfigurationError when nobody is named, no reason is given, nothing moves or the new window is past
 */
export const reschedule = (given: {
  from: Span
  to: Span
  by: string
  at: string
  reason: string
  zone: string
  people: readonly Affected[]
  neighbours?: readonly Affected[]
}): Rescheduling => {
  const [by, reason] = [cut(given.by, 100), cut(given.reason, 500)]
  if (by === '') throw new ConfigurationError('a rescheduling names who did it')
  if (reason === '') throw new ConfigurationError('a rescheduling gives its reason')
  if (epoch(given.to.end) <= epoch(given.to.start))
    throw new ConfigurationError('the new window ends before it begins')
  if (epoch(given.to.start) < epoch(given.at)) throw new ConfigurationError('the new window is in the past')
  if (epoch(given.from.start) === epoch(given.to.start) && epoch(given.from.end) === epoch(given.to.end))
    throw new ConfigurationError('the new window is the present one; nothing is moved')
  const seen = new Map<string, string[]>()
  for (const { who, why } of [...given.people, ...(given.neighbours ?? [])])
    seen.set(cut(who, 100), [...new Set([...(seen.get(cut(who, 100)) ?? []), cut(why, 200)])])
  const affected = [...seen].map(([who, why]) => ({ who, why: why.join('; ') }))
  const moved = `${showSpan(given.from, given.zone)} → ${showSpan(given.to, given.zone)}`
  return {
    from: given.from,
    to: given.to,
    by,
    at: iso(instantOf(given.at)),
    reason,
    affected,
    text: `${moved} (${given.zone}), by ${by}: ${reason}`,
  }
}

type Dated = { zone: string; tasks: readonly { id: string; name: string; owner: string; due: string }[] }

/** Owners whose tasks are due at another time now. */
export const movedTasks = (before: Dated, after: Dated): Affected[] => {
  const due = new Map(before.tasks.map((task) => [task.id, task.due]))
  return after.tasks
    .filter((task) => due.get(task.id) !== task.due)
    .map((task) => ({ who: task.owner, why: `${task.name}: due ${showMoment(task.due, after.zone)}` }))
}
