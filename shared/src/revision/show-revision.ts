import { lateLine } from '../freeze/show-freeze.ts'
import { showItem } from '../plan/show-item.ts'
import { inline } from '../text/escape-markdown.ts'
import type { RevisionChange } from './what-changed.ts'

/** What a new revision changes and voids, for an approver who saw the one before. */
export const showRevision = ({
  from,
  added,
  removed,
  differs,
  entered,
  voids,
  voidsApproval,
}: RevisionChange): string => {
  const list = (word: string, items: readonly string[]): string[] =>
    items.length === 0
      ? []
      : [
          `- ${word}: ${items
            .slice(0, 10)
            .map((item) => showItem(item))
            .join(', ')}${items.length > 10 ? ` and ${items.length - 10} more` : ''}`,
        ]
  const lost = voids.map(({ role, by }) => `${inline(role)} (${inline(by)})`)
  return [
    `## Since revision ${from}`,
    '',
    ...list('Added', added),
    ...list('Gone', removed),
    ...(differs.length > 0 ? [`- Different: ${differs.map((part) => inline(part, 200)).join('; ')}`] : []),
    ...entered.slice(0, 10).map((change) => `- ${lateLine(change)}`),
    lost.length > 0
      ? `- **Void**: the sign-off of ${lost.join(' and ')}; it was for revision ${from} only`
      : '- Void: no sign-off had been given',
    ...(voidsApproval ? [`- **Void**: the approval of revision ${from}`] : []),
  ].join('\n')
}
