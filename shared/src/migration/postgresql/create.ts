import { blocks } from '../blocks.ts'
import { type Found, plain } from './found.ts'
import { below, type Fields, tableOf } from './tree.ts'

const object = (fields: Fields): Found[] => [plain(fields['replace'] ? 'replace-object' : 'create-object')]
const trigger = (): Found[] => [plain('change-trigger')]

/** A table; when it may be there already, nothing is known of what is then done to it. */
const table = (relation: unknown, maybe: unknown): Found => ({
  ...plain('create-table'),
  table: tableOf(relation),
  ...(maybe ? { why: 'adds a table if it is not there' } : {}),
})

export const create = {
  CreateStmt: ({ relation, if_not_exists: maybe, partbound }: Fields): Found[] => [
    // A partition takes rows of its table from now on, but nobody misses it.
    ...(partbound ? [plain('attach-partition')] : []),
    table(relation, maybe),
  ],
  CreateForeignTableStmt: ({ base }: Fields): Found[] => [
    table((base as Fields | undefined)?.['relation'], (base as Fields | undefined)?.['if_not_exists']),
  ],
  CreateTableAsStmt: ({ objtype, into, if_not_exists: maybe, query }: Fields): Found[] => {
    if (
      ['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'ExecuteStmt'].some((kind) => below(query, kind).length > 0)
    )
      return [plain('unread')]
    return [
      objtype === 'OBJECT_MATVIEW'
        ? plain('create-object')
        : table((into as Fields | undefined)?.['rel'], maybe),
    ]
  },
  IndexStmt: ({ relation, unique, concurrent }: Fields): Found[] => [
    {
      ...plain(unique ? 'add-unique' : 'create-index', concurrent ? null : blocks.build),
      table: tableOf(relation),
    },
  ],
  ViewStmt: object,
  CreateFunctionStmt: object,
  DefineStmt: object,
  CreateEnumStmt: object,
  CompositeTypeStmt: object,
  CreateRangeStmt: object,
  CreateDomainStmt: object,
  CreateSchemaStmt: ({ schemaElts }: Fields): Found[] => [plain(schemaElts ? 'unread' : 'create-object')],
  CreateSeqStmt: object,
  CreateExtensionStmt: object,
  CreatedbStmt: object,
  CreateRoleStmt: object,
  CreateStatsStmt: object,
  CreatePublicationStmt: object,
  CreateTrigStmt: trigger,
  CreateEventTrigStmt: trigger,
  RuleStmt: trigger,
  CreatePolicyStmt: (): Found[] => [plain('change-access')],
}
