import type { Operation, OperationName } from '../operation.ts'

/** An operation before its line is known. */
export type Found = Omit<Operation, 'line'>

export const plain = (name: OperationName, locks: string | null = null): Found => ({
  name,
  table: '',
  column: null,
  locks,
})
