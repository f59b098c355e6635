import { Temporal } from 'temporal-polyfill'
import type { SchedulePolicy } from '../config/schedule-policy.ts'
import type { Busy } from './busy.ts'
import { chooseWindow, type WindowChoice, whyNot } from './choose-window.ts'
import { criticalPath } from './critical-path.ts'
import { instantOf, iso, momentOf, type Span, showMoment, showSpan } from './moment.ts'
import { typeRules } from './release-types.ts'
import type { ScoreFacts } from './score.ts'
import { type TaskRule, taskRules } from './task.ts'
import { asDuration, drawTimeline, type Timeline } from './timeline.ts'
import { searchSpan, type Wanted } from './window.ts'

export type ShipBy = {
  possible: boolean
  deadline: string
  /** The best window before the deadline, or the earliest safe one; null when the horizon holds none. */
  window: Span | null
  /** Start of the earliest window that notice, milestones, work and calendars allow. */
  earliestSafe: string | null
  /** Backward from `window`. */
  timeline: Timeline | null
  /** Groups of tasks that can run side by side, in order. */
  parallel: string[][]
  cannotSkip: string[]
  /** What may be left out, and how many hours sooner the work is then done. */
  maySkip: Array<{ id: string; saves: number }>
  /** What binds, each in one sentence. */
  reasons: string[]
  choice: WindowChoice
}

/**
 * Plans backward from a date (P11). A release is safe when its notice is kept, its milestones lie ahead, its work fits
 * (forward pass of the critical path) and a window is free. Optional tasks are counted as work; `maySkip` says what
 * leaving them out would save.
 *
 * @throws ConfigurationError for a date that does not exist or tasks that wait for each other
 */
export const shipBy = (
  by: string,
  wanted: Wanted & { facts: ScoreFacts },
  policy: SchedulePolicy,
  busy: readonly Busy[],
  tasks: readonly TaskRule[] = taskRules[wanted.type],
): ShipBy => {
  const deadline = iso(momentOf(by, policy.zone, true))
  const network = criticalPath(tasks)
  const holidays = busy.filter(({ kind }) => kind === 'holiday')
  const now = instantOf(wanted.now)
  const plan = Math.max(0, ...typeRules[wanted.type].milestones.map(({ before }) => before))
  const lead = now.add({ seconds: plan })
  const work = now.add(asDuration(network.hours))
  const asked = instantOf(wanted.constraints?.earliest ?? wanted.now)
  const earliest = [lead, work, asked].reduce((a, b) => (Temporal.Instant.compare(a, b) > 0 ? a : b))
  const constrained: typeof wanted = {
    ...wanted,
    constraints: { ...wanted.constraints, earliest: iso(earliest) },
  }
  const open = chooseWindow({ ...constrained, constraints: without(constrained.constraints) }, policy, busy)
  const soonest = open.candidates
    .flatMap(({ span, conflicts }) => (span && conflicts.length === 0 ? [span] : []))
    .sort((a, b) => (a.start < b.start ? -1 : 1))[0]
  const intime = chooseWindow(
    { ...constrained, constraints: { ...constrained.constraints, latest: deadline } },
    policy,
    busy,
  )
  const possible = intime.chosen !== null
  const window = intime.chosen?.span ?? soonest ?? null
  const start = searchSpan(constrained, policy).start
  return {
    possible,
    deadline,
    window,
    earliestSafe: soonest?.start ?? null,
    timeline: window
      ? drawTimeline({ type: wanted.type, window, now: wanted.now, policy, holidays, tasks })
      : null,
    parallel: layers(network.tasks),
    cannotSkip: tasks.filter(({ optional }) => !optional).map(({ id }) => id),
    maySkip: tasks
      .filter(({ optional }) => optional)
      .map(({ id }) => ({ id, saves: saving(id, tasks, network.hours) })),
    reasons: possible
      ? [
          `${showSpan(intime.chosen?.span ?? intime.searched, policy.zone)} is in time for ${showMoment(deadline, policy.zone)}`,
        ]
      : reasons({
          start,
          deadline,
          work,
          lead,
          network: network.hours,
          soonest,
          choice: intime,
          policy,
          wanted,
        }),
    choice: possible ? intime : open,
  }
}

const without = ({ latest: _, preferred: __, ...rest }: NonNullable<Wanted['constraints']> = {}) => rest

const layers = (tasks: ReadonlyArray<{ id: string; layer: number }>): string[][] => {
  const count = Math.max(-1, ...tasks.map(({ layer }) => layer)) + 1
  return Array.from({ length: count }, (_, index) =>
    tasks.filter(({ layer }) => layer === index).map(({ id }) => id),
  )
}

/** Hours that the path gets shorter when a task takes none. */
const saving = (id: string, tasks: readonly TaskRule[], hours: number): number =>
  Math.round(
    (hours - criticalPath(tasks.map((each) => (each.id === id ? { ...each, hours: 0 } : each))).hours) * 1000,
  ) / 1000

const reasons = (given: {
  start: string
  deadline: string
  work: Temporal.Instant
  lead: Temporal.Instant
  network: number
  soonest: Span | undefined
  choice: WindowChoice
  policy: SchedulePolicy
  wanted: Wanted
}): string[] => {
  const { deadline, policy, wanted, choice, soonest } = given
  const end = instantOf(deadline)
  const show = (at: Temporal.Instant | string) =>
    showMoment(typeof at === 'string' ? at : iso(at), policy.zone)
  const found: string[] = []
  const later = (at: Temporal.Instant) => Temporal.Instant.compare(at, end) > 0
  const notice = wanted.constraints?.notice ?? wanted.notice ?? typeRules[wanted.type].notice
  const noticed = instantOf(wanted.now).add({ seconds: notice })
  if (later(noticed)) found.push(`the notice of ${Math.round(notice / 8640) / 10} days ends ${show(noticed)}`)
  if (later(given.lead))
    found.push(`the milestones of a ${wanted.type} release end ${show(given.lead)} at the earliest`)
  if (later(given.work)) found.push(`the critical path takes ${given.network} h and ends ${show(given.work)}`)
  if (found.length === 0) found.push(choice.why, ...whyNot(choice))
  found.push(
    soonest
      ? `the earliest safe window is ${showSpan(soonest, policy.zone)}`
      : 'no window is free within schedule.horizon; look further or lift a freeze',
  )
  return found
}
