import type { Change } from '../scope/change.ts'
import { sectionOf, shippedChanges } from './note-sections.ts'

export type Highlight = { word: 'New' | 'Improved' | 'Highlight'; change: Change }

const most = 5

/**
 * Row N2, at most 5: the changes labelled `highlight`; without any, the first three new features, then up to two
 * improvements. What breaks is told on its own, before the highlights.
 */
export const highlights = (changes: readonly Change[]): Highlight[] => {
  const shipped = shippedChanges(changes)
  const chosen = shipped.filter((change) => change.labels.some((label) => /^highlight$/i.test(label)))
  if (chosen.length > 0) return chosen.slice(0, most).map((change) => ({ word: wordOf(change), change }))
  const features = shipped.filter((change) => change.kind === 'feat' && sectionOf(change) !== 'Other Changes')
  const better = shipped.filter((change) =>
    ['Improvements', 'Performance Improvements'].includes(sectionOf(change)),
  )
  return [...features.slice(0, 3), ...better.slice(0, 2)].map((change) => ({ word: wordOf(change), change }))
}

const wordOf = (change: Change): Highlight['word'] => {
  if (change.kind === 'feat') return 'New'
  return change.kind === 'improve' || change.kind === 'perf' ? 'Improved' : 'Highlight'
}
