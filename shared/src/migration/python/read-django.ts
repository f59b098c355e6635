import { blocks } from '../blocks.ts'
import { classifyStatement } from '../classify-statement.ts'
import type { Dialect } from '../dialect.ts'
import { type Made, onNewTable } from '../made.ts'
import { type Operation, type OperationName, unread } from '../operation.ts'
import { statementsOf } from '../statement.ts'
import { tokenizeSql } from '../tokenize-sql.ts'
import { addedField } from './added-field.ts'
import { argument, type Call, callOf, dotted, elementsOf, isWord, textOf } from './call.ts'
import { type DjangoFile, findOperations } from './find-operations.ts'
import { hasTable, runsCode } from './plain.ts'
import type { PythonToken, PythonTokens } from './tokenize-python.ts'

/** `made` knows models by name, `sqlMade` tables by theirs: SQL that names a table never means a model. */
type Reading = { file: DjangoFile; made: Made; sqlMade: Made; dialect: Dialect; level: number }

/** Lists of operations in each other; each level reads its tokens again. */
const levelLimit = 4

/** What a Django migration does, operation by operation; one that is not plainly such a file is `unread`. */
export const readDjango = (read: PythonTokens, dialect: Dialect, made: Made): Operation[] => {
  const file = findOperations(read)
  if (typeof file === 'string') return [unread(file)]
  const sqlMade: Made = { tables: new Set(), columns: new Map() }
  return listed(file.operations, { file, made, sqlMade, dialect, level: 1 })
}

const listed = (tokens: readonly PythonToken[] | undefined, reading: Reading): Operation[] => {
  if (reading.level > levelLimit)
    return [unread(`operations nested more than ${levelLimit} deep`, tokens?.[0]?.line)]
  const elements = tokens ? elementsOf(tokens) : []
  if (elements === null) return [unread('operations that are not one plain list', tokens?.[0]?.line)]
  return elements.flatMap((element) => {
    const call = callOf(element)
    if (!call) return [unread('an operation that is not a plain call', element[0]?.line)]
    const found = operationsOf(call, reading)
    const known = found.every(({ name }) => name !== 'unread' && name !== 'dynamic')
    return known && runsCode(element, reading.file.own)
      ? [...found, unread('an operation whose arguments run code', call.line)]
      : found
  })
}

const operationsOf = (call: Call, reading: Reading): Operation[] => {
  const { callee } = call
  const name = callee.startsWith('migrations.') ? callee.slice('migrations.'.length) : null
  if (name === 'SeparateDatabaseAndState')
    return listed(argument(call, 'database_operations', 0), { ...reading, level: reading.level + 1 })
  if (name === 'RunSQL') return ran(call, 'reverse_sql', sql(call, reading))
  if (name === 'RunPython') return ran(call, 'reverse_code', python(call))
  const rule = name !== null ? rules[name] : reading.file.postgres.has(callee) ? postgres[callee] : undefined
  if (!rule) return [unread(`an operation that is not known (${callee.slice(0, 60)})`, call.line)]
  const found = rule(call)
  return [onNewTable({ locks: null, column: null, line: call.line, ...found }, reading.made)]
}

type Found = Pick<Operation, 'name' | 'table'> & Partial<Operation>
type Rule = (call: Call) => Found

/** Models and fields are written by name; Django compares models without case. */
const named = (call: Call, name: string, place = 0): string =>
  textOf(argument(call, name, place))?.toLowerCase() ?? ''
const ofModel =
  (name: OperationName, locks: string | null = null, key = 'model_name'): Rule =>
  (call) => ({ name, table: named(call, key), locks })
const silent: Rule = () => ({ name: 'nothing', table: '' })
const isEmpty = (tokens: PythonToken[] | undefined): boolean =>
  tokens === undefined ||
  isWord(tokens, 'None') ||
  /^(?:set \( \)|\[ \]|\( \)|\{ \})$/.test(tokens.map(({ text }) => text).join(' '))

const rules: Readonly<Record<string, Rule>> = {
  __proto__: null as never,
  CreateModel: (call) => ({
    ...{ name: 'create-table', table: named(call, 'name') },
    ...(hasTable(argument(call, 'options', 2))
      ? {}
      : { why: 'adds a model that may have no table of its own' }),
  }),
  DeleteModel: ofModel('drop-table', null, 'name'),
  RenameModel: (call) => ({
    name: 'rename-table',
    table: named(call, 'old_name'),
    to: named(call, 'new_name', 1),
  }),
  AlterModelTable: ofModel('rename-table', null, 'name'),
  AlterModelOptions: silent,
  AlterModelManagers: silent,
  AlterModelTableComment: silent,
  AlterUniqueTogether: (call) =>
    isEmpty(argument(call, 'unique_together', 1))
      ? { name: 'drop-constraint', table: named(call, 'name') }
      : { name: 'add-unique', table: named(call, 'name'), locks: blocks.build },
  AlterIndexTogether: ofModel('drop-index', blocks.build, 'name'),
  AlterOrderWithRespectTo: (call) => ({
    name: isEmpty(argument(call, 'order_with_respect_to', 1)) ? 'drop-column' : 'add-required-column',
    table: named(call, 'name'),
    column: '_order',
  }),
  AddField: (call) => ({
    table: named(call, 'model_name'),
    column: named(call, 'name', 1),
    ...addedField(call),
  }),
  RemoveField: (call) => ({
    name: 'drop-column',
    table: named(call, 'model_name'),
    column: named(call, 'name', 1),
  }),
  AlterField: (call) => ({
    name: 'unread',
    table: named(call, 'model_name'),
    column: named(call, 'name', 1),
    why: 'alters a column, and what it was before is not read',
  }),
  RenameField: (call) => ({
    ...{ name: 'rename-column', table: named(call, 'model_name') },
    ...{ column: named(call, 'old_name', 1), to: named(call, 'new_name', 2) },
  }),
  AddIndex: ofModel('create-index', blocks.build),
  RemoveIndex: ofModel('drop-index', blocks.moment),
  RenameIndex: ofModel('rename-index'),
  AddConstraint: (call) => {
    const constraint = callOf(argument(call, 'constraint', 1) ?? [])?.callee ?? ''
    const unique = constraint.endsWith('.UniqueConstraint')
    const locks = unique ? blocks.build : blocks.scan
    return { name: unique ? 'add-unique' : 'add-constraint', table: named(call, 'model_name'), locks }
  },
  RemoveConstraint: ofModel('drop-constraint'),
}

/** Operations of django.contrib.postgres, under the names that a file imports them by. */
const postgres: Readonly<Record<string, Rule>> = {
  __proto__: null as never,
  AddIndexConcurrently: ofModel('create-index'),
  RemoveIndexConcurrently: ofModel('drop-index'),
  AddConstraintNotValid: ofModel('add-constraint-not-valid'),
  ValidateConstraint: ofModel('validate-constraint'),
}

/** What runs code of one's own, and that it has no way back where none is given. */
const ran = (call: Call, reverse: string, found: Operation[]): Operation[] => {
  const back = argument(call, reverse, 1)
  const oneWay = back === undefined || isWord(back, 'None')
  return oneWay && found.some(({ name }) => name !== 'nothing')
    ? [
        ...found,
        {
          name: 'one-way',
          table: '',
          column: null,
          locks: null,
          line: call.line,
          why: `runs what has no ${reverse}`,
        },
      ]
    : found
}

const python = (call: Call): Operation[] => {
  const noop = dotted(argument(call, 'code', 0) ?? []) === 'migrations.RunPython.noop'
  return [{ name: noop ? 'nothing' : 'dynamic', table: '', column: null, locks: null, line: call.line }]
}

const sql = (call: Call, { dialect, sqlMade }: Reading): Operation[] => {
  const tokens = argument(call, 'sql', 0) ?? []
  const none = { name: 'nothing' as const, table: '', column: null, locks: null, line: call.line }
  if (dotted(tokens) === 'migrations.RunSQL.noop') return [none]
  const texts = (elementsOf(tokens) ?? [tokens]).map(textOf)
  return texts.flatMap((text): Operation[] => {
    if (text === null) return [{ ...none, name: 'dynamic', why: 'runs SQL that is made at run time' }]
    const { tokens: read, doubts } = tokenizeSql(text, dialect)
    const line = tokens[0]?.line ?? call.line
    return [
      ...statementsOf(read).flatMap((statement) => classifyStatement(statement, sqlMade)),
      ...doubts.slice(0, 5).map(({ why, line: at }) => unread(why, at)),
    ].map((operation) => ({ ...operation, line: operation.line + line - 1 }))
  })
}
