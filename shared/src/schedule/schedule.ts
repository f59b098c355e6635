import { z } from 'zod'
import type { RiskLevel } from '../config/risk-levels.ts'
import type { SchedulePolicy } from '../config/schedule-policy.ts'
import type { Busy } from './busy.ts'
import { chooseWindow, type WindowChoice, whyNot } from './choose-window.ts'
import { instantOf, iso, type Span } from './moment.ts'
import { governRelease, type ReleaseType, releaseTypes, typeRules } from './release-types.ts'
import type { ScoreFacts } from './score.ts'
import type { TaskRule } from './task.ts'
import { drawTimeline, type Timeline } from './timeline.ts'
import { type Constraints, searchSpan } from './window.ts'

const span = z.object({ start: z.string(), end: z.string() })
const term = z.object({
  name: z.string(),
  factor: z.number(),
  weight: z.number(),
  points: z.number(),
  source: z.string(),
})

/** When a release happens, as a plan holds it. Instants are ISO 8601 in UTC; `zone` is where people read them. */
export const releaseSchedule = z.object({
  zone: z.string(),
  type: z.enum(releaseTypes),
  governance: z.string().describe('Type and scope level side by side, and which of them governs'),
  tests: z.string(),
  notice: z.number().describe('Seconds'),
  bake: z.number().describe('By how much the least bake of each step is multiplied'),
  window: span.nullable().describe('null: none is free, and `why` and `refused` say why'),
  why: z.string(),
  score: z.object({ total: z.number(), terms: z.array(term) }).nullable(),
  considered: z.number().int(),
  refused: z.array(z.string()).describe('What stands against each window that is not free, by day'),
  milestones: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      what: z.string(),
      offset: z.string(),
      at: z.string(),
      notes: z.array(z.string()),
    }),
  ),
  tasks: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      role: z.string(),
      owner: z.string(),
      start: z.string(),
      due: z.string(),
      milestone: z.string(),
      after: z.array(z.string()),
      critical: z.boolean(),
      optional: z.boolean(),
      late: z.boolean(),
    }),
  ),
  critical: z.array(z.string()),
})

export type ReleaseSchedule = z.output<typeof releaseSchedule>

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

/** The span for which calendars are read before a window is looked for: the search and the review after it. */
export const calendarSpan = (
  facts: Pick<ScheduleFacts, 'type' | 'level' | 'now' | 'policy' | 'constraints'>,
): Span => {
  const { type, level, now, policy, constraints } = facts
  const { notice } = governRelease(type, level)
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
  const wanted = { type, now, rollout, notice: governance.notice, facts: { level, ...facts.score } }
  const choice = chooseWindow({ ...wanted, ...(constraints ? { constraints } : {}) }, policy, busy)
  const window = choice.chosen?.span ?? null
  const timeline = window ? drawTimeline({ type, window, now, policy, ...(tasks ? { tasks } : {}) }) : null
  const data = releaseSchedule.parse({
    zone: policy.zone,
    type,
    governance: governance.text,
    tests: governance.tests,
    notice: constraints?.notice ?? governance.notice,
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
