import type { RecordEvent } from '../record/event.ts'
import { fold } from '../record/fold.ts'
import { bar, inline } from '../text/escape-markdown.ts'
import { showSeconds } from '../text/show-seconds.ts'

/** Each weight that was visited, with its verdict, and how it ended. */
export const rolloutSection = (events: readonly RecordEvent[]): string => {
  const { steps, ending } = fold(events)
  const rows = steps
    .slice(-50)
    .map(
      ({ weight, verdict, reason, seconds }) =>
        `| ${weight} % | ${bar(weight)} | ${inline(verdict ?? 'under way')} | ${inline(reason ?? '', 80)} | ${seconds === null ? '' : showSeconds(seconds)} |`,
    )
  const table =
    rows.length > 0
      ? `| traffic | | verdict | reason | time |\n|---|---|---|---|---|\n${rows.join('\n')}`
      : 'Nobody was exposed.'
  const end = ending
    ? `\n\nEnded ${ending.at.slice(0, 16).replace('T', ' ')} UTC: ${ending.state}, ${showSeconds(ending.seconds)} after it was planned.`
    : ''
  const doubts = events.findLast(({ kind }) => kind === 'deployed')?.data['doubts']
  const unproven =
    typeof doubts === 'string' ? `\n\n**Not proven by requests of users:** ${inline(doubts, 600)}` : ''
  return `## Rollout\n\n${table}${end}${unproven}`
}
