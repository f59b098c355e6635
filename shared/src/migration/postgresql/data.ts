import { harmless } from '../data.ts'
import type { Made } from '../made.ts'
import { type Found, plain } from './found.ts'
import { below, type Fields, listOf, nameOf, nodeOf, tableOf, textOf } from './tree.ts'

type Reader = (fields: Fields, made: Made) => Found[]

/** A statement that changes rows, with those that stand in its WITH. */
const withNested =
  (read: Reader): Reader =>
  (fields, made) => [...nested(fields, made), ...read(fields, made)]

const nested = (fields: Fields, made: Made): Found[] =>
  below(fields['withClause'], 'CommonTableExpr').flatMap(({ ctequery }) => {
    const [kind, inner] = nodeOf(ctequery)
    return kind === 'SelectStmt' ? [] : (changes[kind]?.(inner, made) ?? [plain('unread')])
  })

const deleted: Reader = ({ relation }) => [{ ...plain('delete-rows'), table: tableOf(relation) }]

const inserted: Reader = ({ relation }) => [{ ...plain('insert-rows'), table: tableOf(relation) }]

const updated: Reader = ({ relation, targetList, whereClause }, { columns }) => {
  const table = tableOf(relation)
  const fresh = columns.get(table) ?? new Set()
  const set = listOf(targetList).map((target) => textOf(nodeOf(target)[1]['name']).toLowerCase())
  if (set.every((column) => fresh.has(column))) return [{ ...plain('backfill'), table }]
  return [{ ...plain(whereClause ? 'update-rows' : 'overwrite-rows'), table }]
}

const merged: Reader = ({ relation, mergeWhenClauses }) => {
  const deletes = below(mergeWhenClauses, 'MergeWhenClause').some(
    ({ commandType }) => commandType === 'CMD_DELETE',
  )
  return [{ ...plain(deletes ? 'delete-rows' : 'insert-rows'), table: tableOf(relation) }]
}

const changes: Record<string, Reader> = {
  DeleteStmt: deleted,
  InsertStmt: inserted,
  UpdateStmt: updated,
  MergeStmt: merged,
}

/** A query alone reads, unless it makes a table or calls what may do anything. */
const selected: Reader = (fields, made) => {
  if (fields['intoClause']) return [plain('dynamic')]
  const found = nested(fields, made)
  const calls = below(fields, 'FuncCall').map(({ funcname }) => nameOf(funcname).split('.').at(-1) ?? '')
  if (calls.some((name) => !harmless.test(name.toUpperCase()))) return [...found, plain('dynamic')]
  return found.length > 0 ? found : [plain('read-rows')]
}

export const changeData: Record<string, Reader> = {
  DeleteStmt: withNested(deleted),
  InsertStmt: withNested(inserted),
  UpdateStmt: withNested(updated),
  MergeStmt: withNested(merged),
  SelectStmt: selected,
}
