import { ConfigurationError } from '../config/configuration-error.ts'

/** One logical line of an iCalendar file (RFC 5545, 3.1); `line` is where it begins, from 1. */
export type ContentLine = { name: string; parameters: Record<string, string>; value: string; line: number }

export type Component = { name: string; line: number; lines: ContentLine[]; children: Component[] }

const partLimit = 50_000

/** Reads an iCalendar file into its components. @throws ConfigurationError naming file and line */
export const readComponents = (text: string, file: string): Component[] => {
  const root: Component = { name: '', line: 1, lines: [], children: [] }
  const open = [root]
  let count = 0
  for (const line of contentLines(text, file)) {
    const here = open.at(-1) ?? root
    const fault = (message: string) => new ConfigurationError(message, { file, line: line.line })
    if (line.name === 'BEGIN') {
      count += 1
      if (count > partLimit || open.length > 20) throw fault('holds more than a calendar may')
      const child = { name: line.value.toUpperCase(), line: line.line, lines: [], children: [] }
      if (here === root && child.name !== 'VCALENDAR') throw fault('a calendar begins with BEGIN:VCALENDAR')
      here.children.push(child)
      open.push(child)
    } else if (line.name === 'END') {
      if (line.value.toUpperCase() !== here.name || here === root)
        throw fault(
          `END:${line.value.slice(0, 40)} closes nothing that is open (${here.name || 'nothing'} is)`,
        )
      open.pop()
    } else if (here === root) {
      throw fault('a calendar begins with BEGIN:VCALENDAR')
    } else {
      here.lines.push(line)
    }
  }
  const left = open.at(-1) ?? root
  if (left !== root)
    throw new ConfigurationError(`BEGIN:${left.name} has no END:${left.name}; the file may be cut off`, {
      file,
      line: left.line,
    })
  if (root.children.length === 0)
    throw new ConfigurationError('is no iCalendar file: it holds no BEGIN:VCALENDAR', { file, line: 1 })
  return root.children
}

const contentLines = (text: string, file: string): ContentLine[] =>
  unfold(text).map(({ text: whole, line }) => {
    const parsed = parse(whole)
    if (!parsed) {
      const shown = whole.length > 40 ? `${whole.slice(0, 40)}…` : whole
      throw new ConfigurationError(`${JSON.stringify(shown)} is no line of an iCalendar file (NAME:value)`, {
        file,
        line,
      })
    }
    return { ...parsed, line }
  })

const unfold = (text: string): Array<{ text: string; line: number }> => {
  const lines: Array<{ parts: string[]; line: number }> = []
  text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
    .forEach((physical, index) => {
      const last = lines.at(-1)
      if (/^[ \t]/.test(physical) && last) last.parts.push(physical.slice(1))
      else if (physical !== '') lines.push({ parts: [physical], line: index + 1 })
    })
  return lines.map(({ parts, line }) => ({ text: parts.join(''), line }))
}

const parse = (text: string): Omit<ContentLine, 'line'> | null => {
  const name = /^[A-Za-z0-9-]+/.exec(text)?.[0]
  if (name === undefined) return null
  const parameters: Record<string, string> = Object.create(null)
  const parameter = /;([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)/y
  let at = name.length
  while (text[at] === ';') {
    parameter.lastIndex = at
    const match = parameter.exec(text)
    if (!match) return null
    parameters[(match[1] ?? '').toUpperCase()] = (match[2] ?? '').replaceAll('"', '')
    at = parameter.lastIndex
  }
  return text[at] === ':' ? { name: name.toUpperCase(), parameters, value: text.slice(at + 1) } : null
}

export const first = (component: Component, name: string): ContentLine | undefined =>
  component.lines.find((line) => line.name === name)

export const all = (component: Component, name: string): ContentLine[] =>
  component.lines.filter((line) => line.name === name)

/** TEXT without its escapes (RFC 5545, 3.3.11). */
export const plainText = (value: string): string =>
  value.replace(/\\([\\;,nN])/g, (_, kind: string) => (kind === 'n' || kind === 'N' ? ' ' : kind))
