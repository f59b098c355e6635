import { blocks } from './blocks.ts'
import type { Operation, OperationName } from './operation.ts'
import { hidesMore, named, nameIn, partsOf, type Statement } from './statement.ts'

const creates: [RegExp, OperationName][] = [
  [/^CREATE OR (?:REPLACE|ALTER) /, 'replace-object'],
  [/^CREATE (?:CONSTRAINT )?(?:EVENT )?(?:TRIGGER|RULE|EVENT) /, 'change-trigger'],
  [/^CREATE POLICY /, 'change-access'],
  [
    /^CREATE (?:TEMP |TEMPORARY |RECURSIVE )*(?:MATERIALIZED VIEW|VIEW|TYPE|DOMAIN|SCHEMA|SEQUENCE|EXTENSION|DATABASE|ROLE|USER|FUNCTION|PROCEDURE|AGGREGATE|COLLATION|STATISTICS|PUBLICATION) /,
    'create-object',
  ],
]

/** What a `CREATE` does. A table that it surely creates is told by the name `create-table`. */
export const create = (statement: Statement): Operation => {
  const { shape, line } = statement
  const names = (text?: string): string => nameIn(text, statement)
  const here = { column: null, locks: null, line, table: '' }
  const tail = shape.slice('CREATE '.length)
  // The body of a function is text that a later call runs, not this statement.
  if (hidesMore(tail.replace(/^OR ALTER |(?: EXECUTE (?:FUNCTION|PROCEDURE) )/, ' ')))
    return { ...here, name: 'unread' }
  const table = new RegExp(
    `^CREATE (?:GLOBAL |LOCAL |TEMP |TEMPORARY |UNLOGGED |FOREIGN )*TABLE (IF NOT EXISTS )?(${named})`,
  ).exec(shape)
  if (table)
    return {
      ...here,
      name: 'create-table',
      table: names(table[2]),
      ...(table[1] ? { why: 'adds a table if it is not there' } : {}),
    }
  const index = new RegExp(
    `^CREATE (UNIQUE )?(?:CLUSTERED |NONCLUSTERED |FULLTEXT |SPATIAL )?INDEX (CONCURRENTLY )?.*?ON (?:ONLY )?(${named})`,
  ).exec(shape)
  if (index)
    return {
      ...here,
      name: index[1] ? 'add-unique' : 'create-index',
      table: names(index[3]),
      locks: index[2] ? null : blocks.build,
    }
  return { ...here, name: creates.find(([pattern]) => pattern.test(shape))?.[1] ?? 'unread' }
}

const dropped =
  /^DROP (TABLE|DATABASE|SCHEMA|SEQUENCE|OWNED BY|TABLESPACE|INDEX|MATERIALIZED VIEW|VIEW|FUNCTION|PROCEDURE|ROUTINE|AGGREGATE|TYPE|DOMAIN|TRIGGER|EVENT|RULE|POLICY|EXTENSION|ROLE|USER|COLLATION|STATISTICS|PUBLICATION|SUBSCRIPTION|CAST|OPERATOR) (CONCURRENTLY )?(?:IF EXISTS )?(.+)$/

/** What a `DROP` does: one operation for each object it names. */
export const drop = (statement: Statement): Operation[] => {
  const { shape, line } = statement
  const [, kind = '', concurrently, tail = ''] =
    dropped.exec(shape.replace(/^DROP TEMPORARY /, 'DROP ')) ?? []
  const here = { column: null, locks: null, line, table: '' }
  if (kind === '' || hidesMore(tail)) return [{ ...here, name: 'unread' }]
  const cascade = / CASCADE$/.test(tail)
  const name = ((): OperationName => {
    if (kind === 'TABLE') return 'drop-table'
    if (['DATABASE', 'SCHEMA', 'SEQUENCE', 'OWNED BY', 'TABLESPACE'].includes(kind)) return 'drop-data'
    if (cascade) return 'drop-cascade'
    return kind === 'INDEX' ? 'drop-index' : 'drop-object'
  })()
  return partsOf(tail.replace(/ (?:CASCADE|RESTRICT)$/, '')).map((part) => ({
    ...here,
    name,
    table: kind === 'TABLE' ? nameIn(new RegExp(`^${named}`).exec(part)?.[0], statement) : '',
    locks: kind === 'INDEX' && !concurrently ? blocks.moment : null,
  }))
}
