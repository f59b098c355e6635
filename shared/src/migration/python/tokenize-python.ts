import type { Comment, Doubt } from '../token.ts'

/**
 * A piece of Python. `text` of a string is its content where that is plain, and null where it is made at run time or holds
 * escapes that are not read here. `first`: it begins a logical line; `column` is where, from 0.
 */
export type PythonToken = {
  kind: 'name' | 'string' | 'number' | 'symbol'
  text: string | null
  line: number
  column: number
  /** How many brackets are open around it. */
  depth: number
  first: boolean
  /** A string that runs what stands in its braces. */
  runs?: true
}

export type PythonTokens = { tokens: PythonToken[]; comments: Comment[]; doubts: Doubt[] }

const space = /(?:[ \t]|\f(?=[ \t\r]*(?:\n|$))|\r(?=\n|$))+/y
/** What Python reads otherwise than it looks: a carriage return ends a line there, an encoding may hide one, and NUL ends the text. */
const disguises: readonly (readonly [RegExp, string])[] = [
  [/\r(?!\n|$)/, 'a carriage return inside a line'],
  [/\0/, 'a character that is not read'],
  [/^(?:[^\n]*\n)?[ \t\f]*#[^\n]*?coding[:=](?![ \t]*utf[-_]?8(?![-\w.]))/i, 'an encoding other than UTF-8'],
]
const lineBreak = /\n/y
const joined = /\\\r?\n/y
const comment = /#[^\n]*/y
const quote = /([A-Za-z]{0,2})("""|'''|"|')/y
const name = /[A-Za-z_][A-Za-z_0-9]*/y
const number = /\d[\w.]*/y
const symbol = /\*\*=?|->|:=|[-+*/%&|^=!<>@]=|[-+*/%&|^=!<>@~.,:;()[\]{}]/y

/** Reads Python as its tokens. What this reader cannot be sure of is a doubt, and the file is then not understood. */
export const tokenizePython = (text: string): PythonTokens => {
  const tokens: PythonToken[] = []
  const comments: Comment[] = []
  const doubts: Doubt[] = []
  const open: string[] = []
  let at = 0
  let line = 1
  let lineStart = 0
  let first = true
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found) at = pattern.lastIndex
    return found
  }
  const end = (why: string): PythonTokens => ({ tokens, comments, doubts: [...doubts, { line, why }] })
  const add = (kind: PythonToken['kind'], value: string | null, column: number, from = line): void => {
    tokens.push({ kind, text: value, line: from, column, depth: open.length, first })
    first = false
  }
  const disguise = disguises.find(([pattern]) => pattern.test(text))
  if (disguise) return end(disguise[1])
  while (at < text.length) {
    const column = at - lineStart
    if (match(space)) continue
    if (match(joined)) {
      if (first) return end('a line that begins with a backslash')
      line += 1
      lineStart = at
      continue
    }
    if (match(lineBreak)) {
      line += 1
      lineStart = at
      first ||= open.length === 0
      continue
    }
    const said = match(comment)
    if (said) {
      comments.push({ line, text: said[0].slice(1).trim() })
      continue
    }
    const quoted = match(quote)
    if (quoted) {
      const found = readString(text, at, quoted[1] ?? '', quoted[2] ?? '')
      if (typeof found === 'string') return end(found)
      add('string', found.value, column)
      const added = tokens.at(-1)
      if (added && /[ft]/i.test(quoted[1] ?? '')) added.runs = true
      for (let here = at; here < found.end; here += 1)
        if (text[here] === '\n') {
          line += 1
          lineStart = here + 1
        }
      at = found.end
      continue
    }
    const word = match(name)
    if (word) {
      add('name', word[0], column)
      continue
    }
    if (match(number)) {
      add('number', null, column)
      continue
    }
    const sign = match(symbol)?.[0]
    // Python reads letters of other alphabets as the plain ones that they look like.
    if (sign === undefined) return end('a character that is not read')
    if (')]}'.includes(sign)) {
      if (open.pop() !== sign) return end('brackets that do not fit')
      add('symbol', sign, column)
      continue
    }
    add('symbol', sign, column)
    if (sign === '(') open.push(')')
    if (sign === '[') open.push(']')
    if (sign === '{') open.push('}')
  }
  return open.length > 0 ? end('a bracket that is not closed') : { tokens, comments, doubts }
}

const prefixes = /^(?:r|u|b|f|t|br|rb|fr|rf|tr|rt)?$/i
const escapes: Record<string, string> = { n: '\n', t: '\t', '\\': '\\', "'": "'", '"': '"', '\n': '' }

/** A string from behind its opening quote; a sentence where it cannot be told where it ends. */
const readString = (
  text: string,
  from: number,
  prefix: string,
  quotes: string,
): { value: string | null; end: number } | string => {
  if (!prefixes.test(prefix)) return 'a string of an unknown kind'
  const made = /[ftb]/i.test(prefix)
  const raw = /r/i.test(prefix)
  let value: string | null = made ? null : ''
  let inner = 0
  for (let at = from; at < text.length; at += 1) {
    const sign = text[at] ?? ''
    if (text.startsWith(quotes, at)) {
      if (inner > 0) return 'a string whose end depends on the version of Python'
      return { value, end: at + quotes.length }
    }
    if (sign === '\n' && quotes.length === 1) return 'a string that is not closed'
    if (sign === '\\') {
      const next = text[at + 1] ?? ''
      const plain = raw ? `\\${next}` : escapes[next]
      value = value === null || plain === undefined ? null : value + plain
      at += 1
      continue
    }
    if (/[ft]/i.test(prefix) && (sign === '{' || sign === '}')) {
      if (text[at + 1] === sign && inner === 0) at += 1
      else inner += sign === '{' ? 1 : -1
    }
    if (value !== null) value += sign
  }
  return 'a string that is not closed'
}
