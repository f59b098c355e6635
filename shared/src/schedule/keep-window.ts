import type { SchedulePolicy } from '../config/schedule-policy.ts'
import type { Busy } from './busy.ts'
import type { WindowChoice } from './choose-window.ts'
import { epoch, iso, momentOf, type Span, showClock, showDay, showSpan, zoned } from './moment.ts'
import { typeRules } from './release-types.ts'
import { type ScoreFacts, scoreWindow } from './score.ts'
import { against, type Wanted, windowLength } from './window.ts'

/** The window that the revision before has, and the notice (seconds) that was given for it. */
export type Held = { window: Span; notice: number; revision: number }

/** What a caller asks for: a moment before which it must not begin, dates, a date by which it must be over; '' and [] for nothing. */
export type Asked = { notBefore: string; preferred: readonly string[]; by: string }

export type MoveCode =
  | 'requested'
  | 'window-passed'
  | 'conflict'
  | 'window-too-short'
  | 'longer-notice'
  | 'sooner'
export type WhyMove = { code: MoveCode; text: string }

/**
 * Why a window that people were told of cannot stay (row P10); null: it stays, however much better another one would score
 * today. One that is open stays as long as the rollout still fits into the rest of it.
 */
export const whyMove = (
  { window, notice }: Held,
  wanted: Wanted & { notice: number },
  asked: Asked,
  policy: SchedulePolicy,
  busy: readonly Busy[],
): WhyMove | null => {
  const because = (cause: MoveCode, text: string): WhyMove => ({ code: cause, text })
  const requested = unmet(window, asked, policy.zone)
  if (requested !== null) return because('requested', requested)
  const [now, start, end] = [epoch(wanted.now), epoch(window.start), epoch(window.end)]
  const length = windowLength(wanted)
  if (typeof length === 'string') return because('window-too-short', length)
  if (now > start && now + wanted.rollout * 1000 > end)
    return because('window-passed', 'the window passed, or too little of it is left for the rollout')
  if (end - start < length * 1000)
    return because(
      'window-too-short',
      `a ${wanted.type} release with this rollout needs a longer window (${Math.ceil(length / 60)} min)`,
    )
  if (wanted.notice > notice && start < now + wanted.notice * 1000)
    return because(
      'longer-notice',
      `what it ships now needs a longer notice (${Math.round(wanted.notice / 86_400)} days) than what it shipped before`,
    )
  const conflicts = against(window, wanted, policy, busy)
  if (conflicts.length > 0) return because('conflict', conflicts.map(({ text }) => text).join('; '))
  return null
}

/**
 * The notice, in seconds, that another window still needs: people who were told of a window know of the release, so that the next one
 * may follow as soon as the first would have come, unless what ships now needs a longer notice.
 */
export const noticeLeft = (held: Held | null, why: WhyMove | null, notice: number, now: string): number =>
  held === null || why?.code === 'longer-notice'
    ? notice
    : Math.min(notice, Math.max(0, Math.floor((epoch(held.window.start) - epoch(now)) / 1000)))

/** What was asked for and the window does not give, in words; null when it gives it, or nothing was asked. */
const unmet = (window: Span, { notBefore, preferred, by }: Asked, zone: string): string | null => {
  if (notBefore !== '' && epoch(window.start) < epoch(iso(momentOf(notBefore, zone))))
    return `not before ${notBefore} was asked for`
  const day = zoned(window.start, zone).toPlainDate().toString()
  if (preferred.length > 0 && !preferred.includes(day)) return `${preferred.join(', ')} was asked for`
  if (by !== '' && epoch(window.end) > epoch(iso(momentOf(by, zone, true)))) return `by ${by} was asked for`
  return null
}

/** Whether an emergency could begin earlier than the window that it has: then it does. */
export const sooner = ({ chosen }: WindowChoice, { window }: Held, { type, now }: Wanted): WhyMove | null =>
  typeRules[type].emergency &&
  chosen !== null &&
  epoch(chosen.span.start) < epoch(window.start) &&
  epoch(now) < epoch(window.start)
    ? { code: 'sooner', text: 'an emergency takes the earliest free window' }
    : null

/** The choice with the window that the revision before has in the place of the best one of today. */
export const keepChoice = (
  choice: WindowChoice,
  { window, revision }: Held,
  facts: ScoreFacts,
  policy: SchedulePolicy,
  busy: readonly Busy[],
): WindowChoice => {
  const at = zoned(window.start, policy.zone)
  const score = scoreWindow(window, facts, policy, busy)
  const chosen = {
    label: `${showDay(at)} ${showClock(at)} ${at.offset}`,
    day: at.toPlainDate().toString(),
    span: window,
    conflicts: [],
    notes: [],
    preferred: false,
    score,
  }
  const others = choice.candidates.filter(({ span }) => span?.start !== window.start)
  return {
    ...choice,
    length: (epoch(window.end) - epoch(window.start)) / 1000,
    chosen,
    why: `${showSpan(window, policy.zone)}, score ${score.total}: the window of revision ${revision}, which still holds`,
    candidates: [chosen, ...others],
  }
}
