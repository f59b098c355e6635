import { releaseTextLimit } from './release-notes.ts'

const begin = '<!-- relman notes begin -->'
const end = '<!-- relman notes end -->'

/**
 * The text of a GitHub Release with our part between two markers. What people wrote around the markers stays as it is;
 * a text without markers stays on top of ours. Doing it twice changes nothing. `write` fits our part into what is left.
 */
export const releaseBody = (existing: string | null, write: (limit: number) => string): string => {
  const text = (existing ?? '').replace(/\r\n/g, '\n')
  const from = text.indexOf(begin)
  const to = text.lastIndexOf(end)
  const marked = from >= 0 && to > from
  const before = marked ? text.slice(0, from) : text.trim() === '' ? '' : `${text.trimEnd()}\n\n`
  const after = marked ? text.slice(to + end.length) : ''
  const room = releaseTextLimit - before.length - after.length - begin.length - end.length - 4
  if (room < 200) return text
  return `${before}${begin}\n${write(room)}\n${end}${after}`
}
