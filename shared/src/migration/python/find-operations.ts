import { closing, dotted } from './call.ts'
import type { PythonToken, PythonTokens } from './tokenize-python.ts'

/** What a Django migration imports, and the tokens of its list of operations; a sentence where it is not plainly one. */
export type DjangoFile = { operations: PythonToken[]; postgres: ReadonlySet<string> }

const attributes = ['dependencies', 'operations', 'initial', 'replaces', 'atomic', 'run_before', 'elidable']
/** What reaches a class without its name. */
const hands = [
  'globals',
  'locals',
  'vars',
  'exec',
  'eval',
  'sys',
  'importlib',
  '__import__',
  '__subclasses__',
]
const beginnings = ['from', 'import', 'def', 'class']

/**
 * Finds the operations of a Django migration: one `class Migration(migrations.Migration)` whose body holds plain assignments only, one list
 * `operations`, and beside it imports, functions, constants and text. A file that does more could change the list.
 */
export const findOperations = ({ tokens, doubts }: PythonTokens): DjangoFile | string => {
  const [doubt] = doubts
  if (doubt) return `Python that is not read: ${doubt.why}`
  const heads = tokens.flatMap((token, at) => (token.first ? [at] : []))
  const lines = heads.map((head, index) => tokens.slice(head, heads[index + 1] ?? tokens.length))
  if (tokens.some(({ kind, text, depth }) => kind === 'symbol' && text === ';' && depth === 0))
    return 'several statements on one line'
  const imports = lines.filter(([head]) => head?.column === 0 && head.text === 'from').map(importOf)
  if (!imports.some(({ from, names }) => from === 'django.db' && names.includes('migrations')))
    return 'code of a migration that is not read: it is not one of Django'
  const starts = lines.flatMap((each, at) => (isMigration(each) ? [at] : []))
  const [start] = starts
  if (start === undefined || starts.length > 1)
    return 'there is not exactly one class Migration(migrations.Migration)'
  const stop = lines.findIndex(([head], at) => at > start && head?.column === 0)
  const end = stop < 0 ? lines.length : stop
  const body = lines.slice(start + 1, end)
  const outer = [...lines.slice(0, start), ...lines.slice(end)].filter(([head]) => head?.column === 0)
  if (!outer.every(isQuiet)) return 'code of the module that is not read'
  const postgres = new Set(
    imports.filter(({ from }) => from === 'django.contrib.postgres.operations').flatMap(({ names }) => names),
  )
  if (outer.some((line) => bindsAnew(line, ['migrations', 'models', 'Migration', ...postgres])))
    return 'a name of Django that means something else here'
  // Its own name stands in its head twice; wherever else it stands, its list may be changed, also by a function that is called.
  const reached = tokens.filter(({ kind, text }) => kind === 'name' && text === 'Migration').length > 2
  if (reached || tokens.some(({ kind, text }) => kind === 'name' && hands.includes(text ?? '')))
    return 'code that may change the list of operations'
  const own = body.filter(([head]) => head?.column === body[0]?.[0]?.column)
  if (own.length !== body.length || !own.every(isAttribute))
    return 'a class that holds more than plain attributes'
  const uses = tokens.filter(
    ({ kind, text, first }, at) =>
      kind === 'name' && text === 'operations' && !(first || tokens[at - 1]?.text === '.'),
  )
  const lists = own.filter(([head]) => head?.text === 'operations')
  const [list] = lists
  if (uses.length > 0 || lists.length !== 1 || !list) return 'operations that are not one plain list'
  const operations = list.slice(2)
  if (operations[0]?.text !== '[' || closing(operations, 0) !== operations.length - 1)
    return 'operations that are not one plain list'
  return { operations, postgres }
}

const isMigration = (line: readonly PythonToken[]): boolean =>
  line[0]?.text === 'class' &&
  line[0].column === 0 &&
  line.map(({ text }) => text).join(' ') === 'class Migration ( migrations . Migration ) :'

/** `from a.b import c, d`; names that are called otherwise are none of these. */
const importOf = (line: readonly PythonToken[]): { from: string; names: string[] } => {
  const at = line.findIndex(({ text }) => text === 'import')
  const from = at < 0 ? null : dotted(line.slice(1, at))
  const words = line.slice(at + 1).filter(({ text }) => text !== '(' && text !== ')')
  const plain = words.every(({ kind, text }, index) => (index % 2 === 0 ? kind === 'name' : text === ','))
  return {
    from: from ?? '',
    names:
      from !== null && plain
        ? words.flatMap(({ kind, text }) => (kind === 'name' && text ? [text] : []))
        : [],
  }
}

/** Whether an import, a function or a class gives one of these names another meaning than that of Django. */
const bindsAnew = (line: readonly PythonToken[], names: readonly string[]): boolean => {
  const [head] = line
  if (head?.text === 'def' || head?.text === 'class') return names.includes(line[1]?.text ?? '')
  if (head?.text !== 'from' && head?.text !== 'import') return false
  const { from, names: plain } = importOf(line)
  if (from.startsWith('django.') && plain.length > 0) return false
  const brought = line.slice(line.findIndex(({ text }) => text === 'import') + 1)
  return brought.some(
    ({ text }, at) => text === '*' || (names.includes(text ?? '') && brought[at - 1]?.text !== '.'),
  )
}

/** What runs nothing while the file is read: imports, definitions, text, and constants that are no part of a migration. */
const isQuiet = ([head, sign]: readonly PythonToken[]): boolean =>
  head?.kind === 'string' ||
  (head?.kind === 'name' &&
    (beginnings.includes(head.text ?? '') ||
      (sign?.text === '=' && !['migrations', 'models', 'Migration', 'operations'].includes(head.text ?? ''))))

const isAttribute = ([head, sign]: readonly PythonToken[]): boolean =>
  head?.kind === 'string' ||
  (head?.kind === 'name' && attributes.includes(head.text ?? '') && sign?.text === '=')
