import { blocks } from '../blocks.ts'
import type { OperationName } from '../operation.ts'
import { type Found, plain } from './found.ts'
import { below, type Fields, isFields, listOf, nameOf, nodeOf, tableOf, textOf } from './tree.ts'

const actions: Record<string, OperationName | readonly [OperationName, string]> = {
  AT_DropColumn: 'drop-column',
  AT_SetNotNull: ['set-not-null', blocks.scan],
  AT_DropNotNull: 'drop-not-null',
  AT_AlterColumnType: ['change-type', blocks.rewrite],
  AT_ValidateConstraint: 'validate-constraint',
  AT_AlterConstraint: 'drop-constraint',
  AT_DropConstraint: 'drop-constraint',
  AT_SetExpression: 'change-generated',
  AT_DropExpression: 'change-generated',
  AT_AddIdentity: 'change-generated',
  AT_SetIdentity: 'change-generated',
  AT_DropIdentity: 'change-generated',
  AT_SetStatistics: 'nothing',
  AT_SetStorage: 'nothing',
  AT_SetCompression: 'nothing',
  AT_SetOptions: 'nothing',
  AT_ResetOptions: 'nothing',
  AT_SetRelOptions: 'nothing',
  AT_ResetRelOptions: 'nothing',
  AT_EnableRowSecurity: 'change-access',
  AT_DisableRowSecurity: 'change-access',
  AT_ForceRowSecurity: 'change-access',
  AT_NoForceRowSecurity: 'change-access',
  AT_ChangeOwner: 'change-access',
  AT_EnableTrig: 'change-trigger',
  AT_EnableAlwaysTrig: 'change-trigger',
  AT_EnableReplicaTrig: 'change-trigger',
  AT_DisableTrig: 'change-trigger',
  AT_EnableTrigAll: 'change-trigger',
  AT_DisableTrigAll: 'change-trigger',
  AT_EnableTrigUser: 'change-trigger',
  AT_DisableTrigUser: 'change-trigger',
  AT_EnableRule: 'change-trigger',
  AT_DisableRule: 'change-trigger',
  AT_ReplicaIdentity: 'change-replication',
  AT_AttachPartition: ['attach-partition', blocks.scan],
  AT_DropInherit: 'detach-partition',
  AT_SetTableSpace: ['maintain', blocks.rewrite],
  AT_SetLogged: ['maintain', blocks.rewrite],
  AT_SetUnLogged: ['maintain', blocks.rewrite],
  AT_ClusterOn: 'maintain',
  AT_DropCluster: 'maintain',
}

const tables = ['OBJECT_TABLE', 'OBJECT_FOREIGN_TABLE', undefined]

const alter = ({ relation, cmds, objtype }: Fields): Found[] => {
  const table = tableOf(relation)
  return listOf(cmds).map((cmd) => {
    const found = actionOf(nodeOf(cmd)[1])
    // Of a view, an index or a sequence only what changes nothing is known to be harmless.
    if (!tables.includes(objtype as string | undefined) && found.name !== 'nothing') return plain('unread')
    return { ...found, table }
  })
}

const actionOf = (command: Fields): Found => {
  const { subtype, name, def, behavior } = command
  const kind = textOf(subtype)
  const column = name ? textOf(name).toLowerCase() : null
  if (kind === 'AT_AddColumn') return addedColumn(nodeOf(def)[1])
  if (kind === 'AT_AddConstraint') return constraint(nodeOf(def)[1])
  if (kind === 'AT_ColumnDefault') return { ...plain(def ? 'set-default' : 'drop-default'), column }
  if (kind === 'AT_DetachPartition' || kind === 'AT_DetachPartitionFinalize') {
    const concurrent = nodeOf(def)[1]['concurrent'] === true
    return plain('detach-partition', concurrent ? null : blocks.whole)
  }
  const known = actions[kind]
  if (known === undefined) return plain('unread')
  const [operation, locks] = typeof known === 'string' ? [known, null] : known
  if (behavior === 'DROP_CASCADE' && operation === 'drop-constraint') return plain('drop-cascade')
  return { ...plain(operation, locks), column: /Constraint|Trig|Rule|Partition/.test(kind) ? null : column }
}

const addedColumn = (column: Fields): Found => {
  const constraints = listOf(column['constraints']).map((each) => nodeOf(each)[1])
  const kinds = constraints.map(({ contype }) => textOf(contype))
  const { typeName } = column
  const type = nameOf(isFields(typeName) ? typeName['names'] : [])
  const serial = /^(?:big|small)?serial\d?$/.test(type)
  const given = constraints.find(({ contype }) => contype === 'CONSTR_DEFAULT')
  const computed = below(given, 'FuncCall').some(({ funcname }) => !steady.test(nameOf(funcname)))
  const stored = serial || kinds.includes('CONSTR_IDENTITY') || kinds.includes('CONSTR_GENERATED')
  const keyed = kinds.includes('CONSTR_PRIMARY') || kinds.includes('CONSTR_UNIQUE')
  const refers = kinds.includes('CONSTR_FOREIGN')
  const found = {
    ...plain(
      'add-column',
      stored || computed ? blocks.rewrite : keyed ? blocks.build : refers ? blocks.reference : null,
    ),
    column: textOf(column['colname']).toLowerCase(),
  }
  if (kinds.includes('CONSTR_PRIMARY')) return { ...found, name: 'add-unique' }
  if (kinds.includes('CONSTR_NOTNULL') && !given && !stored) return { ...found, name: 'add-required-column' }
  return found
}

/** Evaluated once for the whole table, so that nothing is rewritten (PostgreSQL 11 and later). */
const steady = /^(?:pg_catalog\.)?(?:now|transaction_timestamp|statement_timestamp)$/

const constraint = ({ contype, skip_validation: unchecked, indexname }: Fields): Found => {
  if (/FOREIGN|CHECK|NOTNULL/.test(textOf(contype)))
    return unchecked ? plain('add-constraint-not-valid') : plain('add-constraint', blocks.scan)
  if (/UNIQUE|PRIMARY|EXCLUSION/.test(textOf(contype)))
    return plain('add-unique', indexname ? null : blocks.build)
  return plain('unread')
}

/** One letter says what: gram.y of PostgreSQL, AlterDomainStmt. */
const domain: Record<string, OperationName> = {
  T: 'set-default',
  N: 'drop-not-null',
  O: 'set-not-null',
  C: 'add-constraint',
  X: 'drop-constraint',
  V: 'validate-constraint',
}

export const alterTable = {
  AlterTableStmt: alter,
  AlterDomainStmt: ({ subtype, def }: Fields): Found[] => [
    plain(subtype === 'T' && !def ? 'drop-default' : (domain[textOf(subtype)] ?? 'unread')),
  ],
}

/** `RENAME`, of whatever it is. */
export const renamed = ({ renameType, relationType, relation, subname, newname }: Fields): Found[] => {
  const table = tableOf(relation)
  const to = textOf(newname).toLowerCase()
  if (renameType === 'OBJECT_TABLE') return [{ ...plain('rename-table'), table, to }]
  if (renameType === 'OBJECT_INDEX') return [plain('rename-index')]
  if (renameType === 'OBJECT_COLUMN' && relationType === 'OBJECT_TABLE')
    return [{ ...plain('rename-column'), table, column: textOf(subname).toLowerCase(), to }]
  return [{ ...plain('rename-object'), table: renameType === 'OBJECT_TABCONSTRAINT' ? table : '' }]
}
