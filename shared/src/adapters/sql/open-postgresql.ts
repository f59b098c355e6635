import type { SqlParser } from '../../migration/classify-migration.ts'
import type { Tree } from '../../migration/postgresql/tree.ts'

/** What the bundle `dist/sql` exports: PostgreSQL's own parser, compiled to WebAssembly. */
export type SqlModule = { parseSync(sql: string): { stmts?: Tree } }

/**
 * PostgreSQL's own parser, loaded only when a release has migrations. It has no access to anything but the text.
 *
 * @param url of `dist/sql/index.cjs`
 * @returns null where the bundle is missing or does not start: the tokenizer then reads alone
 */
export const openPostgresql = async (url: string): Promise<SqlParser | null> => {
  let module: SqlModule
  try {
    const { open } = (await import(/* webpackIgnore: true */ url)) as { open(): Promise<SqlModule> }
    module = await open()
  } catch {
    return null
  }
  return (sql) => {
    try {
      return module.parseSync(sql).stmts ?? []
    } catch {
      return null
    }
  }
}
