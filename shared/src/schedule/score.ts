import { Temporal } from 'temporal-polyfill'
import type { RiskLevel } from '../config/risk-levels.ts'
import type { SchedulePolicy } from '../config/schedule-policy.ts'
import type { Busy } from './busy.ts'
import { overlaps, type Span } from './moment.ts'
import { shareWithin } from './window.ts'

/** What the factors are drawn from, beside policy and calendars. */
export type ScoreFacts = {
  level: RiskLevel
  /** A probability of repair (0…1) that replaces the level, and where it comes from. */
  risk?: { value: number; source: string }
  /** Relative traffic for each local hour 0…23; working hours stand for it when absent. */
  traffic?: readonly number[]
  /** `by`: the instant at which it is ready; null: not known, so not ready. */
  dependencies?: ReadonlyArray<{ name: string; by: string | null }>
  /** What must be in place (approval of the change, audit, disclosure date), and by when it is. */
  obligations?: ReadonlyArray<{ name: string; by: string | null }>
}

export type Term = { name: string; factor: number; weight: number; points: number; source: string }
export type Score = { total: number; terms: Term[] }

const levels: Record<RiskLevel, number> = { low: 0, medium: 0.5, high: 1 }

/**
 * P10: score = max(0, 100 − 10·business impact + 20·team availability + 15·dependency readiness − 25·risk + 10·compliance),
 * each factor in 0…1. So 0 … 145; more is better.
 */
export const scoreWindow = (
  span: Span,
  facts: ScoreFacts,
  policy: SchedulePolicy,
  busy: readonly Busy[],
): Score => {
  const term = (name: string, weight: number, [factor, source]: Factor): Term => {
    const safe = Number.isFinite(factor) ? Math.min(1, Math.max(0, factor)) : 0
    const rounded = Math.round(safe * 1000) / 1000
    return { name, factor: rounded, weight, points: Math.round(weight * rounded * 100) / 100 || 0, source }
  }
  const terms = [
    term('business impact', -10, businessImpact(span, facts, policy)),
    term('team availability', 20, teamAvailability(span, policy, busy)),
    term('dependency readiness', 15, met(span, facts.dependencies ?? [], 'dependencies ready')),
    term('risk', -25, [
      facts.risk?.value ?? levels[facts.level],
      facts.risk?.source ?? `level ${facts.level}`,
    ]),
    term('compliance', 10, met(span, facts.obligations ?? [], 'obligations met')),
  ]
  const sum = terms.reduce((total, { points }) => total + points, 100)
  return { total: Math.max(0, Math.round(sum * 100) / 100), terms }
}

type Factor = [factor: number, source: string]

const businessImpact = (span: Span, { traffic }: ScoreFacts, policy: SchedulePolicy): Factor => {
  const peak = Math.max(0, ...(traffic ?? []))
  if (traffic?.length === 24 && peak > 0) {
    const loads = quarters(span).map((at) => (traffic[at.toZonedDateTimeISO(policy.zone).hour] ?? 0) / peak)
    return [
      loads.reduce((sum, load) => sum + load, 0) / loads.length,
      'mean traffic against the busiest hour',
    ]
  }
  const { from, to } = policy.business
  return [shareWithin(span, policy.business, policy), `share of the window in business hours ${from}–${to}`]
}

/** Moments a quarter of an hour apart: time zones differ by quarters. */
const quarters = (span: Span): Temporal.Instant[] => {
  const [start, end] = [Temporal.Instant.from(span.start), Temporal.Instant.from(span.end)]
  const count = Math.max(1, Math.ceil(end.since(start).total('minutes') / 15))
  return Array.from({ length: count }, (_, index) => start.add({ minutes: 15 * index }))
}

const teamAvailability = (span: Span, policy: SchedulePolicy, busy: readonly Busy[]): Factor => {
  const { from, to } = policy.staffed
  const staffed = shareWithin(span, policy.staffed, policy)
  const hours = `share of the window in staffed hours ${from}–${to}`
  const team = policy.calendars.filter(({ kind }) => kind === 'team')
  if (team.length === 0) return [staffed, hours]
  const away = new Set(
    busy
      .filter((each) => each.kind === 'team' && overlaps(each, span))
      .map(({ source }) => source.replace(/:\d+$/, '')),
  )
  const present = Math.max(0, team.length - away.size)
  return [(staffed * present) / team.length, `${hours} × ${present} of ${team.length} team calendars free`]
}

const met = (span: Span, list: ReadonlyArray<{ name: string; by: string | null }>, words: string): Factor => {
  if (list.length === 0) return [1, `no ${words.split(' ')[0]} declared`]
  const start = Temporal.Instant.from(span.start)
  const missing = list.filter(
    ({ by }) => by === null || Temporal.Instant.compare(Temporal.Instant.from(by), start) > 0,
  )
  const names = missing.length > 0 ? `; not: ${missing.map(({ name }) => name).join(', ')}` : ''
  return [
    1 - missing.length / list.length,
    `${list.length - missing.length} of ${list.length} ${words}${names}`,
  ]
}
