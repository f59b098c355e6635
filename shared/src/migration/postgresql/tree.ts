/** A node of PostgreSQL's syntax tree as libpg_query gives it in JSON: `{ Kind: { field: value } }`. */
export type Fields = { readonly [field: string]: unknown }

/** Its statements; `stmt_location` and `stmt_len` count bytes of UTF-8. */
export type Tree = readonly { stmt?: unknown; stmt_location?: number; stmt_len?: number }[]

/** The kind and the fields of a node; an empty kind where there is none. */
export const nodeOf = (value: unknown): [string, Fields] => {
  const [kind, fields] = isFields(value) ? (Object.entries(value)[0] ?? ['', {}]) : ['', {}]
  return isFields(fields) ? [kind, fields] : ['', {}]
}

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** `schema.table` of a RangeVar, as the tokenizer writes it. */
export const tableOf = (value: unknown): string => {
  const range = isFields(value) ? ('RangeVar' in value ? nodeOf(value)[1] : value) : {}
  return [range['catalogname'], range['schemaname'], range['relname']]
    .map(textOf)
    .filter((part) => part !== '')
    .join('.')
    .toLowerCase()
}

/** A name of several parts: a List of Strings, or the Strings themselves. */
export const nameOf = (value: unknown): string => {
  const parts = isFields(value) ? listOf(nodeOf(value)[1]['items']) : listOf(value)
  return parts
    .map((part) => textOf(nodeOf(part)[1]['sval']))
    .join('.')
    .toLowerCase()
}

/** Every node of a kind below a value, in the order of the text; depth is bounded by the parser. */
export const below = (value: unknown, kind: string): Fields[] => {
  if (Array.isArray(value)) return value.flatMap((each) => below(each, kind))
  if (!isFields(value)) return []
  return Object.entries(value).flatMap(([key, each]) => [
    ...(key === kind && isFields(each) ? [each] : []),
    ...below(each, kind),
  ])
}
