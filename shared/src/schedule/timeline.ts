import { Temporal } from 'temporal-polyfill'
import type { SchedulePolicy } from '../config/schedule-policy.ts'
import { cut } from '../text/visible.ts'
import { criticalPath } from './critical-path.ts'
import { iso, type Span, weekdayOf, zoned } from './moment.ts'
import { type MilestoneRule, type ReleaseType, typeRules } from './release-types.ts'
import { type StatedFreezes, stateFreezes } from './stated-freezes.ts'
import { type TaskRule, taskRules } from './task.ts'
import { lastWorking, type WorkingTime } from './working-time.ts'

export type Milestone = {
  id: string
  name: string
  what: string
  /** `T−14 d`, `T−2 h`, `T`, `end+1 h` (of the window). */
  offset: string
  at: string
  /** Past already, on a day off, … */
  notes: string[]
}

export type Task = {
  id: string
  name: string
  role: string
  owner: string
  /** The latest start and end: by its milestone, and early enough for all that waits for it. */
  start: string
  due: string
  milestone: string
  after: string[]
  critical: boolean
  optional: boolean
  late: boolean
}

export type Timeline = {
  type: ReleaseType
  zone: string
  window: Span
  milestones: Milestone[]
  tasks: Task[]
  /** Ids of the tasks that move the release when they slip. */
  critical: string[]
  /** Roles nobody is named for. */
  unowned: string[]
  text: string
}

const day = 86_400

/**
 * The way to a window (P9): milestones at their distance from its start, tasks backward from them. Whole days are days of
 * the calendar in `zone` (the time of day stays the same when clocks change), hours are exact.
 */
export const drawTimeline = (given: {
  type: ReleaseType
  window: Span
  now: string
  policy: WorkingTime & Pick<SchedulePolicy, 'owners'>
  /** Days on which nobody works, beside the weekend. */
  holidays?: readonly Span[]
  tasks?: readonly TaskRule[]
  /** Freezes that the policy states for this version; they move their milestones. */
  freezes?: StatedFreezes
  /** Seconds: how long before it people are told, where something else than the type sets that (`noticeOf`). */
  notice?: number
}): Timeline => {
  const { type, window, policy, now } = given
  const release = zoned(window.start, policy.zone)
  const drawn = typeRules[type].milestones.map((rule) =>
    milestone(toldBy(rule, given.notice ?? 0), window, now, policy),
  )
  const milestones = given.freezes ? stateFreezes(drawn, given.freezes, given) : drawn
  const rules = given.tasks ?? taskRules[type]
  const network = criticalPath(rules)
  const ends = latestEnds(rules, milestones, window, (end, { id, hours }, until) => {
    // The rollout is where it is, and an emergency does not wait for the morning; only what follows it does.
    if (id === 'rollout' || (typeRules[type].emergency && !until.after)) return end
    const working = lastWorking(end, policy, given.holidays)
    const soonest = Temporal.Instant.from(window.end).add(asDuration(hours))
    return until.after && Temporal.Instant.compare(working, soonest) < 0 ? end : working
  })
  const tasks = network.tasks.map((each) => {
    const end = ends.get(each.id) ?? release
    // The rollout is the window itself, however long it is.
    const due = each.id === 'rollout' ? iso(zoned(window.end, policy.zone)) : iso(end)
    const start = iso(end.subtract(asDuration(each.hours)))
    return {
      id: each.id,
      name: each.name,
      role: each.role,
      owner: cut(policy.owners[each.role] ?? each.role, 100),
      start,
      due,
      milestone: each.due,
      after: [...each.after],
      critical: each.critical,
      optional: each.optional,
      late: start < iso(zoned(now, policy.zone)),
    }
  })
  const names = tasks.filter(({ critical }) => critical).map(({ name }) => name)
  return {
    type,
    zone: policy.zone,
    window,
    milestones,
    tasks,
    critical: network.critical,
    unowned: [...new Set(rules.map(({ role }) => role))].filter((role) => policy.owners[role] === undefined),
    text: `critical path (${network.hours} h): ${names.join(' → ')}`,
  }
}

/** Stakeholders are told with the plan, so that a longer notice moves it. A shorter one does not: freezes come after the plan. */
const toldBy = (rule: MilestoneRule, notice: number): MilestoneRule =>
  rule.id === 'plan' && notice > rule.before ? { ...rule, before: notice } : rule

const milestone = (
  rule: MilestoneRule,
  window: Span,
  now: string,
  { weekend, zone }: Pick<SchedulePolicy, 'weekend' | 'zone'>,
): Milestone => {
  const days = rule.before % day === 0
  // Nothing is disclosed while the rollout goes on.
  const fromEnd = rule.before < 0 && !days
  const at = zoned(fromEnd ? window.end : window.start, zone).subtract(
    days ? { days: rule.before / day } : { seconds: rule.before },
  )
  const notes: string[] = []
  if (Temporal.Instant.compare(at.toInstant(), Temporal.Instant.from(now)) < 0 && rule.before > 0)
    notes.push('lies in the past')
  if (weekend.includes(weekdayOf(at)) && days && rule.before !== 0)
    notes.push(
      `falls on a ${weekdayOf(at).replace(/^./, (letter) => letter.toUpperCase())}: do it on the working day ${rule.before > 0 ? 'before' : 'after'}`,
    )
  return {
    id: rule.id,
    name: rule.name,
    what: rule.what,
    offset: fromEnd ? showOffset(rule.before).replace('T', 'end') : showOffset(rule.before),
    at: iso(at),
    notes,
  }
}

const showOffset = (before: number): string => {
  if (before === 0) return 'T'
  const size = Math.abs(before)
  return `T${before > 0 ? '−' : '+'}${size % day === 0 ? `${size / day} d` : `${size / 3600} h`}`
}

export const asDuration = (hours: number): Temporal.Duration =>
  Temporal.Duration.from({ seconds: Math.round(hours * 3600) })

type Settle = (end: Temporal.Instant, rule: TaskRule, until: { after: boolean }) => Temporal.Instant

/**
 * Backward pass: a task ends by its milestone and before the latest start of all that waits for it, at a time that fits.
 * `after`: its milestone comes after the window.
 */
const latestEnds = (
  rules: readonly TaskRule[],
  milestones: readonly Milestone[],
  window: Span,
  settle: Settle,
): Map<string, Temporal.Instant> => {
  const ends = new Map<string, Temporal.Instant>()
  const at = (id: string) =>
    Temporal.Instant.from(milestones.find((each) => each.id === id)?.at ?? window.start)
  const endOf = (rule: TaskRule): Temporal.Instant => {
    const known = ends.get(rule.id)
    if (known) return known
    const next = rules
      .filter(({ after }) => after.includes(rule.id))
      .map((each) => endOf(each).subtract(asDuration(each.hours)))
    const end = [at(rule.due), ...next].reduce((a, b) => (Temporal.Instant.compare(a, b) < 0 ? a : b))
    const after = Temporal.Instant.compare(at(rule.due), Temporal.Instant.from(window.end)) > 0
    const settled = settle(end, rule, { after })
    ends.set(rule.id, settled)
    return settled
  }
  for (const rule of rules) endOf(rule)
  return ends
}
