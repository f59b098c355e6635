import type { SchedulePolicy } from '../config/schedule-policy.ts'
import type { Busy } from './busy.ts'
import { dateOf, overlaps, type Span, showSpan } from './moment.ts'
import { type Score, type ScoreFacts, scoreWindow } from './score.ts'
import { type Candidate, candidates, searchSpan, type Wanted, windowLength } from './window.ts'

export type ScoredWindow = Candidate & { score: Score | null; preferred: boolean }

export type WindowChoice = {
  zone: string
  /** Seconds. */
  length: number
  searched: Span
  /** The best free one; null when none is. */
  chosen: (ScoredWindow & { span: Span }) | null
  /** How it was found, or why none was: one sentence. */
  why: string
  /** All that was looked at, best first; those with conflicts keep their score, so that one sees what they cost. */
  candidates: ScoredWindow[]
}

/** No window is left. The message says why, candidate by candidate. */
export class NoWindowError extends Error {
  readonly choice: WindowChoice

  constructor(choice: WindowChoice) {
    super([choice.why, ...whyNot(choice)].join('\n'))
    this.name = 'NoWindowError'
    this.choice = choice
  }
}

/**
 * Looks for the window of a release (P10): candidates over the horizon, scored, conflicts resolved by the next best one.
 * Preferred dates win as long as one of their windows is free; then the score decides, then the earlier start. An
 * emergency takes the earliest free one.
 */
export const chooseWindow = (
  wanted: Wanted & { facts: ScoreFacts },
  policy: SchedulePolicy,
  busy: readonly Busy[],
): WindowChoice => {
  for (const date of wanted.constraints?.preferred ?? []) dateOf(date)
  const searched = searchSpan(wanted, policy)
  const length = windowLength(wanted)
  const base = { zone: policy.zone, searched }
  if (typeof length === 'string') return { ...base, length: 0, chosen: null, why: length, candidates: [] }
  const dates = new Set(wanted.constraints?.preferred ?? [])
  const urgent = wanted.type === 'hotfix' || wanted.type === 'security'
  const ranked = candidates(wanted, length, policy, busy)
    .map((each) => ({
      ...each,
      preferred: dates.has(each.day),
      score: each.span ? scoreWindow(each.span, wanted.facts, policy, busy) : null,
    }))
    .sort((a, b) => rank(a, b, urgent))
  const chosen = ranked.find(isFree) ?? null
  return {
    ...base,
    length,
    chosen,
    why:
      explain(ranked, chosen, searched, policy.zone) +
      unmet(dates, ranked, searched, policy.zone) +
      passed(chosen, wanted, busy),
    candidates: ranked,
  }
}

/** As `chooseWindow`, for callers that cannot go on without one. @throws NoWindowError */
export const requireWindow = (
  ...given: Parameters<typeof chooseWindow>
): WindowChoice & { chosen: { span: Span } } => {
  const choice = chooseWindow(...given)
  if (!choice.chosen) throw new NoWindowError(choice)
  return { ...choice, chosen: choice.chosen }
}

const isFree = (each: ScoredWindow): each is ScoredWindow & { span: Span } =>
  each.conflicts.length === 0 && each.span !== null

const rank = (a: ScoredWindow, b: ScoredWindow, urgent: boolean): number => {
  const [start, other] = [a.span?.start ?? '9999', b.span?.start ?? '9999']
  const earlier = start < other ? -1 : start > other ? 1 : 0
  if (urgent) return earlier
  return (
    Number(b.preferred) - Number(a.preferred) || (b.score?.total ?? -1) - (a.score?.total ?? -1) || earlier
  )
}

const explain = (
  ranked: readonly ScoredWindow[],
  chosen: (ScoredWindow & { span: Span }) | null,
  searched: Span,
  zone: string,
): string => {
  if (!chosen) {
    return ranked.length === 0
      ? `no window: none of schedule.starts lies in ${showSpan(searched, zone)}`
      : `no window: each of the ${ranked.length} in ${showSpan(searched, zone)} has a conflict`
  }
  const better = ranked.slice(0, ranked.indexOf(chosen))
  const found = `${showSpan(chosen.span, zone)}, score ${chosen.score?.total ?? 0}`
  const lost = better[0]
  if (!lost) return `${found}: the best of ${ranked.length}${chosen.preferred ? ', on a preferred date' : ''}`
  const reason = lost.conflicts.map(({ text }) => text).join('; ')
  return `${found}: the next best of ${ranked.length}; ${better.length} before it ${better.length === 1 ? 'has a conflict' : 'have conflicts'}, the first ${lost.label} (${reason})`
}

/** Preferred dates on which no window could even be looked at: in the past, within the notice, or beyond the last day. */
const unmet = (
  dates: ReadonlySet<string>,
  ranked: readonly ScoredWindow[],
  searched: Span,
  zone: string,
): string => {
  const left = [...dates].filter((date) => !ranked.some(({ day }) => day === date))
  return left.length > 0 ? `; no window of ${left.join(', ')} lies in ${showSpan(searched, zone)}` : ''
}

/** What a release goes through because it is exempt from it, so that nobody finds out later. */
const passed = (
  chosen: (ScoredWindow & { span: Span }) | null,
  { type }: Pick<Wanted, 'type'>,
  busy: readonly Busy[],
): string => {
  const through = busy.filter(
    (each) => chosen && each.kind !== 'team' && each.exempt.includes(type) && overlaps(each, chosen.span),
  )
  return through.length > 0
    ? `; it lies in ${through.map(({ kind, title }) => `${kind} "${title}"`).join(', ')}, which does not hold a ${type} release`
    : ''
}

/** One line for each day and set of reasons, in order of time: which starts, and what stands against them. */
export const whyNot = ({ candidates: all }: Pick<WindowChoice, 'candidates'>): string[] => {
  const groups = new Map<string, { day: string; starts: string[]; reasons: string }>()
  const inOrder = all
    .filter(({ conflicts }) => conflicts.length > 0)
    .sort((a, b) => (a.day === b.day ? (a.label < b.label ? -1 : 1) : a.day < b.day ? -1 : 1))
  for (const { label, day, conflicts } of inOrder) {
    const reasons = conflicts.map(({ text }) => text).join('; ')
    const [weekday = '', , clock = ''] = label.split(' ')
    const group = groups.get(`${day} ${reasons}`) ?? { day: `${weekday} ${day}`, starts: [], reasons }
    group.starts.push(clock)
    groups.set(`${day} ${reasons}`, group)
  }
  return [...groups.values()].map(({ day, starts, reasons }) => `${day} ${starts.join(', ')}: ${reasons}`)
}
