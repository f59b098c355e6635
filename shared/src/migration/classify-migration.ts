import { cut } from '../text/visible.ts'
import { classifyStatement } from './classify-statement.ts'
import { type Dialect, dialectOf } from './dialect.ts'
import type { Made } from './made.ts'
import { forwardPart } from './migration-file.ts'
import { type MigrationClass, type Operation, operations, unread, worst } from './operation.ts'
import { readTree } from './postgresql/read-tree.ts'
import type { Tree } from './postgresql/tree.ts'
import { readDjango } from './python/read-django.ts'
import { tokenizePython } from './python/tokenize-python.ts'
import { statementsOf } from './statement.ts'
import type { Comment } from './token.ts'
import { tokenizeSql } from './tokenize-sql.ts'

/** One operation with what it means. `what` names its object, for example `orders.total`. */
export type Finding = Operation & { class: MigrationClass | null; words: string; what: string }

export type Migration = {
  path: string
  dialect: Dialect
  /** The worst of its findings; null when it changes nothing. */
  class: MigrationClass | null
  findings: Finding[]
  comments: readonly Comment[]
}

/** PostgreSQL's own syntax tree of a text; null where its grammar refuses the text, so that the tokenizer reads it. */
export type SqlParser = (sql: string) => Tree | null

/** Larger files are seeds or dumps. */
const sizeLimit = 1024 * 1024

/**
 * Rows P15, G15: what a migration does to the version that still runs. Reads SQL of any dialect with the tokenizer;
 * PostgreSQL's own `parser` is asked first when given, unless the file is of another dialect or may be read in two ways.
 * Everything that cannot be read for certain is a
 * finding of class UNKNOWN: psql commands, templates, dynamic SQL, migrations in a programming language but those of Django.
 *
 * @param sql null when the text could not be read
 * @param path decides the dialect (`dialectOf`) unless it is given, and whether it is SQL at all
 */
export const classifyMigration = (
  path: string,
  sql: string | null,
  options: { dialect?: Dialect; parser?: SqlParser } = {},
): Migration => {
  const dialect = options.dialect ?? dialectOf(path)
  const whole = { path, dialect, comments: [] }
  if (sql === null) return of(whole, [unread('its text could not be read')])
  if (!/\.(?:sql|py)$/i.test(path))
    return of(whole, [unread('a migration that is not SQL: its code is not read')])
  if (sql.length > sizeLimit) return of(whole, [unread(`larger than ${sizeLimit / 1024} KiB: not read`)])
  if (/\.py$/i.test(path)) return ofPython(whole, sql)
  const forward = forwardPart(path, sql)
  const { tokens, comments, doubts } = tokenizeSql(forward, dialect)
  const made: Made = { tables: new Set(), columns: new Map() }
  const asked = dialect === 'postgresql' || (dialect === 'unknown' && doubts.length === 0)
  const tree = asked ? options.parser?.(forward) : null
  if (tree) return of({ ...whole, comments }, readTree(tree, forward, made))
  return of({ ...whole, comments }, [
    ...statementsOf(tokens).flatMap((statement) => classifyStatement(statement, made)),
    ...doubts.slice(0, 5).map(({ why, line }) => unread(why, line)),
  ])
}

/** Django's operations are read; whatever else is written in Python is not. */
const ofPython = (whole: Omit<Migration, 'class' | 'findings'>, text: string): Migration => {
  const read = tokenizePython(text)
  const made: Made = { tables: new Set(), columns: new Map() }
  return of({ ...whole, comments: read.comments }, readDjango(read, whole.dialect, made))
}

const of = (whole: Omit<Migration, 'class' | 'findings'>, found: readonly Operation[]): Migration => {
  const findings = found.map((operation): Finding => {
    const [kind, words] = operations[operation.name]
    return {
      ...operation,
      class: kind,
      words: operation.why ?? words,
      what: cut([operation.table, operation.column].filter((part) => part).join('.'), 120),
    }
  })
  return { ...whole, class: worst(findings.map((finding) => finding.class)), findings }
}
