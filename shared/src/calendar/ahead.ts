import { communicationPlan } from '../communication/communication-plan.ts'
import type { SchedulePolicy } from '../config/schedule-policy.ts'
import type { Busy } from '../schedule/busy.ts'
import { nextDeparture } from '../schedule/train.ts'
import { inline } from '../text/escape-markdown.ts'
import { type Dated, instant, waiting } from './act.ts'

const day = 86_400_000
/** Notices are told a week before, what keeps releases out four. */
const soon = 7 * day
export const aheadDays = 28
const mostLines = 20

/**
 * What comes (row W1), each in a line of Markdown: who is to hear of a release within a week (relman sends nothing itself), freezes
 * and holidays of four weeks, the next train. `busy` as a sentence: why it could not be read.
 */
export const aheadOf = (
  releases: readonly Dated[],
  schedule: SchedulePolicy,
  busy: readonly Busy[] | string,
  now: string,
): string[] => {
  const known = typeof busy === 'string' ? [] : busy
  return [
    ...(typeof busy === 'string' ? [`- What keeps releases out is not known: ${inline(busy, 500)}`] : []),
    ...held(known, now),
    ...departure(schedule, known, now),
    ...releases.flatMap((dated) => notices(dated, now)),
  ].slice(0, mostLines)
}

const held = (busy: readonly Busy[], now: string): string[] =>
  busy
    .filter(({ kind, start, end }) => {
      const begins = Date.parse(start) - Date.parse(now)
      return (
        (kind === 'freeze' || kind === 'holiday') &&
        Date.parse(end) > Date.parse(now) &&
        begins < aheadDays * day
      )
    })
    .sort((a, b) => Date.parse(a.start) - Date.parse(b.start))
    .map(
      ({ kind, title, source, start, end }) =>
        `- ${kind === 'freeze' ? 'Freeze' : 'Holiday'}: ${inline(title, 120)} (${inline(source, 120)}), ${instant(start)} to ${instant(end)}`,
    )

const departure = (schedule: SchedulePolicy, busy: readonly Busy[], now: string): string[] => {
  const next = schedule.trains.length === 0 ? null : nextDeparture(schedule, now, busy, aheadDays)
  return next
    ? [
        `- Departure: ${inline(next.train, 100)} (${next.type}), ${instant(next.at)}; aboard is what is merged by ${instant(next.cutoff)}`,
      ]
    : []
}

const notices = ({ plan, state }: Dated, now: string): string[] => {
  if (!waiting.includes(state) || plan.embargo?.public) return []
  const coming = communicationPlan(plan).messages.filter(({ at }) => {
    const left = at === null ? -1 : Date.parse(at) - Date.parse(now)
    return left >= 0 && left < soon
  })
  const moments = [...new Set(coming.map(({ moment, at }) => `${at} ${moment}`))].sort()
  return moments.flatMap((one) => {
    const same = coming.filter(({ moment, at }) => `${at} ${moment}` === one)
    const [{ at, what } = { at: null, what: '' }] = same
    const to = [...new Set(same.map(({ who, channel }) => `${who} (${channel})`))]
    return at === null
      ? []
      : [
          `- Notice: ${instant(new Date(at).toISOString())}, ${inline(what, 200)}. To: ${inline(to.join(', '), 300)}`,
        ]
  })
}
