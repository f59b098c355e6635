export const migrationClasses = ['EXPAND', 'MIGRATE', 'CONTRACT', 'IRREVERSIBLE', 'UNKNOWN'] as const

/**
 * EXPAND: the previous version runs on unchanged. MIGRATE: data or defaults change, the schema of the previous version stays.
 * CONTRACT: something that the previous version may use is gone, renamed or stricter. IRREVERSIBLE: data is lost. UNKNOWN:
 * not understood, which counts as the worst.
 */
export type MigrationClass = (typeof migrationClasses)[number]

/**
 * What a statement can do: its class (null: nothing that lasts) and the reason in words. A parser says which of these a
 * statement is; what that means is decided here alone.
 */
export const operations = {
  nothing: [null, 'changes nothing that lasts'],
  'create-table': ['EXPAND', 'adds a table'],
  'create-object': ['EXPAND', 'adds an object that nothing uses yet'],
  'add-column': ['EXPAND', 'adds a column that may be left out'],
  'create-index': ['EXPAND', 'adds an index'],
  'rename-index': ['EXPAND', 'renames an index'],
  'add-constraint-not-valid': ['EXPAND', 'adds a constraint that does not check existing rows'],
  'attach-partition': ['EXPAND', 'attaches a partition'],
  'add-enum-value': ['EXPAND', 'adds a value at the end of an enumeration'],
  grant: ['EXPAND', 'grants a permission'],
  'on-new-table': ['EXPAND', 'changes a table that this file creates'],
  'insert-rows': ['MIGRATE', 'adds rows'],
  'update-rows': ['MIGRATE', 'changes some rows'],
  backfill: ['MIGRATE', 'fills columns that this file adds'],
  'read-rows': ['MIGRATE', 'reads rows'],
  'validate-constraint': ['MIGRATE', 'checks existing rows against a constraint'],
  'set-default': ['MIGRATE', 'changes the default of a column'],
  maintain: ['MIGRATE', 'rewrites or refreshes what is stored'],
  'add-required-column': ['CONTRACT', 'adds a column that the previous version does not fill'],
  'add-constraint': ['CONTRACT', 'adds a constraint that the rows of the previous version may break'],
  'add-unique': ['CONTRACT', 'rejects duplicates that the previous version may write'],
  'set-not-null': ['CONTRACT', 'rejects NULL that the previous version may write'],
  'drop-not-null': ['CONTRACT', 'lets in NULL that the previous version does not expect'],
  'drop-default': ['CONTRACT', 'takes away a default that the previous version may rely on'],
  'drop-constraint': ['CONTRACT', 'takes away a constraint that the previous version may rely on'],
  'drop-index': ['CONTRACT', 'takes away an index that queries of the previous version may need'],
  'drop-object': ['CONTRACT', 'takes away an object that the previous version may use'],
  'change-type': ['CONTRACT', 'changes the type of a column that the previous version reads and writes'],
  'change-enum': ['CONTRACT', 'changes the order of an enumeration'],
  'rename-column': ['CONTRACT', 'renames a column that the previous version uses'],
  'rename-table': ['CONTRACT', 'renames a table that the previous version uses'],
  'rename-object': ['CONTRACT', 'renames an object that the previous version may use'],
  'set-schema': ['CONTRACT', 'moves an object to where the previous version does not look'],
  'change-access': ['CONTRACT', 'changes who may read or write'],
  'change-generated': ['CONTRACT', 'changes how the values of a column come about'],
  'change-sequence': ['CONTRACT', 'changes the numbers that come next'],
  'change-trigger': ['CONTRACT', 'changes what happens when the previous version writes'],
  'change-replication': ['CONTRACT', 'changes what replicas and subscribers receive'],
  'detach-partition': ['CONTRACT', 'takes rows out of a table that the previous version reads'],
  'drop-column': ['IRREVERSIBLE', 'deletes a column and its data'],
  'drop-table': ['IRREVERSIBLE', 'deletes a table and its data'],
  'drop-data': ['IRREVERSIBLE', 'deletes data'],
  'drop-cascade': ['IRREVERSIBLE', 'deletes an object and everything that depends on it'],
  'delete-rows': ['IRREVERSIBLE', 'deletes rows'],
  'overwrite-rows': ['IRREVERSIBLE', 'overwrites every row; the values before are gone'],
  'one-way': ['IRREVERSIBLE', 'runs what has no way back'],
  'replace-object': ['UNKNOWN', 'replaces an object that the previous version may use'],
  dynamic: ['UNKNOWN', 'runs code that is not read'],
  unread: ['UNKNOWN', 'is not understood'],
} as const satisfies Record<string, readonly [MigrationClass | null, string]>

export type OperationName = keyof typeof operations

/** What one statement, or one part of it, does. */
export type Operation = {
  name: OperationName
  /** Lower case; `schema.table` as it is written, '' when there is none. */
  table: string
  column: string | null
  /** What it is called afterwards, of a rename. */
  to?: string
  /** Whom it blocks while it runs, in words; null: nobody for long. */
  locks: string | null
  line: number
  /** In place of the words of the name. */
  why?: string
}

/** What stands for text that was not read, with the reason: unknown, so high. */
export const unread = (why: string, line = 1): Operation => ({
  name: 'unread',
  table: '',
  column: null,
  locks: null,
  line,
  why,
})

/** The worst of some classes; null when there is none. */
export const worst = (classes: readonly (MigrationClass | null)[]): MigrationClass | null =>
  classes.reduce((high, each) => (rank(each) > rank(high) ? each : high), null)

const rank = (each: MigrationClass | null): number => (each === null ? -1 : migrationClasses.indexOf(each))
