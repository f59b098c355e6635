import type { Dialect } from './dialect.ts'
import type { Comment, Doubt, Token, Tokens } from './token.ts'

const blank = /[\s\u00a0\ufeff]+/y
const word = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y
const number = /\d[\w.]*/y
const dollar = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y
const bracket = /\[[A-Za-z_][\w $.-]*\]/y
const template = /\{|<%|\$\{|#\{|%\(\w+\)s|%s\b/y
const variable = /:(?:[A-Za-z_'"])/y

/**
 * Splits SQL of any dialect into tokens. Comments, quotes and dollar quotes hide what is in them. Where dialects differ
 * (backslashes in text, `#`, nested or executed comments) and the dialect is unknown, or where something is no SQL at all
 * (psql commands, templates, variables), a doubt says so. Time grows with the length only.
 */
export const tokenizeSql = (sql: string, dialect: Dialect): Tokens => {
  const tokens: Token[] = []
  const comments: Comment[] = []
  const doubts: Doubt[] = []
  let at = 0
  let line = 1
  let tokenEnd = -1
  const doubt = (why: string) => doubts.push({ line, why })
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    return pattern.exec(sql)?.[0]
  }
  let newline = sql.indexOf('\n')
  const pass = (to: number) => {
    for (; newline !== -1 && newline < to; newline = sql.indexOf('\n', newline + 1)) line += 1
    at = to
  }
  const push = (kind: Token['kind'], text: string, to: number) => {
    tokens.push({ kind, text, line })
    pass(to)
    tokenEnd = at
  }
  const lineEnd = (): number => {
    const end = sql.indexOf('\n', at)
    return end === -1 ? sql.length : end
  }
  const comment = (from: number, to: number, after: number) => {
    comments.push({ line, text: sql.slice(from, to).trim() })
    pass(after)
  }
  /** Finds the end of quoted text from its first character on; -1 when it has none. */
  const quoteEnd = (quote: string, escapes: boolean): number => {
    for (let each = at + 1; each < sql.length; each += 1) {
      if (sql[each] === '\\') {
        if (escapes) each += 1
        else if (sql[each + 1] === quote && dialect === 'unknown')
          doubt('text ends elsewhere in MySQL than in PostgreSQL (a backslash before a quote)')
      } else if (sql[each] === quote) {
        if (sql[each + 1] !== quote) return each + 1
        each += 1
      }
    }
    return -1
  }
  const quoted = (kind: 'string' | 'name', quote: string, escapes: boolean) => {
    const end = quoteEnd(quote, escapes)
    if (end === -1) doubt('a quote is never closed')
    const to = end === -1 ? sql.length : end
    push(kind, sql.slice(at + 1, to - 1).replaceAll(quote + quote, quote), to)
  }
  const dashes = () => {
    const end = lineEnd()
    const rest = sql.slice(at + 2, end)
    const last = tokens.at(-1)
    const operand = last?.line === line && last.text !== ';' && last.text !== ','
    if (operand && /^[^\s-]/.test(rest) && dialect === 'mysql') return push('symbol', '-', at + 1)
    if (operand && tokenEnd === at && /^[^\s-].*[;,]/.test(rest) && dialect === 'unknown')
      doubt('"--" without a space after it is no comment in MySQL')
    return remark(at + 2, end)
  }
  /** A comment to the end of its line, which a carriage return ends in PostgreSQL. */
  const remark = (from: number, end: number) => {
    if (/\r[\s\S]/.test(sql.slice(from, end))) doubt('a carriage return inside a comment')
    return comment(from, end, end)
  }
  const block = () => {
    const executed = /^\/\*M?!/.test(sql.slice(at, at + 4)) && (dialect === 'mysql' || dialect === 'unknown')
    if (executed) doubt('a comment that MySQL executes (/*! … */)')
    let depth = 1
    let nested = false
    let end = at + 2
    for (; depth > 0 && end < sql.length; end += 1) {
      const two = sql.slice(end, end + 2)
      if (two === '*/') depth -= 1
      else if (two === '/*' && (dialect === 'postgresql' || dialect === 'unknown')) {
        depth += 1
        nested = true
      } else continue
      end += 1
    }
    if (depth > 0) doubt('a comment is never closed')
    else if (nested && dialect === 'unknown')
      doubt('a comment in a comment ends elsewhere in MySQL than in PostgreSQL')
    comment(at + 2, Math.max(at + 2, end - 2), end)
  }
  while (at < sql.length) {
    const space = match(blank)
    const character = sql[at] as string
    const two = sql.slice(at, at + 2)
    const last = tokens.at(-1)
    if (space !== undefined) pass(at + space.length)
    else if (two === '--') dashes()
    else if (two === '/*') block()
    else if (character === '\\') {
      const end = lineEnd()
      doubt(`a command of psql (${sql.slice(at, Math.min(end, at + 20)).trim()})`)
      push('symbol', ';', end)
    } else if (match(template) !== undefined) {
      doubt('a template: what runs is not what is written')
      push('symbol', character, at + 1)
    } else if (character === '#' && (dialect === 'mysql' || (dialect === 'unknown' && !/#[>-]/.test(two)))) {
      if (dialect === 'unknown') doubt('"#" begins a comment in MySQL only')
      remark(at + 1, lineEnd())
    } else if (character === "'") {
      const escape = last?.kind === 'word' && last.text === 'E' && tokenEnd === at
      if (escape) tokens.pop()
      quoted('string', "'", escape || dialect === 'mysql')
    } else if (character === '"') quoted(dialect === 'mysql' ? 'string' : 'name', '"', dialect === 'mysql')
    else if (character === '`') quoted('name', '`', false)
    else if (character === '$' && dialect !== 'mysql' && match(dollar) !== undefined) {
      const tag = match(dollar) ?? ''
      const end = sql.indexOf(tag, at + tag.length)
      if (end === -1) doubt('a dollar quote is never closed')
      const to = end === -1 ? sql.length : end
      push('string', sql.slice(at + tag.length, to), Math.min(sql.length, to + tag.length))
    } else if (character === '[' && tokenEnd !== at && match(bracket) !== undefined) {
      const name = match(bracket) ?? ''
      push('name', name.slice(1, -1), at + name.length)
    } else if (two === '::' || two === ':=') push('symbol', two, at + 2)
    else if (match(variable) !== undefined) {
      doubt('a variable of the client (:name)')
      push('symbol', ':', at + 1)
    } else if (match(word) !== undefined) {
      const text = match(word) ?? ''
      push('word', text.toUpperCase(), at + text.length)
    } else if (match(number) !== undefined) {
      const text = match(number) ?? ''
      push('number', text, at + text.length)
    } else push('symbol', character, at + 1)
  }
  return { tokens, comments, doubts }
}
