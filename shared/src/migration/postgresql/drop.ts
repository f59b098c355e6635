import { blocks } from '../blocks.ts'
import type { OperationName } from '../operation.ts'
import { type Found, plain } from './found.ts'
import { type Fields, listOf, nameOf, tableOf } from './tree.ts'

const names: Record<string, OperationName> = {
  OBJECT_TABLE: 'drop-table',
  OBJECT_FOREIGN_TABLE: 'drop-table',
  OBJECT_SCHEMA: 'drop-data',
  OBJECT_SEQUENCE: 'drop-data',
}

const data = (): Found[] => [plain('drop-data')]

export const drop = {
  DropStmt: ({ removeType, objects, behavior, concurrent }: Fields): Found[] => {
    const kind = String(removeType)
    const index = kind === 'OBJECT_INDEX'
    const locks = index && !concurrent ? blocks.moment : null
    const cascade = behavior === 'DROP_CASCADE'
    const name = names[kind] ?? (cascade ? 'drop-cascade' : index ? 'drop-index' : 'drop-object')
    return listOf(objects).map((object) => ({
      ...plain(name, locks),
      table: name === 'drop-table' ? nameOf(object) : '',
    }))
  },
  DropdbStmt: data,
  DropOwnedStmt: data,
  DropTableSpaceStmt: data,
  DropRoleStmt: (): Found[] => [plain('drop-object')],
  DropSubscriptionStmt: (): Found[] => [plain('drop-object')],
  TruncateStmt: ({ relations }: Fields): Found[] =>
    listOf(relations).map((relation) => ({
      ...plain('delete-rows'),
      table: tableOf(relation),
      why: 'deletes every row of a table',
    })),
}
