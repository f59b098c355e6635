import type { RecordEvent } from '../record/event.ts'
import { fold } from '../record/fold.ts'
import { code, inline } from './escape-markdown.ts'
import type { Noted } from './noted.ts'
import { showSeconds } from './show-seconds.ts'

/** What finds the ticket of a release again. Service and version hold no character that could end a comment. */
export const ticketMarker = ({ service, version }: Pick<Noted, 'service' | 'version'>): string =>
  `relman:ticket:${service}:${version}`

const shown = 200

/** The ticket of a release as its record tells it: where it stands, what it is, what happened. Events are untrusted text. */
export const releaseTicket = (
  plan: Noted,
  digest: string,
  events: readonly RecordEvent[],
  runUrl: string,
): string => {
  const release = fold(events)
  const rows = events
    .slice(-shown)
    .map(
      (event) =>
        `| ${event.seq} | ${event.at.slice(0, 19).replace('T', ' ')} | ${event.kind} | ${inline(detail(event), 160)} | ${inline(event.actor, 60)} |`,
    )
  const ending = release.ending
  return [
    `**${inline(plan.service)} ${inline(plan.version)}** is **${release.state ?? 'unknown'}**${ending?.error ? `: ${inline(ending.error, 300)}` : ''}.`,
    '',
    `- Risk: ${plan.risk.level}; ${plan.changes.length + plan.unlisted.changes} changes${plan.previous ? ` since ${inline(plan.previous.version)}` : ''}`,
    `- Plan: ${code(digest)}, revision ${plan.revision}, commit ${code(plan.sha.slice(0, 12))}`,
    `- Way back: ${plan.rollback.previous === null ? 'none, the first release' : `${inline(plan.rollback.previous)}, at most ${showSeconds(plan.rollback.seconds)}`}`,
    ...(ending?.rollback
      ? [
          `- Rolled back: ${ending.rollback.recovered ? 'yes' : 'NOT'}${ending.rollback.seconds === null ? '' : `, in ${ending.rollback.seconds} s`}`,
        ]
      : []),
    `- Last run: ${runUrl}`,
    '',
    '| # | at (UTC) | event | what | by |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

const detail = ({ kind, data, digest }: RecordEvent): string => {
  const words = [
    'stage',
    'role',
    'by',
    'decision',
    'weight',
    'verdict',
    'reason',
    'reasonCode',
    'error',
    'tag',
  ].flatMap((name) => {
    const value = data[name]
    return typeof value === 'string' && value !== ''
      ? [value]
      : typeof value === 'number'
        ? [`${value} %`]
        : []
  })
  return kind === 'planned'
    ? `revision ${String(data['revision'] ?? '')}, plan ${(digest ?? '').slice(0, 12)}`
    : words.join(', ')
}
