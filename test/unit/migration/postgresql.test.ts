import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, expect, test } from '@jest/globals'
import { openPostgresql } from '@relman/core/adapters/sql/open-postgresql'
import { classifyMigration, type SqlParser } from '@relman/core/migration/classify-migration'
import type { Dialect } from '@relman/core/migration/dialect'
import { squawk, statements } from './cases.ts'

const dist = process.env['RELMAN_DIST'] ?? join(import.meta.dirname, '../../../dist')
let parser: SqlParser

beforeAll(async () => {
  const opened = await openPostgresql(pathToFileURL(join(dist, 'sql/index.cjs')).href)
  if (!opened) throw new Error('dist/sql does not start')
  parser = opened
})

const read = (sql: string, dialect: Dialect = 'postgresql') =>
  classifyMigration('m.sql', sql, { dialect, parser })

test.each(squawk)(
  "P15: PostgreSQL's own parser sees what squawk calls %s: %s is %s",
  (_, sql, kind, lock) => {
    const { class: found, findings } = read(sql)
    expect(String(found)).toBe(kind)
    if (lock) expect(findings.map(({ locks }) => locks).join()).toContain(lock)
  },
)

test.each(statements)("P15: by PostgreSQL's own parser %s is %s", (sql, kind) => {
  expect(String(read(sql).class)).toBe(kind)
})

test.each([
  // What the tokenizer must call unknown, and the tree knows.
  ['CREATE RULE r AS ON INSERT TO t DO INSTEAD DELETE FROM u;', 'UNKNOWN', 'CONTRACT'],
  ['CREATE TABLE "drop" (a int); INSERT INTO "drop" SELECT 1 AS update;', 'UNKNOWN', 'EXPAND'],
  ['ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM app;', 'UNKNOWN', 'CONTRACT'],
  // What neither knows.
  ['CREATE SCHEMA s CREATE TABLE t (a int);', 'UNKNOWN', 'UNKNOWN'],
  ['SECURITY LABEL ON TABLE t IS NULL;', 'UNKNOWN', 'UNKNOWN'],
  ['SET ROLE admin;', 'UNKNOWN', 'UNKNOWN'],
])('P15: %s is %s to the tokenizer and %s to the parser', (sql, tokens, tree) => {
  expect(classifyMigration('m.sql', sql, { dialect: 'postgresql' }).class).toBe(tokens)
  expect(read(sql).class).toBe(tree)
})

test.each([
  'WITH a AS (WITH b AS (DELETE FROM t RETURNING *) SELECT * FROM b) SELECT * FROM a;',
  'WITH a AS (UPDATE t SET x = 1 RETURNING *) SELECT * FROM a;',
  'CREATE TABLE n AS WITH a AS (DELETE FROM t RETURNING *) SELECT * FROM a;',
  'INSERT INTO t SELECT * FROM u; EXPLAIN ANALYZE DELETE FROM t;',
  'CREATE OR REPLACE FUNCTION f() RETURNS void AS $$ DELETE FROM t; $$ LANGUAGE sql;',
  'ALTER TABLE t DROP CONSTRAINT c CASCADE;',
  'ALTER VIEW v ALTER COLUMN c SET DEFAULT 1;',
  'SELECT * INTO n FROM t;',
  'MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE;',
])('91: what hides in a statement is found: %s', (sql) => {
  expect(['UNKNOWN', 'IRREVERSIBLE']).toContain(read(sql).class)
})

test.each([
  ['a text that its grammar refuses', 'ALTER TABLE t FROBNICATE c;', 'UNKNOWN'],
  ['psql', '\\i drop-everything.sql', 'UNKNOWN'],
  ['brackets without end', `SELECT ${'('.repeat(100_000)}1`, 'UNKNOWN'],
  ['a statement after a crash of the parser', 'DROP TABLE t;', 'IRREVERSIBLE'],
])('91: %s goes to the tokenizer and crashes nothing', (_, sql, kind) => {
  expect(read(sql).class).toBe(kind)
})

test('94: a text that may be read in two ways is never given to the parser, nor one of another dialect', () => {
  const asked: string[] = []
  const spy: SqlParser = (sql) => {
    asked.push(sql)
    return []
  }
  const twice = "INSERT INTO t VALUES ('\\'); DROP TABLE t; --');"
  for (const [dialect, sql] of [
    ['unknown', twice],
    ['mysql', 'DROP TABLE t'],
    ['sqlite', 'DROP TABLE t'],
  ] as const)
    expect(classifyMigration('m.sql', sql, { dialect, parser: spy }).class).not.toBeNull()
  expect(asked).toEqual([])
  expect(classifyMigration('m.sql', 'DROP TABLE t', { parser: spy }).class).toBeNull()
})

test('P15: the parser gives table, column, lock and the line, also behind comments and other alphabets', () => {
  const { findings } = read(
    '-- größe – ширина\nSELECT \'ü\';\n\n/* two\nlines */ -- and more\nALTER TABLE "Shop".Orders\n  ALTER COLUMN total SET NOT NULL;',
  )
  expect(findings.at(-1)).toMatchObject({
    name: 'set-not-null',
    what: 'shop.orders.total',
    line: 6,
    locks: expect.stringContaining('every row'),
  })
})

test('a bundle that is missing leaves the tokenizer alone', async () => {
  expect(await openPostgresql(pathToFileURL(join(dist, 'sql/absent.cjs')).href)).toBeNull()
})

test('a megabyte of statements is read in one go', () => {
  const sql = 'ALTER TABLE t ADD c int;\n'.repeat(20_000)
  const { findings } = read(sql)
  expect(findings.length).toBe(20_000)
  expect(findings.at(-1)?.line).toBe(20_000)
})
