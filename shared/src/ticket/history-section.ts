import type { RecordEvent } from '../record/event.ts'
import { inline } from '../text/escape-markdown.ts'

const told = [
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
  'branch',
]

/** The last `rows` events of the record. Their text is untrusted. */
export const historySection = (events: readonly RecordEvent[], rows: number): string => {
  const shown = rows === 0 ? [] : events.slice(-rows)
  const lines = shown.map(
    (event) =>
      `| ${event.seq} | ${event.at.slice(0, 19).replace('T', ' ')} | ${event.kind} | ${inline(detail(event), 160)} | ${inline(event.actor, 60)} |`,
  )
  const left = events.length - shown.length
  const rest = left > 0 ? `\n\n${left} earlier ones are in the branch relman-record.` : ''
  return `<details><summary>History (${events.length})</summary>\n\n| # | at (UTC) | event | what | by |\n|---|---|---|---|---|\n${lines.join('\n')}${rest}\n\n</details>`
}

const detail = ({ kind, data, digest }: RecordEvent): string => {
  if (kind === 'planned')
    return `revision ${String(data['revision'] ?? '')}, plan ${(digest ?? '').slice(0, 12)}`
  const about = kind.startsWith('promot') ? ['environment', ...told] : told
  const words = about.flatMap((name) => {
    const value = data[name]
    if (typeof value === 'number') return [`${value} %`]
    return typeof value === 'string' && value !== '' ? [value] : []
  })
  // An error and its reason are often one word.
  return [...new Set(words)].join(', ')
}
