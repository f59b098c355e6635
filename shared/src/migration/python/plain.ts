import { callOf, dotted, elementsOf, partsOf, textOf } from './call.ts'
import type { PythonToken } from './tokenize-python.ts'

const signs = [',', ':', '.', '-', '+', '*', '(', ')', '[', ']', '{', '}']
const constants = ['True', 'False', 'None']
const keywords =
  /^(?:and|as|assert|async|await|class|def|del|elif|else|except|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield)$/
/** Calls of Python itself that only hold values. */
const values = /^(?:set|frozenset|dict|list|tuple|(?:decimal\.)?Decimal|datetime\.[a-z]+|uuid\.UUID)$/
const django = /^(?:migrations|models|django)\./

/** Text alone, which runs nothing. */
export const isText = (tokens: readonly PythonToken[]): boolean =>
  tokens.length > 0 && tokens.every(({ kind, runs }) => kind === 'string' && !runs)

/** A value that is written out, or dotted names: reading it runs nothing. `migrations.swappable_dependency` only names a setting. */
export const isPlain = (tokens: readonly PythonToken[]): boolean => {
  const names = tokens.filter(({ kind, text }) => kind === 'name' && !constants.includes(text ?? ''))
  // What a sign means to an object of another module is not known.
  const allowed = names.length > 0 ? signs.filter((sign) => !'-+*'.includes(sign)) : signs
  return (
    tokens.length > 0 &&
    !names.some(({ text }) => keywords.test(text ?? '')) &&
    tokens.every(({ kind, text, runs }) => !runs && (kind !== 'symbol' || allowed.includes(text ?? ''))) &&
    tokens.every((_, at) => {
      const callee = calledAt(tokens, at)
      return callee === null || callee === 'migrations.swappable_dependency'
    })
  )
}

/** A function whose head runs nothing: no call in a default or an annotation. */
export const isPlainHead = (line: readonly PythonToken[]): boolean =>
  line.filter(({ text, kind }) => kind === 'symbol' && (text === '(' || text === ':=')).length === 1 &&
  line.every(({ runs }) => !runs)

/**
 * Whether the arguments of an operation may run code that changes something while the file is read: a call of what is neither
 * Django's nor the making of a value nor a class (by its capital) of another module, a module of Django that is handed over as a
 * whole, or an assignment in an expression.
 *
 * @param own names that the file itself defines
 */
export const runsCode = (tokens: readonly PythonToken[], own: ReadonlySet<string>): boolean =>
  tokens.some(({ kind, text, runs }, at) => {
    if (runs || (kind === 'symbol' && text === ':=')) return true
    if (kind === 'name' && (text === 'migrations' || text === 'models'))
      return tokens[at - 1]?.text !== '.' && tokens[at + 1]?.text !== '.'
    const callee = calledAt(tokens, at)
    if (callee === null) return false
    const [root = ''] = callee.split('.')
    return own.has(root) || !(django.test(callee) || values.test(callee) || /(?:^|\.)[A-Z]\w*$/.test(callee))
  })

/** What the bracket at this place calls or looks into; null where it calls nothing, '' where that has no plain name. */
const calledAt = (tokens: readonly PythonToken[], at: number): string | null => {
  const here = tokens[at]
  if (here?.kind !== 'symbol' || (here.text !== '(' && here.text !== '[')) return null
  const before = tokens[at - 1]
  if (!before) return null
  if (before.kind === 'symbol') return /^[)\]}]$/.test(before.text ?? '') ? '' : null
  if (before.kind !== 'name' || here.text === '[') return ''
  if (keywords.test(before.text ?? '')) return null
  let from = at - 1
  while (tokens[from - 1]?.text === '.' && tokens[from - 1]?.kind === 'symbol') {
    if (tokens[from - 2]?.kind !== 'name') return /^(?:asc|desc)$/.test(before.text ?? '') ? 'models.F' : ''
    from -= 2
  }
  return dotted(tokens.slice(from, at)) ?? ''
}

/** Whether a model that is made surely has a table of its own: its options are absent or written out, and say nothing else. */
export const hasTable = (options: readonly PythonToken[] | undefined): boolean => {
  if (options === undefined) return true
  if (options[0]?.text !== '{' || options.at(-1)?.text !== '}') return false
  return partsOf(options.slice(1, -1)).every(([key, colon, ...value]) => {
    const name = key ? textOf([key]) : null
    if (name === null || colon?.text !== ':') return false
    const said = value.length === 1 && value[0]?.kind === 'name' ? value[0].text : null
    if (name === 'managed') return said === 'True'
    if (name === 'proxy') return said === 'False'
    return name !== 'swappable'
  })
}

/** Whether a default in the database is surely one: a value that is written out, or a call of Django's. */
export const isDatabaseDefault = (tokens: readonly PythonToken[] | undefined): boolean => {
  if (!tokens) return false
  const callee = callOf(tokens)?.callee
  if (callee !== undefined) return django.test(callee) || values.test(callee)
  if (elementsOf(tokens) !== null) return false
  return tokens.every(
    ({ kind, text, runs }) =>
      (kind === 'string' && !runs) ||
      kind === 'number' ||
      (kind === 'symbol' && text === '-') ||
      (kind === 'name' && (text === 'True' || text === 'False')),
  )
}
