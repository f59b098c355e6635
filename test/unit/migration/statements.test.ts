import { expect, test } from '@jest/globals'
import { classifyMigration } from '@relman/core/migration/classify-migration'
import type { Dialect } from '@relman/core/migration/dialect'

const operations = (sql: string, dialect: Dialect = 'postgresql'): string[] =>
  classifyMigration('db/001.sql', sql, { dialect }).findings.map(({ name }) => name)
const classOf = (sql: string, dialect?: Dialect) =>
  classifyMigration('db/001.sql', sql, dialect ? { dialect } : {}).class

/** The rules of squawk 2.66 that are about a statement: each has a statement that its rule warns of. */
const squawk: [string, string, string, string][] = [
  [
    'adding-field-with-default',
    'ALTER TABLE t ADD COLUMN c uuid DEFAULT gen_random_uuid();',
    'EXPAND',
    'rewritten',
  ],
  [
    'adding-foreign-key-constraint',
    'ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u (id);',
    'CONTRACT',
    'checks every row',
  ],
  ['adding-not-nullable-field', 'ALTER TABLE t ALTER COLUMN c SET NOT NULL;', 'CONTRACT', 'checks every row'],
  ['adding-primary-key-constraint', 'ALTER TABLE t ADD PRIMARY KEY (id);', 'CONTRACT', 'index is built'],
  ['adding-required-field', 'ALTER TABLE t ADD COLUMN c integer NOT NULL;', 'CONTRACT', ''],
  [
    'ban-alter-domain-with-add-constraint',
    'ALTER DOMAIN d ADD CONSTRAINT c CHECK (value > 0);',
    'CONTRACT',
    '',
  ],
  [
    'ban-concurrent-index-creation-in-transaction',
    'BEGIN; CREATE INDEX CONCURRENTLY i ON t (c); COMMIT;',
    'EXPAND',
    '',
  ],
  ['ban-drop-column', 'ALTER TABLE t DROP COLUMN c;', 'IRREVERSIBLE', ''],
  ['ban-drop-database', 'DROP DATABASE d;', 'IRREVERSIBLE', ''],
  ['ban-drop-not-null', 'ALTER TABLE t ALTER COLUMN c DROP NOT NULL;', 'CONTRACT', ''],
  ['ban-drop-table', 'DROP TABLE t;', 'IRREVERSIBLE', ''],
  ['ban-truncate-cascade', 'TRUNCATE t CASCADE;', 'IRREVERSIBLE', ''],
  [
    'changing-column-type',
    'ALTER TABLE t ALTER COLUMN c TYPE bigint USING c::bigint;',
    'CONTRACT',
    'rewritten',
  ],
  [
    'constraint-missing-not-valid',
    'ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0);',
    'CONTRACT',
    'checks every row',
  ],
  [
    'disallowed-unique-constraint',
    'ALTER TABLE t ADD CONSTRAINT c UNIQUE (a);',
    'CONTRACT',
    'index is built',
  ],
  ['renaming-column', 'ALTER TABLE t RENAME COLUMN a TO b;', 'CONTRACT', ''],
  ['renaming-table', 'ALTER TABLE t RENAME TO u;', 'CONTRACT', ''],
  ['require-concurrent-index-creation', 'CREATE INDEX i ON t (c);', 'EXPAND', 'index is built'],
  ['require-concurrent-index-deletion', 'DROP INDEX i;', 'CONTRACT', 'for a moment'],
  ['require-concurrent-partition-detach', 'ALTER TABLE t DETACH PARTITION p;', 'CONTRACT', 'blocks'],
  ['require-concurrent-reindex', 'REINDEX TABLE t;', 'MIGRATE', 'blocks'],
  ['require-enum-value-ordering', "ALTER TYPE e ADD VALUE 'x' BEFORE 'y';", 'CONTRACT', ''],
  ['ban-set-schema', 'ALTER TABLE t SET SCHEMA s;', 'CONTRACT', ''],
  ['ban-revoke', 'REVOKE SELECT ON t FROM app;', 'CONTRACT', ''],
  ['ban-drop-constraint', 'ALTER TABLE t DROP CONSTRAINT c;', 'CONTRACT', ''],
  ['ban-drop-default', 'ALTER TABLE t ALTER c DROP DEFAULT;', 'CONTRACT', ''],
  ['ban-drop-view', 'DROP VIEW v;', 'CONTRACT', ''],
  ['ban-drop-function', 'DROP FUNCTION f(integer, text);', 'CONTRACT', ''],
  ['ban-drop-type', 'DROP TYPE e;', 'CONTRACT', ''],
  ['ban-drop-trigger', 'DROP TRIGGER g ON t;', 'CONTRACT', ''],
  ['ban-drop-policy', 'DROP POLICY p ON t;', 'CONTRACT', ''],
  ['ban-drop-schema', 'DROP SCHEMA s CASCADE;', 'IRREVERSIBLE', ''],
  ['ban-drop-sequence', 'DROP SEQUENCE s;', 'IRREVERSIBLE', ''],
  ['ban-drop-extension', 'DROP EXTENSION e CASCADE;', 'IRREVERSIBLE', ''],
  ['ban-drop-generated-expression', 'ALTER TABLE t ALTER c DROP EXPRESSION;', 'CONTRACT', ''],
  ['ban-alter-identity', 'ALTER TABLE t ALTER c DROP IDENTITY IF EXISTS;', 'CONTRACT', ''],
  ['ban-disable-trigger', 'ALTER TABLE t DISABLE TRIGGER ALL;', 'CONTRACT', ''],
  ['ban-replica-identity', 'ALTER TABLE t REPLICA IDENTITY NOTHING;', 'CONTRACT', ''],
  ['ban-replace-view-function', 'CREATE OR REPLACE VIEW v AS SELECT 1;', 'UNKNOWN', ''],
  ['security-compatibility', 'ALTER TABLE t ENABLE ROW LEVEL SECURITY;', 'CONTRACT', ''],
  ['alter-sequence-values', 'ALTER SEQUENCE s RESTART WITH 1;', 'CONTRACT', ''],
  ['transaction-nesting', 'BEGIN; COMMIT;', 'null', ''],
]

test.each(squawk)('P15: what squawk calls %s is seen: %s is %s', (_, sql, kind, lock) => {
  for (const dialect of ['postgresql', 'unknown'] as const) {
    const { class: found, findings } = classifyMigration('m.sql', sql, { dialect })
    expect(String(found)).toBe(kind)
    if (lock) expect(findings.map(({ locks }) => locks).join()).toContain(lock)
  }
})

test.each([
  // What squawk misses (facts of the linters that were tried).
  ["ALTER TYPE e RENAME VALUE 'a' TO 'b';", 'CONTRACT'],
  ['TRUNCATE t;', 'IRREVERSIBLE'],
  ['DELETE FROM t;', 'IRREVERSIBLE'],
  ['DELETE FROM t WHERE a = 1;', 'IRREVERSIBLE'],
  ['UPDATE t SET a = 1;', 'IRREVERSIBLE'],
  ['UPDATE t SET a = (SELECT 1 WHERE true);', 'IRREVERSIBLE'],
  ['UPDATE t SET a = 1 WHERE a IS NULL;', 'MIGRATE'],
  ['ALTER TABLE t ADD b int; UPDATE t SET b = a;', 'MIGRATE'],
  ['ALTER TABLE t ADD b int; UPDATE t SET b = a, c = 0;', 'IRREVERSIBLE'],
  ["DO $$ BEGIN EXECUTE 'DROP TABLE ' || 'x'; END $$;", 'UNKNOWN'],
  ['SELECT drop_everything();', 'UNKNOWN'],
  ['SELECT count(*) FROM t;', 'MIGRATE'],
  ['WITH d AS (DELETE FROM t RETURNING *) INSERT INTO u SELECT * FROM d;', 'IRREVERSIBLE'],
  // Expand.
  [
    'CREATE TABLE t (id bigint PRIMARY KEY, u bigint REFERENCES u ON DELETE CASCADE ON UPDATE CASCADE);',
    'EXPAND',
  ],
  ['ALTER TABLE t ADD COLUMN IF NOT EXISTS c text;', 'EXPAND'],
  ["ALTER TABLE t ADD c text NOT NULL DEFAULT 'x', ADD d numeric(10, 2) DEFAULT 0;", 'EXPAND'],
  ['ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;', 'EXPAND'],
  ["ALTER TYPE e ADD VALUE IF NOT EXISTS 'x';", 'EXPAND'],
  ['CREATE VIEW v AS SELECT a FROM t;', 'EXPAND'],
  ['GRANT SELECT, UPDATE ON t TO app;', 'EXPAND'],
  [
    'CREATE TABLE t (a int); CREATE INDEX i ON t (a); ALTER TABLE t ADD b int NOT NULL; DROP TABLE t;',
    'EXPAND',
  ],
  ['CREATE TABLE IF NOT EXISTS t (a int); DROP TABLE t;', 'IRREVERSIBLE'],
  // Migrate.
  ['ALTER TABLE t VALIDATE CONSTRAINT c;', 'MIGRATE'],
  ['ALTER TABLE t ALTER c SET DEFAULT 1;', 'MIGRATE'],
  ["INSERT INTO t VALUES (1, 'DROP TABLE t; DELETE FROM t') ON CONFLICT (a) DO UPDATE SET b = 1;", 'MIGRATE'],
  // Several actions: the worst counts.
  ['ALTER TABLE t ADD a int, DROP COLUMN b;', 'IRREVERSIBLE'],
  ['ALTER TABLE t ADD CONSTRAINT c CHECK (a IN (1, 2)) NOT VALID, ALTER b TYPE int;', 'CONTRACT'],
  // Not understood is never low.
  ['ALTER TABLE t FROBNICATE c;', 'UNKNOWN'],
  ['FLASHBACK TABLE t;', 'UNKNOWN'],
  ['CREATE TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f();', 'CONTRACT'],
  ['', 'null'],
  ['SET lock_timeout = 5000; BEGIN; COMMIT;', 'null'],
])('P15: %s is %s', (sql, kind) => {
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
  expect(performance.now() - start).toBeLessThan(4_000)
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

test('P15: a parser of the dialect is asked first, the tokenizer when it cannot', () => {
  const told = [{ name: 'drop-table', table: 'x', column: null, locks: null, line: 1 }] as const
  expect(classifyMigration('m.sql', 'SELECT 1', { parser: () => [...told] }).class).toBe('IRREVERSIBLE')
  expect(classifyMigration('m.sql', 'SELECT 1', { parser: () => null }).class).toBe('MIGRATE')
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
