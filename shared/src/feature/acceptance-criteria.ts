/** One criterion of an issue; `met` is null where it is no box that can be ticked. Text is untrusted. */
export type AcceptanceCriterion = { text: string; met: boolean | null }

/** GitHub takes no longer text of an issue. */
const longest = 65_536
const most = 100

const fence = /^ {0,3}(`{3,}|~{3,})/
const heading = /^ {0,3}(#{1,6})[ \t]+(\S.*)$/
const item = /^\s*(?:[-*+]|\d{1,9}[.)])[ \t]+(\S.*)$/
const box = /^\[([ xX])\][ \t]+(\S.*)$/

/**
 * The acceptance criteria of an issue: the list below the heading of that name (any level, any case), up to the next heading
 * that is not below it; without such a heading every box of the text. Code and comments hold none. At most 100.
 */
export const readCriteria = (body: string, name: string): AcceptanceCriterion[] => {
  const lines = textLines(body.slice(0, longest))
  const section = under(lines, name)
  const items = (section ?? lines).flatMap((line) => item.exec(line)?.[1] ?? [])
  const read = items.map((text): AcceptanceCriterion => {
    const [, tick, rest] = box.exec(text) ?? []
    return rest === undefined ? { text, met: null } : { text: rest, met: tick !== ' ' }
  })
  return (section ? read : read.filter(({ met }) => met !== null)).slice(0, most)
}

/** Lines outside of fenced code and comments; what opens first hides the other. */
const textLines = (body: string): string[] => {
  const lines: string[] = []
  let code: string | null = null
  let comment = false
  for (const line of body.split(/\r?\n/)) {
    if (code !== null) {
      const mark = fence.exec(line)?.[1]
      if (mark?.startsWith(code) && line.trim() === mark) code = null
      continue
    }
    const read = withoutComments(line, comment)
    comment = read.open
    const mark = fence.exec(read.text)?.[1]
    if (mark && !comment) code = mark
    else lines.push(read.text)
  }
  return lines
}

const withoutComments = (line: string, inside: boolean): { text: string; open: boolean } => {
  let text = ''
  let open = inside
  for (let at = 0; ; ) {
    const next = line.indexOf(open ? '-->' : '<!--', at)
    if (!open) text += line.slice(at, next < 0 ? undefined : next)
    if (next < 0) return { text, open }
    at = next + (open ? 3 : 4)
    open = !open
  }
}

/** null: no heading has that name. */
const under = (lines: readonly string[], name: string): string[] | null => {
  const wanted = plain(name)
  let level: number | null = null
  const found: string[] = []
  for (const line of lines) {
    const [, marks = '', title = ''] = heading.exec(line) ?? []
    if (marks === '') {
      if (level !== null) found.push(line)
      continue
    }
    if (level !== null && marks.length <= level) return found
    if (level === null && plain(title) === wanted) level = marks.length
  }
  return level === null ? null : found
}

const plain = (text: string): string =>
  text
    .replace(/[#*_:`]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase()
