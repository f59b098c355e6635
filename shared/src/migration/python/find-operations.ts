import { closing, dotted } from './call.ts'
import { isPlain, isPlainHead, isText } from './plain.ts'
import type { PythonToken, PythonTokens } from './tokenize-python.ts'

/** The tokens of a Django migration's list of operations, what it imports for them, and the names that it defines itself. */
export type DjangoFile = {
  operations: PythonToken[]
  postgres: ReadonlySet<string>
  own: ReadonlySet<string>
}

const attributes = ['dependencies', 'operations', 'initial', 'replaces', 'atomic', 'run_before', 'elidable']
/** What reaches a class without its name. */
const hands = [
  'globals',
  'locals',
  'vars',
  'setattr',
  'delattr',
  'builtins',
  '__builtins__',
  '__dict__',
  '__setattr__',
  'exec',
  'eval',
  'sys',
  'importlib',
  '__import__',
  '__subclasses__',
]

/**
 * Finds the operations of a Django migration: one `class Migration(migrations.Migration)` whose body holds plain assignments only, one list
 * `operations`, and beside it imports, functions, constants that are written out, and text. A file that does more could change the list.
 *
 * @returns a sentence where the file is not plainly one
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
  const defined = outer.flatMap(([head, name]) => {
    const own = head?.text === 'def' ? name : head
    return own?.kind === 'name' && own.text !== null ? [own.text] : []
  })
  return { operations, postgres, own: new Set(defined) }
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
  if (head?.text === 'def') return [...names, 'django'].includes(line[1]?.text ?? '')
  if (head?.text !== 'from' && head?.text !== 'import')
    return head?.kind === 'name' && [...names, 'django'].includes(head.text ?? '')
  const { from, names: plain } = importOf(line)
  if (/^django\.(?:db|contrib\.gis\.db|contrib\.postgres\.operations)$/.test(from) && plain.length > 0)
    return false
  const brought = line.slice(line.findIndex(({ text }) => text === 'import') + 1)
  return brought.some(
    ({ text }, at) =>
      text === '*' ||
      (names.includes(text ?? '') && brought[at - 1]?.text !== '.') ||
      (text === 'django' && (head.text === 'from' || brought[at - 1]?.text === 'as')),
  )
}

/** What runs nothing while the file is read: imports, definitions, text, and constants that are no part of a migration. */
const isQuiet = (line: readonly PythonToken[]): boolean => {
  const [head, sign, ...value] = line
  if (head?.kind !== 'name') return isText(line)
  if (head.text === 'from' || head.text === 'import') return true
  if (head.text === 'def') return isPlainHead(line)
  return (
    sign?.text === '=' &&
    !['migrations', 'models', 'Migration', 'operations'].includes(head.text ?? '') &&
    isPlain(value)
  )
}

const isAttribute = (line: readonly PythonToken[]): boolean => {
  const [head, sign, ...value] = line
  if (head?.kind !== 'name') return isText(line)
  if (!attributes.includes(head.text ?? '') || sign?.text !== '=') return false
  return head.text === 'operations' || isPlain(value)
}
