import type { Operation, OperationName } from './operation.ts'
import { hidesMore, named, nameIn, partsOf, type Statement, topOf } from './statement.ts'

/** Functions that change nothing but the session, or only compute. */
export const harmless =
  /^(?:COUNT|SUM|MIN|MAX|AVG|COALESCE|NULLIF|NOW|LOWER|UPPER|LENGTH|TRIM|CAST|CONCAT|SUBSTRING|REPLACE|ROUND|ABS|GREATEST|LEAST|EXISTS|IN|ANY|ALL|VALUES|AND|OR|NOT|AS|FROM|WHERE|SELECT|ON|USING|UNION|OVER|BY|THEN|ELSE|WHEN|CASE|INTERVAL|ROW|ARRAY|SET_CONFIG|CURRENT_SETTING|SETVAL|PG_GET_SERIAL_SEQUENCE|ROW_NUMBER|JSONB?_BUILD_OBJECT|TO_JSONB?|STRING_AGG|ARRAY_AGG|GEN_RANDOM_UUID|UUID|MD5)$/

/**
 * What INSERT, UPDATE, DELETE, SELECT and their like do.
 *
 * @param added the columns that this file has added to a table so far
 */
export const changeData = (
  statement: Statement,
  added: (table: string) => ReadonlySet<string>,
): Operation => {
  const { shape, line } = statement
  const of = (name: OperationName, table?: string): Operation => ({
    name,
    table: nameIn(table, statement),
    column: null,
    locks: null,
    line,
  })
  const verb = shape.split(' ')[0] ?? ''
  const deleted = new RegExp(`(?:^| )DELETE (?:FROM )?(?:ONLY )?(${named})`).exec(shape)
  if (deleted && !/(?:^| )(?:CREATE|ALTER|DROP|TRUNCATE) /.test(shape)) return of('delete-rows', deleted[1])
  if (verb === 'MERGE' && / THEN DELETE(?: |$)/.test(shape)) return of('delete-rows')
  if (hidesMore(shape.slice(verb.length + 1).replace(/ (?:THEN|DO|KEY) UPDATE /g, ' '))) return of('unread')
  if (verb === 'REPLACE') return of('overwrite-rows')
  if (verb === 'INSERT' || verb === 'MERGE') return of('insert-rows')
  if (verb === 'UPDATE') return update(statement, added, of)
  return calls(shape) ? of('dynamic') : of('read-rows')
}

const update = (
  statement: Statement,
  added: (table: string) => ReadonlySet<string>,
  of: (name: OperationName, table?: string) => Operation,
): Operation => {
  const top = topOf(statement.shape)
  const match = new RegExp(`^UPDATE (?:ONLY )?(${named})(?: (?:AS )?\\S+)?? SET (.*)$`).exec(statement.shape)
  if (!match) return of('unread')
  const fresh = added(nameIn(match[1], statement))
  const set = partsOf((match[2] ?? '').replace(/ (?:WHERE|FROM) .*$/, ''))
  const columns = set.map((part) => nameIn(new RegExp(`^(${named}) =`).exec(part)?.[1], statement))
  if (columns.every((column) => fresh.has(column.split('.').at(-1) ?? ''))) return of('backfill', match[1])
  return of(/ WHERE /.test(top) ? 'update-rows' : 'overwrite-rows', match[1])
}

/** Whether a function is called that may do anything. */
const calls = (shape: string): boolean =>
  [...shape.matchAll(/(\S+) \(/g)].some(([, name = '']) => /^["A-Z_]/.test(name) && !harmless.test(name)) ||
  / INTO /.test(shape)
