import { expect, test } from '@jest/globals'
import { classifyMigration } from '@relman/core/migration/classify-migration'
import type { Dialect } from '@relman/core/migration/dialect'
import { squawk, statements } from './cases.ts'

const operations = (sql: string, dialect: Dialect = 'postgresql'): string[] =>
  classifyMigration('db/001.sql', sql, { dialect }).findings.map(({ name }) => name)
const classOf = (sql: string, dialect?: Dialect) =>
  classifyMigration('db/001.sql', sql, dialect ? { dialect } : {}).class

test.each(squawk)('P15: what squawk calls %s is seen: %s is %s', (_, sql, kind, lock) => {
  for (const dialect of ['postgresql', 'unknown'] as const) {
    const { class: found, findings } = classifyMigration('m.sql', sql, { dialect })
    expect(String(found)).toBe(kind)
    if (lock) expect(findings.map(({ locks }) => locks).join()).toContain(lock)
  }
})

test.each(statements)('P15: %s is %s', (sql, kind) => {
  expect(String(classOf(sql, 'postgresql'))).toBe(kind)
})

test.each<[Dialect, string, string]>([
  ['mysql', 'ALTER TABLE `t` CHANGE `a` `b` INT NOT NULL;', 'CONTRACT'],
  ['mysql', 'ALTER TABLE t MODIFY COLUMN a BIGINT;', 'CONTRACT'],
  ['mysql', 'RENAME TABLE a TO b, c TO d;', 'CONTRACT'],
  ['mysql', "ALTER TABLE t ADD COLUMN a INT COMMENT 'it\\'s; DROP TABLE t' AFTER b;", 'EXPAND'],
  ['mysql', 'ALTER TABLE t ADD COLUMN a INT; # DROP TABLE t', 'EXPAND'],
  ['mysql', 'ALTER TABLE t DROP FOREIGN KEY f, DROP INDEX i;', 'CONTRACT'],
  ['mysql', 'INSERT INTO t VALUES ("a;\'b") ON DUPLICATE KEY UPDATE a = 1;', 'MIGRATE'],
  ['mysql', 'SELECT 5--1; DROP TABLE t;', 'IRREVERSIBLE'],
  ['mysql', '/*!50000 DROP TABLE t */;', 'UNKNOWN'],
  ['mysql', '/* /* */ DROP TABLE t; /* */', 'IRREVERSIBLE'],
  ['mysql', 'REPLACE INTO t VALUES (1);', 'IRREVERSIBLE'],
  ['mysql', 'DELIMITER //', 'UNKNOWN'],
  [
    'sqlite',
    'CREATE TABLE n (a); INSERT INTO n SELECT a FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t;',
    'IRREVERSIBLE',
  ],
  ['sqlite', 'ALTER TABLE "t" DROP COLUMN [old name];', 'IRREVERSIBLE'],
  ['sqlite', 'PRAGMA foreign_keys = OFF;', 'null'],
  ['unknown', 'ALTER TABLE t ADD a INT\nGO\nDROP TABLE t\nGO', 'IRREVERSIBLE'],
])('P15: in %s, %s is %s', (dialect, sql, kind) => {
  expect(String(classOf(sql, dialect))).toBe(kind)
})

test.each([
  ['psql', '\\i drop-everything.sql'],
  ['psql, in a line', 'SELECT 1 \\gexec'],
  ['a template', 'ALTER TABLE {{ table }} ADD c int;'],
  ['a placeholder', `ALTER TABLE \${table} ADD c int;`],
  ['a variable of psql', 'ALTER TABLE t ADD c int; SELECT :x;'],
  ['Python', 'ALTER TABLE %(table)s ADD c int;'],
  ['ERB', '<% if x %> ALTER TABLE t ADD c int; <% end %>'],
  ['COPY', "COPY t FROM '/data/x.csv';"],
  ['a quote that never ends', "ALTER TABLE t ADD c text DEFAULT 'x;"],
  ['a comment that never ends', 'ALTER TABLE t ADD c int; /* DROP'],
  ['a dollar quote that never ends', 'ALTER TABLE t ADD c int; $x$ DROP'],
  ['two statements without a semicolon', 'ALTER TABLE t ADD c int\nDROP TABLE t;'],
  ['two statements without a semicolon, the first a CREATE', 'CREATE TABLE t (a int)\nDROP TABLE u;'],
  ['text that ends elsewhere in MySQL', "INSERT INTO t VALUES ('\\'); DROP TABLE t; --');"],
  ['a comment that MySQL executes', '/*! DROP TABLE t */;'],
  ['a comment that is none in MySQL', 'SELECT 5--1; DROP TABLE t'],
  ['a comment of MySQL', 'SELECT 1\n# it; DROP TABLE t\n;'],
])('91: %s is UNKNOWN, never silently low', (_, sql) => {
  expect(classOf(sql)).toBe('UNKNOWN')
})

test('91: a seed file of 20 MB is UNKNOWN and not read; a long INSERT is no burden', () => {
  const start = performance.now()
  expect(classOf(`INSERT INTO t VALUES ${'(1),'.repeat(5_000_000)}(1);`)).toBe('UNKNOWN')
  expect(classOf(`INSERT INTO t VALUES ${'(1),'.repeat(200_000)}(1);`)).toBe('UNKNOWN')
  expect(performance.now() - start).toBeLessThan(30_000)
})

test.each(['db/migrate/001_x.rb', 'app/migrations/0002_y.py', 'm/3.ts'])(
  '91: %s is no SQL and UNKNOWN',
  (path) => {
    expect(classifyMigration(path, 'class AddX').class).toBe('UNKNOWN')
  },
)

test.each([
  '-- DROP TABLE t;\nALTER TABLE t ADD c int;',
  '/* DROP TABLE t; */ ALTER TABLE t ADD c int;',
  '/* a /* nested */ DROP TABLE t; */ ALTER TABLE t ADD c int;',
  "ALTER TABLE t ADD c text DEFAULT 'DROP TABLE t; --';",
  "ALTER TABLE t ADD c text DEFAULT 'it''s; DROP TABLE t';",
  "ALTER TABLE t ADD c text DEFAULT E'it\\'s; DROP TABLE t';",
  'ALTER TABLE t ADD "DROP TABLE t; x" int;',
  'ALTER TABLE t ADD c text DEFAULT $q$; DROP TABLE t; $q$;',
  "COMMENT ON TABLE t IS 'DROP TABLE t';\nALTER TABLE t ADD c int;",
  "ALTER TABLE t ADD c int; --don't drop it; really",
  'CREATE FUNCTION f() RETURNS void AS $$ DELETE FROM t; $$ LANGUAGE sql;',
])('94: quoted and commented text is no statement: %s', (sql) => {
  expect(classOf(sql, 'postgresql')).toBe('EXPAND')
})

test('94: the dialect need not be known for what all read alike', () => {
  expect(classOf("-- it's: DROP TABLE t\n/* DROP */ ALTER TABLE t ADD c text DEFAULT 'DROP TABLE';")).toBe(
    'EXPAND',
  )
})

test('P15: findings name table, column, line and lock', () => {
  const { findings } = classifyMigration(
    'm.sql',
    '\n\nALTER TABLE "Shop".Orders\n  ALTER COLUMN total SET NOT NULL;',
  )
  expect(findings).toEqual([
    expect.objectContaining({
      name: 'set-not-null',
      what: 'Shop.orders.total'.toLowerCase(),
      line: 3,
      locks: expect.stringContaining('every row'),
    }),
  ])
})

test.each([
  ['db/postgres/1.sql', 'postgresql'],
  ['db/V1__x.mysql.sql', 'mysql'],
  ['db/mysql/pg/1.sql', 'unknown'],
  ['db/1.sql', 'unknown'],
])('the dialect of %s is %s', (path, dialect) => {
  expect(classifyMigration(path, '').dialect).toBe(dialect)
})

test('the way down in the same file is not what ships', () => {
  const both = '-- migrate:up\nALTER TABLE t ADD c int;\n-- migrate:down\nALTER TABLE t DROP c;\n'
  expect(operations(both)).toEqual(['add-column'])
  expect(operations('-- migrate:down\nALTER TABLE t DROP c;\n')).toEqual(['drop-column'])
})

const goose = '-- +goose Up\nSELECT 1;\n-- +goose Down\nDROP TABLE a;\n'
test.each([
  ['db/00001_a.sql', goose],
  ['db/00001_a.sql', goose.replaceAll('\n', '\r\n')],
  ['db/20260101-a.sql', goose.replaceAll('+goose', '+migrate')],
  ['db/1.sql', '-- migrate:up transaction:false\nSELECT 1;\n-- migrate:down\nDROP TABLE a;\n'],
])('the way down of %s is left out', (path, sql) => {
  expect(classifyMigration(path, sql).class).toBe('MIGRATE')
})

test.each([
  ['Flyway', 'db/V1__a.sql', goose],
  ['Flyway, again and again', 'db/R__a.sql', goose],
  ['golang-migrate', 'db/1_a.up.sql', goose],
  ['Prisma', 'db/20260101_a/migration.sql', goose],
  ['a tool that is not known', 'db/a.sql', goose],
  ['a number that goose does not take', 'db/1.sql', goose],
  ['marks of two tools', 'db/1_a.sql', goose.replace('goose Down', 'migrate Down')],
  ['another mark in between', 'db/1_a.sql', `-- migrate:up\n${goose}`],
  ['a second way up', 'db/1_a.sql', goose.replace('DROP', '-- +goose Up\nDROP')],
  ['a mark with more', 'db/1_a.sql', goose.replace('Down', 'Down, they say')],
  ['a mark behind another sign', 'db/1_a.sql', goose.replace('-- +goose Down', '--\u2028-- +goose Down')],
  ['no way up', 'db/1_a.sql', goose.replace('SELECT 1;', '')],
])('P15: what stands behind a mark is read where it may run: %s', (_, path, sql) => {
  expect(classifyMigration(path, sql).class).toBe('IRREVERSIBLE')
})

test.each(['1.sql', 'mysql/1.sql', 'postgres/1.sql', 'sqlite/1.sql'])(
  'a carriage return in a comment of %s hides nothing',
  (path) => {
    expect(classifyMigration(path, 'SELECT 1; -- fine\rDROP TABLE a;').class).toBe('UNKNOWN')
    expect(classifyMigration(path, 'SELECT 1; -- fine\r\n').class).toBe('MIGRATE')
  },
)
