import type { Config } from '@relman/core/config/config'
import type { RiskLevel } from '@relman/core/config/risk-levels'
import type { ReleaseType } from '@relman/core/plan/plan'
import type { ReleaseSchedule } from '@relman/core/schedule/release-schedule'
import type { Observation } from '@relman/core/verdict/observation'
import type { Ports } from './plan-release.ts'

/** Lines of refused windows that anybody reads. */
const mostRefused = 60

export type Scheduled = {
  data: ReleaseSchedule
  /** Markdown: the windows with the terms of their score, the timeline, and its chart. */
  windows: string
  timeline: string
  chart: string
  /** The calendar file of this revision; empty without a window. */
  calendar: (revision: number) => string
}

type Ask = {
  ports: Pick<Ports, 'calendars' | 'clock'>
  /** With the bakes of this release. */
  policy: Config
  type: ReleaseType
  level: RiskLevel
  now: string
  names: { service: string; version: string; repository: string }
  /** Of the branch that policy comes from. */
  file: (path: string) => Promise<string | null>
  observations: readonly Observation[]
}

/** When this release happens: the next good window, why that one, and the way to it. */
export const planSchedule = async (ask: Ask): Promise<Scheduled> => {
  const { ports, policy, type, level, now, names, file } = ask
  // Time zones are a large library, and only a plan needs them.
  const { calendarSpan, scheduleRelease } = await import('@relman/core/schedule/schedule')
  const { rolloutSeconds } = await import('@relman/core/schedule/window')
  const { windowTable } = await import('@relman/core/schedule/window-table')
  const { timelineTable } = await import('@relman/core/schedule/timeline-table')
  const { ganttChart } = await import('@relman/core/schedule/gantt')
  const { writeCalendar } = await import('@relman/core/schedule/write-calendar')
  const { zoned } = await import('@relman/core/schedule/moment')
  const { schedule } = policy
  const span = calendarSpan({ type, level, now, policy: schedule })
  const busy = await ports.calendars(schedule, span, file)
  const hour = (seconds: number) => zoned(new Date(seconds * 1000).toISOString(), schedule.zone).hour
  const traffic = byHour(ask.observations, hour)
  const { data, choice, timeline } = scheduleRelease({
    type,
    level,
    now,
    rollout: rolloutSeconds(policy.rollout),
    policy: schedule,
    busy,
    ...(traffic ? { score: { traffic } } : {}),
  })
  const refused = data.refused.slice(0, mostRefused)
  const left = data.refused.length - refused.length
  return {
    data: { ...data, refused: left > 0 ? [...refused, `and ${left} more`] : refused },
    windows: windowTable(choice, 10),
    timeline: timeline ? timelineTable(timeline) : '',
    chart: timeline ? ganttChart(timeline, `${names.service} ${names.version}`) : '',
    calendar: (revision) =>
      timeline ? writeCalendar(timeline, { ...names, now, revision, state: 'frozen' }) : '',
  }
}

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
