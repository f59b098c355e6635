import { alterObject } from './alter-object.ts'
import { alterTable } from './alter-table.ts'
import { blocks } from './blocks.ts'
import { create, drop } from './create-drop.ts'
import { changeData } from './data.ts'
import { type Made, onNewTable } from './made.ts'
import type { Operation, OperationName } from './operation.ts'
import { hidesMore, isCutOff, named, nameIn, type Statement } from './statement.ts'

const quiet =
  /^(?:BEGIN|START TRANSACTION|COMMIT|END|SAVEPOINT|RELEASE|ANALYZE|ANALYSE|SHOW|USE)(?: |$)|^SET (?!GLOBAL|PERSIST|PASSWORD|@ @ GLOBAL|ROLE|SESSION AUTHORIZATION)|^RESET |^PRAGMA (?:FOREIGN_KEYS|JOURNAL_MODE|USER_VERSION|LEGACY_ALTER_TABLE|FOREIGN_KEY_CHECK)\b/

// They name verbs as permissions, so they are matched whole.
const permissions =
  /^(GRANT|REVOKE) [^;=]* (?:TO|FROM) [^\s;=]+(?: , [^\s;=]+)*(?: WITH (?:GRANT|ADMIN) OPTION| CASCADE| RESTRICT)?$/

const simple: [RegExp, OperationName, string | null][] = [
  [quiet, 'nothing', null],
  [/^COMMENT ON /, 'nothing', null],
  [/^LOCK (?:TABLE )?/, 'nothing', blocks.transaction],
  [/^REINDEX .*CONCURRENTLY/, 'maintain', null],
  [/^REINDEX /, 'maintain', blocks.build],
  [/^VACUUM (?:\( )?FULL/, 'maintain', blocks.rewrite],
  [/^VACUUM(?: |$)/, 'maintain', null],
  [/^CLUSTER(?: |$)/, 'maintain', blocks.rewrite],
  [/^REFRESH MATERIALIZED VIEW CONCURRENTLY /, 'maintain', null],
  [/^REFRESH MATERIALIZED VIEW /, 'maintain', blocks.fill],
  [/^(?:DO|CALL|EXEC|EXECUTE|PREPARE|BEGIN ATOMIC|DELIMITER|COPY|LOAD)(?: |$)/, 'dynamic', null],
]

/** Row P15: what one statement of any dialect does. Whatever is not wholly understood is `unread` or `dynamic`. */
export const classifyStatement = (statement: Statement, made: Made): Operation[] => {
  const { shape, line } = statement
  const here = { table: '', column: null, locks: null, line }
  const verb = shape.split(' ')[0] ?? ''
  if (isCutOff(statement)) {
    const data =
      verb === 'INSERT' ? 'a very long INSERT, not read to its end' : 'a statement too long to read'
    return [{ ...here, name: 'unread', why: data }]
  }
  const found = operationsOf(statement, made)
  return found.map((operation) => onNewTable(operation, made))
}

const operationsOf = (statement: Statement, made: Made): Operation[] => {
  const { shape, line } = statement
  const here = { table: '', column: null, locks: null, line }
  if (/^ALTER (?:FOREIGN )?TABLE /.test(shape)) return alterTable(statement)
  if (shape.startsWith('ALTER ')) return [alterObject(statement)]
  if (shape.startsWith('CREATE ')) return [create(statement)]
  if (shape.startsWith('DROP ')) return drop(statement)
  if (/^TRUNCATE(?: |$)/.test(shape)) return [truncate(statement)]
  if (shape.startsWith('RENAME TABLE ')) return renameTables(statement)
  if (/^(?:INSERT|UPDATE|DELETE|SELECT|WITH|MERGE|REPLACE|VALUES)(?: |$)/.test(shape))
    return [changeData(statement, (table) => made.columns.get(table) ?? new Set())]
  const permission = permissions.exec(shape)
  if (permission) return [{ ...here, name: permission[1] === 'GRANT' ? 'grant' : 'change-access' }]
  const known = simple.find(([pattern]) => pattern.test(shape))
  if (!known || (known[1] !== 'dynamic' && hidesMore(shape.slice(shape.indexOf(' ') + 1))))
    return [{ ...here, name: 'unread' }]
  return [{ ...here, name: known[1], locks: known[2] }]
}

const truncate = (statement: Statement): Operation => {
  const match = new RegExp(`^TRUNCATE (?:TABLE )?(?:ONLY )?(${named})`).exec(statement.shape)
  const table = nameIn(match?.[1], statement)
  return {
    name: 'delete-rows',
    table,
    column: null,
    locks: null,
    line: statement.line,
    why: 'deletes every row of a table',
  }
}

const renameTables = (statement: Statement): Operation[] =>
  statement.shape
    .slice('RENAME TABLE '.length)
    .split(' , ')
    .map((part): Operation => {
      const match = new RegExp(`^(${named}) TO (${named})$`).exec(part)
      const here = { column: null, locks: null, line: statement.line, table: nameIn(match?.[1], statement) }
      return match
        ? { ...here, name: 'rename-table', to: nameIn(match[2], statement) }
        : { ...here, name: 'unread' }
    })
