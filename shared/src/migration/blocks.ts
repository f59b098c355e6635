/** Whom a statement blocks while it runs, in the words that people read; both readers of SQL say the same. */
export const blocks = {
  scan: 'blocks reads and writes while it checks every row',
  rewrite: 'blocks reads and writes while the table is rewritten',
  reference: 'blocks writes of both tables while the reference is made',
  build: 'blocks writes while the index is built',
  whole: 'blocks reads and writes of the whole table',
  moment: 'blocks reads and writes of its table for a moment',
  fill: 'blocks reads while it is filled',
  transaction: 'locks a table until the transaction ends',
} as const
