import { inline } from '../text/escape-markdown.ts'
import type { WindowChoice } from './choose-window.ts'
import { showSpan } from './moment.ts'

/**
 * The windows as a Markdown table, best first, with the terms of the score and the conflicts of each; at most `limit` rows,
 * the rest is counted.
 */
export const windowTable = (choice: WindowChoice, limit = 20): string => {
  const names = choice.candidates.find(({ score }) => score)?.score?.terms.map(({ name }) => name) ?? []
  const rows = choice.candidates.slice(0, limit).map((each) => {
    const when = each.span ? showSpan(each.span, choice.zone) : each.label
    const mark =
      each === choice.chosen || (each.span && each.span.start === choice.chosen?.span.start) ? '**' : ''
    const points = names.map((_, index) => signed(each.score?.terms[index]?.points))
    const state =
      each.conflicts.length > 0 ? each.conflicts.map(({ text }) => text).join('; ') : each.notes.join('; ')
    const score = each.score ? String(each.score.total) : '–'
    return [`${mark}${when}${mark}`, score, ...points, inline(state || (mark ? 'chosen' : 'free'))]
  })
  const head = [`Window (${choice.zone})`, 'Score', ...names, 'Conflicts or notes']
  const left = choice.candidates.length - rows.length
  return [
    row(head),
    row(head.map((_, index) => (index > 0 && index <= names.length + 1 ? '---:' : '---'))),
    ...rows.map(row),
    ...(left > 0 ? ['', `${left} more windows were looked at.`] : []),
  ].join('\n')
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

const signed = (points: number | undefined): string =>
  points === undefined ? '–' : points === 0 ? '0' : `${points > 0 ? '+' : '−'}${Math.abs(points)}`
