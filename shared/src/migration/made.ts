import type { Operation } from './operation.ts'

/** What a file has made so far: tables, and columns by `table`. */
export type Made = { tables: Set<string>; columns: Map<string, Set<string>> }

/** Notes what is new, and turns what happens to a table of this very file into `on-new-table`. */
export const onNewTable = (operation: Operation, { tables, columns }: Made): Operation => {
  const { name, table, column } = operation
  if (name === 'create-table') {
    if (operation.why === undefined) tables.add(table)
    return operation
  }
  if (name === 'unread' || name === 'dynamic' || name === 'nothing' || !tables.has(table)) {
    if (column !== null && (name === 'add-column' || name === 'add-required-column'))
      columns.set(table, new Set([...(columns.get(table) ?? []), column]))
    return operation
  }
  if (name === 'drop-table') tables.delete(table)
  if (name === 'rename-table' && operation.to !== undefined) {
    tables.delete(table)
    tables.add(operation.to)
  }
  return { ...operation, name: 'on-new-table', locks: null }
}
