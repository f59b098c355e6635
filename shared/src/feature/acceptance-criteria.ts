/** One criterion of an issue; `met` is null where it is no box that can be ticked. Text is untrusted. */
export type AcceptanceCriterion = { text: string; met: boolean | null }

/** GitHub takes 65,536 characters, of which each may be two UTF-16 units. */
const longest = 131_072

const fence = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/
const heading = /^ {0,3}(#{1,6})[ \t]+(\S.*)$/
const item = /^[\s>]*(?:[-*+]|\d{1,9}[.)])[ \t]+(\S.*)$/
const box = /^\[([ xX])\][ \t]+(\S.*)$/

/**
 * The acceptance criteria of an issue: the list below the heading of that name (any level, any case), up to the next heading
 * that is not below it; without such a heading every box of the text. Code and comments hold none. All of them: one that was
 * left out would count as met.
 */
export const readCriteria = (body: string, name: string): AcceptanceCriterion[] => {
  const lines = textLines(body.slice(0, longest))
  const section = under(lines, name)
  const items = (section ?? lines).flatMap((line) => item.exec(line)?.[1] ?? [])
  const read = items.map((text): AcceptanceCriterion => {
    const [, tick, rest] = box.exec(text) ?? []
    return rest === undefined ? { text, met: null } : { text: rest, met: tick !== ' ' }
  })
  return section ? read : read.filter(({ met }) => met !== null)
}

/** Lines outside of fenced code and comments; what opens first hides the other. What a page shows as text is text. */
const textLines = (body: string): string[] => {
  const lines: string[] = []
  const all = body.split(/\r?\n/)
  const closes = closing(all)
  let code: string | null = null
  let comment = false
  for (const [at, line] of all.entries()) {
    if (code !== null) {
      const mark = fence.exec(line)?.[1]
      if (mark?.startsWith(code) && line.trim() === mark) code = null
      continue
    }
    const read = withoutComments(line, comment, closes[at + 1] ?? false)
    comment = read.open
    const mark = fence.exec(read.text)?.[1]
    if (mark && !comment) code = mark
    else lines.push(read.text)
  }
  return lines
}

/** For each line whether a comment that is open before it ends in its paragraph. */
const closing = (lines: readonly string[]): boolean[] => {
  const closes: boolean[] = []
  for (let at = lines.length - 1; at >= 0; at -= 1) {
    const line = lines[at] ?? ''
    closes[at] = line.includes('-->') || (line.trim() !== '' && (closes[at + 1] ?? false))
  }
  return closes
}

/** One that begins in the middle of a line is a comment only where it ends in the same paragraph. */
const withoutComments = (line: string, inside: boolean, closes: boolean): { text: string; open: boolean } => {
  let at = 0
  if (inside) {
    const end = line.indexOf('-->')
    if (end < 0) return { text: '', open: true }
    at = end + 3
  }
  let text = ''
  // One that begins a line is a comment to its end, wherever that is.
  const first = /^ {0,3}<!--/.test(line)
  for (;;) {
    const start = commentIn(line, at)
    if (start < 0) return { text: text + line.slice(at), open: false }
    // `<!-->` is a whole one.
    const end = line.indexOf('-->', start + 2)
    if (end < 0) {
      if ((first && line.slice(0, start).trim() === '') || closes)
        return { text: text + line.slice(at, start), open: true }
      return { text: text + line.slice(at), open: false }
    }
    text += line.slice(at, start)
    at = end + 3
  }
}

/** Where a comment begins that is not written as code; -1 for nowhere. */
const commentIn = (line: string, from: number): number => {
  const marks = /(?<!`)`+(?!`)|<!--/g
  marks.lastIndex = from
  for (let mark = marks.exec(line); mark; mark = marks.exec(line)) {
    if (mark[0] === '<!--') return mark.index
    const end = codeEnd(line, mark.index + mark[0].length, mark[0].length)
    if (end > 0) marks.lastIndex = end
  }
  return -1
}

/** The end of inline code that was opened by so many backticks; -1 where nothing closes it. */
const codeEnd = (line: string, from: number, length: number): number => {
  const runs = /`+/g
  runs.lastIndex = from
  for (let run = runs.exec(line); run; run = runs.exec(line))
    if (run[0].length === length) return run.index + length
  return -1
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
