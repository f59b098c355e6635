import type { Config } from '@relman/core/config/config'
import type { RiskLevel } from '@relman/core/config/risk-levels'
import type { Plan, ReleaseType } from '@relman/core/plan/plan'
import type { Planning } from '@relman/core/ports/planning'
import { checkAskedDates } from '@relman/core/schedule/asked-dates'
import { boardTrain } from '@relman/core/schedule/board-train'
import type { Busy } from '@relman/core/schedule/busy'
import { ganttChart } from '@relman/core/schedule/gantt'
import { type Held, noticeLeft, sooner, type WhyMove, whyMove } from '@relman/core/schedule/keep-window'
import { epoch, instantOf, iso, momentOf, zoned } from '@relman/core/schedule/moment'
import type { ReleaseSchedule } from '@relman/core/schedule/release-schedule'
import { governRelease } from '@relman/core/schedule/release-types'
import { calendarSpan, noticeOf, scheduleRelease } from '@relman/core/schedule/schedule'
import { shipBy } from '@relman/core/schedule/ship-by'
import { tasksOf } from '@relman/core/schedule/tasks-of'
import { timelineTable } from '@relman/core/schedule/timeline-table'
import { rolloutSeconds } from '@relman/core/schedule/window'
import { windowTable } from '@relman/core/schedule/window-table'
import { writeCalendar } from '@relman/core/schedule/write-calendar'
import type { Change } from '@relman/core/scope/change'
import { itemName } from '@relman/core/scope/item-name'
import type { Observation } from '@relman/core/verdict/observation'
import { statedDates } from './freeze-dates.ts'

/** Lines of refused windows that anybody reads. */
const mostRefused = 60

export type Scheduled = {
  data: ReleaseSchedule
  /** It cannot safely ship by the date that was asked for. */
  late: boolean
  /** Markdown: the windows with the terms of their score, the timeline, and its chart. */
  windows: string
  timeline: string
  chart: string
  /** Why the window of the revision before did not stay; null where it did, or there was none. */
  why: WhyMove | null
  /** Which tasks have no meaning for this release; null: each has. */
  without: string | null
  /** The calendar file of this revision; empty without a window. */
  calendar: (revision: number, state: Plan['state']) => string
}

type Ask = {
  ports: Pick<Planning, 'calendars' | 'clock'>
  /** With the bakes of this release. */
  policy: Config
  type: ReleaseType
  level: RiskLevel
  now: string
  names: { service: string; version: string; repository: string }
  /** Of the branch that policy comes from. */
  file: (path: string) => Promise<string | null>
  observations: readonly Observation[]
  /** A date by which it must ship; empty without one. */
  by: string
  /** The train that departs now with this release: when, and what missed it. */
  departing: { at: string; missed: readonly string[] } | null
  /** Dates that win as long as one of their windows is free. */
  preferred: readonly string[]
  /** A moment before which it must not begin; empty without one. */
  notBefore: string
  /** The plan of the revision before, whose window stays while it holds. */
  before: Plan | null
  /** Windows that other releases of the record hold. */
  recorded: readonly Busy[]
  changes: readonly Change[]
}

/** When this release happens: the next good window, why that one, and the way to it. */
export const planSchedule = async (ask: Ask): Promise<Scheduled> => {
  const { ports, policy, type, level, now, names, file } = ask
  const { schedule } = policy
  checkAskedDates(ask, now, schedule.zone)
  const { by, preferred: asks } = ask
  const from = ask.notBefore === '' ? {} : { earliest: iso(momentOf(ask.notBefore, schedule.zone)) }
  const held = heldBy(ask.before)
  const constraints = { preferred: asks, ...from }
  const { rules: tasks, why: without } = tasksOf(type, policy)
  const searched = calendarSpan({ type, level, now, policy: schedule, constraints, by, tasks })
  const span =
    held && epoch(held.window.end) > epoch(searched.end) ? { ...searched, end: held.window.end } : searched
  const busy = [...(await ports.calendars(schedule, span, file)), ...ask.recorded]
  const hour = (seconds: number) => zoned(new Date(seconds * 1000).toISOString(), schedule.zone).hour
  const traffic = byHour(ask.observations, hour)
  // Probes are sent for a while before the first move.
  const rollout = rolloutSeconds(policy.rollout) + (policy.metrics?.probes?.before ?? 0)
  const notice = noticeOf(governRelease(type, level), schedule)
  const wanted = { type, now, rollout, notice, facts: { level, ...(traffic ? { traffic } : {}) } }
  const given = { notBefore: ask.notBefore, preferred: asks, by }
  const stale = held && whyMove(held, wanted, given, schedule, busy)
  const toGive = noticeLeft(held, stale, notice, now)
  const noticed = iso(instantOf(now).add({ seconds: toGive }))
  const ridden = held && stale === null ? iso(zoned(held.window.start, schedule.zone).startOfDay()) : noticed
  const earliest = ask.departing?.at ?? (ridden < noticed ? ridden : noticed)
  const boarded = boardTrain(schedule, { type, changes: ask.changes.map(mergedAs), earliest }, busy)
  const preferred = asks.length === 0 && boarded ? [boarded.day] : [...asks]
  const asked =
    ask.by === ''
      ? null
      : shipBy(ask.by, { ...wanted, constraints: { preferred, ...from } }, schedule, busy, tasks)
  const freezes = await statedDates(policy, names.version)
  const facts = {
    type,
    level,
    now,
    rollout,
    policy: schedule,
    busy,
    tasks,
    ...(freezes ? { freezes } : {}),
    constraints: {
      preferred,
      ...from,
      ...(toGive < notice ? { notice: toGive } : {}),
      ...(asked ? { earliest: asked.choice.searched.start, latest: asked.deadline } : {}),
    },
    ...(traffic ? { score: { traffic } } : {}),
  }
  const best = scheduleRelease(facts)
  const why = held && (stale ?? sooner(best.choice, held, wanted))
  const kept = held !== null && why === null
  const { data, choice, timeline } = kept ? scheduleRelease({ ...facts, held }) : best
  const late = asked !== null && !asked.possible && !kept
  const refused = data.refused.slice(0, mostRefused)
  const left = data.refused.length - refused.length
  return {
    data: {
      ...data,
      notice,
      // A window in time that skips its notice, milestones or work would not be a safe one.
      ...(late ? { window: null, why: `not safely by ${ask.by}: ${asked.reasons.join('; ')}` } : {}),
      refused: left > 0 ? [...refused, `and ${left} more`] : refused,
      shipBy: asked && {
        deadline: asked.deadline,
        parallel: asked.parallel,
        cannotSkip: asked.cannotSkip,
        maySkip: asked.maySkip,
        reasons: asked.reasons,
      },
      train: boarded && {
        ...boarded.train,
        missed: [...boarded.train.missed, ...(ask.departing?.missed ?? [])],
      },
    },
    late,
    why,
    without,
    windows: windowTable(choice, 10),
    timeline: timeline ? timelineTable(timeline) : '',
    chart: timeline ? ganttChart(timeline, `${names.service} ${names.version}`) : '',
    calendar: (revision, state) =>
      timeline ? writeCalendar(timeline, { ...names, now, revision, state }) : '',
  }
}

const heldBy = (before: Plan | null): Held | null =>
  before?.schedule?.window
    ? { window: before.schedule.window, notice: before.schedule.notice, revision: before.revision }
    : null

const mergedAs = (change: Change) => ({ id: itemName(change), title: change.title, mergedAt: change.date })

/** Requests of each local hour; null unless each hour of the day was seen. */
const byHour = (observations: readonly Observation[], hour: (seconds: number) => number): number[] | null => {
  const hours = new Map<number, number>()
  for (const { from, to, stable } of observations) {
    const at = hour((from + to) / 2)
    const total = stable.reduce((sum, sample) => sum + sample.total, 0)
    if (stable.length > 0) hours.set(at, (hours.get(at) ?? 0) + total)
  }
  return hours.size === 24 ? Array.from({ length: 24 }, (_, at) => hours.get(at) ?? 0) : null
}
