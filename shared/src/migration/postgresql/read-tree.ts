import { blocks } from '../blocks.ts'
import { type Made, onNewTable } from '../made.ts'
import type { Operation } from '../operation.ts'
import { alterTable, renamed } from './alter-table.ts'
import { create } from './create.ts'
import { changeData } from './data.ts'
import { drop } from './drop.ts'
import { type Found, plain } from './found.ts'
import { type Fields, listOf, nodeOf, type Tree, tableOf, textOf } from './tree.ts'

type Reader = (fields: Fields, made: Made) => readonly Found[]

const one =
  (...found: Parameters<typeof plain>): Reader =>
  () => [plain(...found)]
const has = (options: unknown, name: string): boolean =>
  listOf(options).some((option) => nodeOf(option)[1]['defname'] === name)

/** By kind of statement. A kind that is not here is not understood, which counts as the worst. */
const readers: Record<string, Reader> = {
  ...alterTable,
  ...create,
  ...drop,
  ...changeData,
  RenameStmt: renamed,
  TransactionStmt: one('nothing'),
  VariableShowStmt: one('nothing'),
  CommentStmt: one('nothing'),
  ConstraintsSetStmt: one('nothing'),
  VariableSetStmt: ({ name }) => [
    plain(/^(?:role|session_authorization)$/.test(textOf(name)) ? 'unread' : 'nothing'),
  ],
  LockStmt: one('nothing', blocks.transaction),
  VacuumStmt: ({ is_vacuumcmd: vacuum, options }) =>
    vacuum ? [plain('maintain', has(options, 'full') ? blocks.rewrite : null)] : [plain('nothing')],
  ReindexStmt: ({ params }) => [plain('maintain', has(params, 'concurrently') ? null : blocks.build)],
  ClusterStmt: one('maintain', blocks.rewrite),
  RefreshMatViewStmt: ({ concurrent }) => [plain('maintain', concurrent ? null : blocks.fill)],
  GrantStmt: ({ is_grant: grant, objtype, targtype }) => [
    plain(grant && targtype === 'ACL_TARGET_OBJECT' && objtype !== undefined ? 'grant' : 'change-access'),
  ],
  GrantRoleStmt: ({ is_grant: grant }) => [plain(grant ? 'grant' : 'change-access')],
  AlterDefaultPrivilegesStmt: one('change-access'),
  AlterOwnerStmt: one('change-access'),
  AlterPolicyStmt: one('change-access'),
  AlterRoleStmt: one('change-access'),
  AlterObjectSchemaStmt: ({ relation }) => [{ ...plain('set-schema'), table: tableOf(relation) }],
  AlterEnumStmt: ({ oldVal, newValNeighbor }) => [
    plain(oldVal ? 'rename-object' : newValNeighbor ? 'change-enum' : 'add-enum-value'),
  ],
  AlterSeqStmt: one('change-sequence'),
  AlterPublicationStmt: one('change-replication'),
  AlterSubscriptionStmt: one('change-replication'),
  DoStmt: one('dynamic'),
  CallStmt: one('dynamic'),
  ExecuteStmt: one('dynamic'),
  PrepareStmt: one('dynamic'),
  CopyStmt: one('dynamic'),
}

/**
 * Row P15: what a migration does, from PostgreSQL's own syntax tree: nothing is guessed from words, so a keyword in a name, a
 * body or a nested query misleads nobody. What a statement means is decided by `operations`, as for the tokenizer.
 *
 * @param sql the text of the tree, for the lines
 */
export const readTree = (tree: Tree, sql: string, made: Made): Operation[] => {
  const lineAt = lines(sql)
  return tree.flatMap(({ stmt, stmt_location: start = 0 }) => {
    const [kind, fields] = nodeOf(stmt)
    const found = readers[kind]?.(fields, made) ?? [plain('unread')]
    return found.map((each): Operation => onNewTable({ ...each, line: lineAt(start) }, made))
  })
}

/** The line of the first word after a byte; PostgreSQL begins a statement at the blanks and comments before it. */
const lines = (sql: string): ((byte: number) => number) => {
  const bytes = new TextEncoder().encode(sql)
  const text = new TextDecoder()
  let at = 0
  let line = 1
  // Statements come in their order, so that every byte is counted once.
  return (byte) => {
    for (; at < byte; at += 1) if (bytes[at] === 10) line += 1
    const blank = blanks.exec(text.decode(bytes.subarray(byte, byte + 4_096)))?.[0] ?? ''
    return line + blank.split('\n').length - 1
  }
}

const blanks = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/
