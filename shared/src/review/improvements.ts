import { code, inline } from '../text/escape-markdown.ts'
import type { Review } from './review.ts'

type Most = { rows: number; characters: number }

/** What is left to do as boxes that stay ticked, and the criteria that the release asks for (rows L5, L6). */
export const showImprovements = (
  { improvements, proposed }: Review,
  { rows, characters }: Most = { rows: 50, characters: 500 },
): string => {
  const boxes = improvements
    .slice(0, rows)
    .map(
      ({ id, text, owner }) =>
        `- [ ] ${code(id)} ${inline(text, characters)}${owner === '' ? '' : `: ${inline(owner, 80)}`}`,
    )
  const criteria = proposed
    .slice(0, rows)
    .map(({ id, text, why }) => `- ${code(id)} ${inline(text, characters)}, because ${inline(why, 200)}`)
  const left = improvements.length - boxes.length
  return [
    boxes.length > 0 ? boxes.join('\n') : 'Nothing follows from what is known.',
    ...(left > 0 ? [`and ${left} more.`] : []),
    ...(criteria.length > 0 ? [`Criteria that this release asks for:\n\n${criteria.join('\n')}`] : []),
  ].join('\n\n')
}
