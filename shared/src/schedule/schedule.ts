import { Temporal } from 'temporal-polyfill'
import type { RiskLevel } from '../config/risk-levels.ts'
import type { SchedulePolicy } from '../config/schedule-policy.ts'
import { boardingDays } from './board-train.ts'
import type { Busy } from './busy.ts'
import { chooseWindow, type WindowChoice, whyNot } from './choose-window.ts'
import { criticalPath } from './critical-path.ts'
import { type Held, keepChoice } from './keep-window.ts'
import { instantOf, iso, momentOf, type Span } from './moment.ts'
import { rankingOf } from './ranking.ts'
import { type ReleaseSchedule, releaseSchedule } from './release-schedule.ts'
import { type Governance, governRelease, type ReleaseType, typeRules } from './release-types.ts'
import type { ScoreFacts } from './score.ts'
import type { StatedFreezes } from './stated-freezes.ts'
import { type TaskRule, taskRules } from './task.ts'
import { asDuration, drawTimeline, type Timeline } from './timeline.ts'
import { type Constraints, searchSpan } from './window.ts'

export type ScheduleFacts = {
  type: ReleaseType
  level: RiskLevel
  now: string
  /** Seconds: `rolloutSeconds(policy.rollout)`. */
  rollout: number
  policy: SchedulePolicy
  busy: readonly Busy[]
  constraints?: Constraints
  /** What the score knows beside the level. */
  score?: Omit<ScoreFacts, 'level'>
  tasks?: readonly TaskRule[]
  /** Freezes that the policy states for this version. */
  freezes?: StatedFreezes
  /** A window that stays, see `whyMove`. */
  held?: Held | null
}

/** The notice of what governs a release, in seconds, as `schedule.notice` has it. */
export const noticeOf = ({ as, notice }: Governance, policy: SchedulePolicy): number =>
  policy.notice[as] ?? notice

/**
 * The span for which calendars are read before a window is looked for: the search, as far as a date of `shipBy` or a train of
 * this type may take it, and the review after it. What lies beyond it would look free.
 */
export const calendarSpan = (
  facts: Pick<ScheduleFacts, 'type' | 'level' | 'now' | 'policy' | 'constraints' | 'tasks'> & { by?: string },
): Span => {
  const { type, level, now, policy, constraints, by = '' } = facts
  const notice = noticeOf(governRelease(type, level), policy)
  const search = searchSpan(
    { type, now, notice, rollout: 0, ...(constraints ? { constraints } : {}) },
    policy,
  )
  const { milestones, window } = typeRules[type]
  const before = (sign: 1 | -1) => Math.max(0, ...milestones.map((each) => sign * each.before))
  const ends = [instantOf(search.end)]
  if (by !== '') {
    // The earliest safe window is looked for over the horizon that begins when milestones and work allow it.
    const work = asDuration(criticalPath(facts.tasks ?? taskRules[type]).hours)
    ends.push(momentOf(by, policy.zone, true).toInstant())
    ends.push(
      instantOf(search.end)
        .add({ seconds: before(1) })
        .add(work),
    )
  }
  if (policy.trains.some((train) => train.type === type))
    ends.push(
      instantOf(now)
        .add({ seconds: notice })
        .add({ hours: 24 * (boardingDays + 1) }),
    )
  const last = ends.reduce((a, b) => (Temporal.Instant.compare(a, b) > 0 ? a : b))
  return { start: iso(instantOf(now)), end: iso(last.add({ seconds: before(-1) + window.max })) }
}

/**
 * Window and timeline of a release in one: nothing but its facts goes in. `data` is for the plan; `choice` and `timeline`
 * (null without a window) are for tables, chart and calendar file.
 *
 * @throws ConfigurationError for constraints or tasks that are wrong
 */
export const scheduleRelease = (
  facts: ScheduleFacts,
): { data: ReleaseSchedule; choice: WindowChoice; timeline: Timeline | null } => {
  const { type, level, now, rollout, policy, busy, constraints, tasks, freezes, held } = facts
  const governance = governRelease(type, level)
  const notice = noticeOf(governance, policy)
  const wanted = { type, now, rollout, notice, facts: { level, ...facts.score } }
  const best = chooseWindow({ ...wanted, ...(constraints ? { constraints } : {}) }, policy, busy)
  const choice = held ? keepChoice(best, held, wanted.facts, policy, busy) : best
  const window = choice.chosen?.span ?? null
  const holidays = busy.filter(({ kind }) => kind === 'holiday')
  const timeline = window
    ? drawTimeline({
        ...{ type, window, now, policy, holidays, notice },
        ...(tasks ? { tasks } : {}),
        ...(freezes ? { freezes } : {}),
      })
    : null
  const data = releaseSchedule.parse({
    zone: policy.zone,
    type,
    governance: governance.text,
    tests: governance.tests,
    notice: constraints?.notice ?? notice,
    bake: governance.bake,
    window,
    why: choice.why,
    score: choice.chosen?.score ?? null,
    considered: choice.candidates.length,
    ranking: rankingOf(choice),
    refused: whyNot(choice),
    milestones: timeline?.milestones ?? [],
    tasks: timeline?.tasks ?? [],
    critical: timeline?.critical ?? [],
  })
  return { data, choice, timeline }
}
