import { showShipBy } from '../schedule/show-ship-by.ts'
import { inline } from '../text/escape-markdown.ts'
import { showSeconds } from '../text/show-seconds.ts'
import type { Plan } from './plan.ts'
import { showItem } from './show-item.ts'

/** Markdown that is drawn from the schedule beside the plan: windows with their scores, timeline, chart. */
export type Drawn = { windows?: string; timeline?: string; chart?: string }

type Schedule = NonNullable<Plan['schedule']>

const day = 86_400

/** The window in the words of the schedule: `Tue 2026-03-31 08:00–10:00 +02:00`. */
export const showWindow = ({ why, window, zone, notice }: Schedule): string => {
  if (!window) return 'no window is free'
  const [when = ''] = why.split(', score ')
  const told = notice === 0 ? 'at once, without notice' : `after a notice of ${showNotice(notice)}`
  return `${inline(when)} (${inline(zone)}), ${told}`
}

const showNotice = (seconds: number): string =>
  seconds % day === 0 ? `${seconds / day} ${seconds === day ? 'day' : 'days'}` : showSeconds(seconds)

/** When it happens, why then, the way there, and whether a gate holds the rollout to it. */
export const showSchedule = ({ schedule, policy }: Plan, { windows, timeline, chart }: Drawn): string => {
  if (!schedule) return ''
  const terms = (schedule.score?.terms ?? [])
    .filter(({ points }) => points !== 0)
    .map(({ name, points, source }) => `${points > 0 ? '+' : '−'}${Math.abs(points)} ${name} (${source})`)
  const [, choice = schedule.why] = /^.*?, score [\d.]+: (.*)$/s.exec(schedule.why) ?? []
  const chosen = `It is ${choice}.`
  const score = schedule.score ? ` Score ${schedule.score.total}: 100 ${terms.join(' ')}.` : ''
  const late = schedule.tasks.filter(({ late }) => late)
  const behind =
    late.length > 0
      ? `\n\n${late.length} of ${schedule.tasks.length} tasks should have begun: ${inline(
          late
            .slice(0, 5)
            .map(({ name, owner }) => `${name} (${owner})`)
            .join(', '),
          400,
        )}${late.length > 5 ? ', …' : ''}.`
      : ''
  const train = schedule.train ? `\n\n${showTrain(schedule.train, schedule.zone)}${rides(schedule)}` : ''
  const shipBy = schedule.shipBy ? `\n\n${showShipBy(schedule.shipBy, schedule.tasks)}` : ''
  const fold = (title: string, text: string | undefined): string =>
    text ? `\n\n<details><summary>${title}</summary>\n\n${text}\n\n</details>` : ''
  return `## When

**${showWindow(schedule)}.** ${inline(`${chosen}${score}`, 1_000)}

${binding(policy.schedule.window)}${train}${shipBy}${behind}${fold('The way there: milestones and tasks', timeline)}${fold('Chart', chart)}${fold(`The ${schedule.considered} windows that were looked at`, windows)}`
}

const binding = (window: Plan['policy']['schedule']['window']): string =>
  window === 'enforce'
    ? 'Nothing is exposed outside of it: the last gate refuses before it begins, and when the rollout no longer fits into it.'
    : 'This is a proposal: no gate holds the rollout to the window (`schedule.window: advise`), and a run that is approved goes on at once.'

/** Dates that a caller asks for win over the train's. */
const rides = ({ train, window, zone }: Schedule): string =>
  train && window && dayIn(train.at, zone) !== dayIn(window.start, zone)
    ? ' **The window above is on another day than this departure.**'
    : ''

const showTrain = (
  { name, at, cutoff, aboard, missed, next }: NonNullable<Schedule['train']>,
  zone: string,
): string => {
  const late =
    missed.length > 0
      ? ` ${missed.length} missed it and ride the next${next ? ` (${local(next, zone)})` : ''}: ${missed
          .slice(0, 3)
          .map((item) => showItem(item, 60))
          .join(' · ')}${missed.length > 3 ? ', …' : ''}.`
      : ''
  return `Train **${inline(name)}** leaves ${local(at, zone)}, cutoff ${local(cutoff, zone)} (${inline(zone)}): ${aboard} ${aboard === 1 ? 'change is' : 'changes are'} aboard.${late}`
}

/** To the minute, by the clocks of a zone. By parts, because what a locale makes of a date changes between runtimes. */
const local = (instant: string, zone: string): string => {
  const two = '2-digit' as const
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    year: 'numeric',
    month: two,
    day: two,
    hour: two,
    minute: two,
    hourCycle: 'h23',
  }).formatToParts(new Date(instant))
  const part = (name: string) => parts.find(({ type }) => type === name)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}`
}

const dayIn = (instant: string, zone: string): string => local(instant, zone).slice(0, 10)
