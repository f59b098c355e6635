import type { RiskLevel } from '../config/risk-levels.ts'
import type { SchedulePolicy } from '../config/schedule-policy.ts'
import type { Busy } from './busy.ts'
import { chooseWindow, type WindowChoice, whyNot } from './choose-window.ts'
import { instantOf, iso, type Span } from './moment.ts'
import { type ReleaseSchedule, releaseSchedule } from './release-schedule.ts'
import { type Governance, governRelease, type ReleaseType, typeRules } from './release-types.ts'
import type { ScoreFacts } from './score.ts'
import type { TaskRule } from './task.ts'
import { drawTimeline, type Timeline } from './timeline.ts'
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
}

/** The notice of what governs a release, in seconds, as `schedule.notice` has it. */
export const noticeOf = ({ as, notice }: Governance, policy: SchedulePolicy): number =>
  policy.notice[as] ?? notice

/** The span for which calendars are read before a window is looked for: the search and the review after it. */
export const calendarSpan = (
  facts: Pick<ScheduleFacts, 'type' | 'level' | 'now' | 'policy' | 'constraints'>,
): Span => {
  const { type, level, now, policy, constraints } = facts
  const notice = noticeOf(governRelease(type, level), policy)
  const search = searchSpan(
    { type, now, notice, rollout: 0, ...(constraints ? { constraints } : {}) },
    policy,
  )
  const after =
    Math.max(0, ...typeRules[type].milestones.map(({ before }) => -before)) + typeRules[type].window.max
  return { start: iso(instantOf(now)), end: iso(instantOf(search.end).add({ seconds: after })) }
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
  const { type, level, now, rollout, policy, busy, constraints, tasks } = facts
  const governance = governRelease(type, level)
  const notice = noticeOf(governance, policy)
  const wanted = { type, now, rollout, notice, facts: { level, ...facts.score } }
  const choice = chooseWindow({ ...wanted, ...(constraints ? { constraints } : {}) }, policy, busy)
  const window = choice.chosen?.span ?? null
  const timeline = window ? drawTimeline({ type, window, now, policy, ...(tasks ? { tasks } : {}) }) : null
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
    refused: whyNot(choice),
    milestones: timeline?.milestones ?? [],
    tasks: timeline?.tasks ?? [],
    critical: timeline?.critical ?? [],
  })
  return { data, choice, timeline }
}
