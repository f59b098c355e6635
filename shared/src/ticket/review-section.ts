import { showImprovements } from '../review/improvements.ts'
import { reviewOf } from '../review/review.ts'
import { reviewWords } from '../review/review-pages.ts'
import { showMeasured } from '../review/show-measured.ts'
import type { TicketFacts } from './ticket-facts.ts'

/** A ticket holds 65,536 characters, and other sections want some. */
const mostRows = 12

/** What the post-release review found, and what is left to do as boxes; nothing before it. */
export const reviewSection = ({ events }: TicketFacts): string => {
  const reviewed = reviewOf(events)
  if (!reviewed) return ''
  return [
    '## Review',
    `Reviewed ${reviewed.event.at.slice(0, 16).replace('T', ' ')} UTC: ${reviewWords(reviewed)}.`,
    showMeasured(reviewed, mostRows),
    '### Improvements',
    showImprovements(reviewed.review, { rows: 15, characters: 200 }),
  ].join('\n\n')
}
