import { expect, test } from '@jest/globals'
import { classifyMigration } from '@relman/core/migration/classify-migration'
import { classifyStatement } from '@relman/core/migration/classify-statement'
import { type MigrationFile, migrationRisk } from '@relman/core/migration/migration-risk'
import { statementsOf } from '@relman/core/migration/statement'
import { tokenizeSql } from '@relman/core/migration/tokenize-sql'
import fc from 'fast-check'

const fix = '-- forward-fix: the next release mends it\n'
const added = (path: string, sql: string): MigrationFile => ({ path, sql, status: 'added' })
const risk = (files: MigrationFile[], more: { before?: string[]; code?: boolean } = {}) =>
  migrationRisk(files, { before: [], code: false, ...more })
const codes = (...args: Parameters<typeof risk>) => risk(...args).flags.map(({ code }) => code)

test('92: a rename that is a drop and an add in two files of one release is seen and blocked', () => {
  const files = [
    added('m/001.sql', `${fix}ALTER TABLE orders ADD COLUMN total numeric;`),
    added('m/002.sql', `${fix}ALTER TABLE orders DROP COLUMN sum;`),
  ]
  const found = risk(files, { code: true })
  expect(found).toMatchObject({ level: 'high', class: 'IRREVERSIBLE', previousVersionRuns: false })
  expect(found.flags).toEqual([
    expect.objectContaining({
      code: 'rename',
      path: 'm/002.sql',
      words: expect.stringMatching(
        /^column orders\.sum goes \(m\/002\.sql\) and orders\.total comes \(m\/001\.sql\)/,
      ),
    }),
  ])
  expect(found.blocked).toEqual([
    expect.stringMatching(/^m\/002\.sql .*later release than the code that stops using it/),
  ])
  expect(
    codes([added('m/1.sql', `${fix}ALTER TABLE a DROP COLUMN x; ALTER TABLE b ADD COLUMN y int;`)]),
  ).toEqual([])
  expect(codes([added('m/1.sql', `${fix}DROP TABLE a; CREATE TABLE b (x int);`)])).toEqual(['rename'])
})

test('92: a contract alone, after the code, is not blocked; beside code it is', () => {
  const files = [added('m/1.sql', `${fix}ALTER TABLE t ALTER COLUMN c SET NOT NULL;`)]
  expect(risk(files).blocked).toEqual([])
  expect(risk(files, { code: true }).blocked).toHaveLength(1)
  expect(risk([added('m/1.sql', `${fix}ALTER TABLE t ADD c int;`)], { code: true }).blocked).toEqual([])
})

test.each<[string, MigrationFile[], string[], string[]]>([
  ['edited', [{ path: 'm/1.sql', sql: `${fix}SELECT 1;`, status: 'modified' }], ['m/1.sql'], ['edited']],
  ['deleted', [{ path: 'm/1.sql', sql: null, status: 'deleted' }], ['m/1.sql'], ['deleted']],
  ['out of order', [added('m/20260101_a.sql', `${fix}SELECT 1;`)], ['m/20260102_b.sql'], ['out-of-order']],
  ['in order', [added('m/20260103_a.sql', `${fix}SELECT 1;`)], ['m/20260102_b.sql'], []],
  ['numbers, not letters', [added('m/V10__a.sql', `${fix}SELECT 1;`)], ['m/V9__b.sql', 'm/V1.2__c.sql'], []],
  ['another series', [added('m/1_a.sql', `${fix}SELECT 1;`)], ['other/2_b.sql'], []],
  ['the same version', [added('m/V2__a.sql', `${fix}SELECT 1;`)], ['m/V2__b.sql'], ['same-version']],
  [
    'Prisma',
    [added('p/20260101000000_a/migration.sql', `${fix}SELECT 1;`)],
    ['p/20260201000000_b/migration.sql'],
    ['out-of-order'],
  ],
  ['no way back', [added('m/1.sql', 'ALTER TABLE t ADD c int;')], [], ['no-way-back']],
  [
    'an empty way down',
    [added('m/1.sql', '-- migrate:up\nALTER TABLE t ADD c int;\n-- migrate:down\n-- nothing\n')],
    [],
    ['no-way-back'],
  ],
  [
    'a way down',
    [added('m/1.sql', '-- migrate:up\nALTER TABLE t ADD c int;\n-- migrate:down\nALTER TABLE t DROP c;')],
    [],
    [],
  ],
  [
    'a file down',
    [added('m/1_a.up.sql', 'ALTER TABLE t ADD c int;'), added('m/1_a.down.sql', 'ALTER TABLE t DROP c;')],
    [],
    [],
  ],
  [
    'an undo of Flyway',
    [added('m/V3__a.sql', 'ALTER TABLE t ADD c int;'), added('m/U3__a.sql', 'ALTER TABLE t DROP c;')],
    [],
    [],
  ],
  [
    'a revert of Sqitch',
    [added('deploy/a.sql', 'ALTER TABLE t ADD c int;'), added('revert/a.sql', 'ALTER TABLE t DROP c;')],
    [],
    [],
  ],
  [
    'the way back of another',
    [added('m/2_b.up.sql', 'ALTER TABLE t ADD c int;'), added('m/3_c.down.sql', 'SELECT 1;')],
    [],
    ['no-way-back'],
  ],
  [
    'a declaration in text is none',
    [added('m/1.sql', "INSERT INTO t VALUES ('\n-- forward-fix: x');")],
    [],
    ['no-way-back'],
  ],
])('93, G15: %s', (_, files, before, expected) => {
  expect(codes(files, { before })).toEqual(expected)
})

test.each([
  ['CREATE TABLE t (a int);', 'medium'],
  ['CREATE INDEX i ON t (a);', 'high'],
  ['CREATE INDEX CONCURRENTLY i ON t (a);', 'medium'],
  ['ALTER TABLE t RENAME TO u;', 'high'],
  ['WHATEVER;', 'high'],
  ['SET x = 1;', 'low'],
])('P15: %s is of level %s', (sql, level) => {
  expect(risk([added('m/1.sql', fix + sql)]).level).toBe(level)
})

test('91: a file whose text could not be read is high', () => {
  expect(risk([{ path: 'm/1.sql', sql: null, status: 'added' }])).toMatchObject({
    level: 'high',
    class: 'UNKNOWN',
  })
})

test('P15: the words for the plan: the worst file first, with place, object and lock', () => {
  const { words } = risk([
    added('m/1.sql', `${fix}CREATE INDEX i ON t (a);`),
    added('m/2.sql', `${fix}ALTER TABLE t DROP COLUMN b;`),
  ])
  expect(words).toEqual([
    'm/2.sql: IRREVERSIBLE: deletes a column and its data (t.b), line 2',
    'm/1.sql: EXPAND: adds an index (t), line 2; blocks writes while the index is built',
  ])
})

test('P15: names of people cannot break the words: controls are gone, long ones are cut', () => {
  const { words } = risk([added('m/1.sql', `${fix}DROP TABLE "\u001b[31m${'x'.repeat(500)}";`)])
  expect(words.join()).not.toMatch(/\u001b|x{200}/)
})

const noise = fc.array(
  fc.constantFrom(
    "'",
    '"',
    '`',
    '--',
    '/*',
    '*/',
    '$$',
    '$a$',
    '\\',
    ';',
    '\n',
    ' ',
    '#',
    '(',
    ')',
    ',',
    'DROP',
    'TABLE',
    'ALTER',
    't',
    'ADD',
    'E',
    '::',
    '{',
    '[',
    ']',
    '5',
    'é',
  ),
  { maxLength: 60 },
)

test('91: whatever the text, it is read to its end and never throws', () => {
  fc.assert(
    fc.property(
      noise,
      fc.constantFrom('postgresql', 'mysql', 'sqlite', 'unknown' as const),
      (parts, dialect) => {
        const text = parts.join('')
        expect(() => classifyMigration('m.sql', text, { dialect: dialect as 'unknown' })).not.toThrow()
      },
    ),
    { numRuns: 2_000 },
  )
})

test('91: a DROP TABLE after any text is seen, or the file is UNKNOWN, or it is quoted or commented away', () => {
  fc.assert(
    fc.property(noise, (parts) => {
      const text = `${parts.join('')};\nDROP TABLE secret;`
      const { class: kind } = classifyMigration('m.sql', text)
      const { tokens } = tokenizeSql(text, 'unknown')
      const open = tokens.some(({ kind: each, text: word }) => each === 'word' && word === 'SECRET')
      expect(!open || kind === 'IRREVERSIBLE' || kind === 'UNKNOWN').toBe(true)
    }),
    { numRuns: 2_000 },
  )
})

test.each([
  `ALTER TABLE t ADD c int ${'DEFAULT ( '.repeat(4_000)}`,
  `SELECT ${'a . '.repeat(9_000)}b`,
  `CREATE TABLE t (${'ON '.repeat(9_000)})`,
  `UPDATE t SET ${'a = 1 , '.repeat(4_000)} b`,
  `ALTER TYPE ${'x . '.repeat(9_000)} ADD`,
  `DROP INDEX ${'a , '.repeat(9_000)} b`,
])('22: a statement of thousands of words takes no time: %#', (sql) => {
  const start = performance.now()
  const made = { tables: new Set<string>(), columns: new Map<string, Set<string>>() }
  for (const statement of statementsOf(tokenizeSql(sql, 'unknown').tokens)) classifyStatement(statement, made)
  expect(performance.now() - start).toBeLessThan(30_000)
})

test('G15: folders as Diesel names them: the way back lies beside the way forward', () => {
  const [up, down] = ['up', 'down'].map((way) => `migrations/2026-01-02-030405_note/${way}.sql`) as [
    string,
    string,
  ]
  const sql = 'ALTER TABLE a ADD COLUMN b int;'
  const added = (path: string) => ({ path, sql, status: 'added' as const })
  const context = { before: ['migrations/2025-01-02-030405_a/up.sql'], code: false }
  expect(migrationRisk([added(up), added(down)], context).flags).toEqual([])
  expect(migrationRisk([added(up)], context).flags.map(({ code }) => code)).toEqual(['no-way-back'])
})

test('fault 93: an edited migration is flagged; it does not run again, so it blocks nothing', () => {
  const files = [{ path: 'migrations/1_a.sql', sql: 'DROP TABLE a;', status: 'modified' as const }]
  const risk = migrationRisk(files, { before: ['migrations/1_a.sql'], code: true })
  expect(risk).toMatchObject({ class: null, level: 'high', blocked: [], previousVersionRuns: true })
  expect(risk.flags.map(({ code }) => code)).toEqual(['edited'])
})

test('fault 93: many edited migrations are one sentence', () => {
  const paths = Array.from({ length: 50 }, (_, index) => `m/${index}.sql`)
  const files = paths.map((path) => ({ path, sql: 'SELECT 1;', status: 'modified' as const }))
  const { words, flags } = migrationRisk(files, { before: paths, code: true })
  expect(flags).toHaveLength(50)
  expect(words.filter((line) => line.includes('edited'))).toEqual([
    expect.stringMatching(/^50 migrations were there .*: m\/0\.sql, m\/1\.sql, m\/2\.sql and 47 more$/),
  ])
})
