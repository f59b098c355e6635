import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openPostgresql } from '@relman/core/adapters/sql/open-postgresql'
import { migrationRisk } from '@relman/core/migration/migration-risk'
import { squawk, statements } from '../unit/migration/cases.ts'

const program = process.env['SQUAWK'] ?? 'squawk'
const folder = mkdtempSync(join(tmpdir(), 'relman-squawk-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Rules of style and of how a session is set up: they say nothing of what a statement does to the version that still runs. */
const style =
  /^(?:prefer-|require-(?:lock-)?timeout|require-(?:lock|statement)-timeout|require-timeout|transaction-nesting|ban-concurrent-index-creation-in-transaction|ban-char-field|identifier-too-long|ban-uncommitted-transaction|ban-create-domain|ban-alter-domain|syntax-error)/

/** Where relman deliberately says less: why, by the text. */
const calmer: Record<string, string> = {
  "ALTER TYPE e ADD VALUE IF NOT EXISTS 'x';": 'a value at the end moves no other',
  'CREATE TABLE t (a int); CREATE INDEX i ON t (a); ALTER TABLE t ADD b int NOT NULL; DROP TABLE t;':
    'the table is made by this very file, so nobody uses it yet',
}

const names = ['t', 'shop.t', '"Shop"."T x"']
const actions = [
  'ADD COLUMN c int',
  'ADD COLUMN c int NOT NULL',
  'ADD c int NOT NULL DEFAULT 0',
  'ADD COLUMN c int DEFAULT random()',
  'ADD COLUMN c int GENERATED ALWAYS AS (a + 1) STORED',
  'ADD COLUMN c bigserial',
  'ADD COLUMN c int PRIMARY KEY',
  'ADD COLUMN c int UNIQUE',
  'ADD COLUMN c int REFERENCES u (id)',
  'ADD COLUMN c int CHECK (c > 0)',
  'ADD CONSTRAINT k UNIQUE (a)',
  'ADD CONSTRAINT k UNIQUE USING INDEX i',
  'ADD CONSTRAINT k PRIMARY KEY (a)',
  'ADD CONSTRAINT k CHECK (a > 0)',
  'ADD CONSTRAINT k CHECK (a > 0) NOT VALID',
  'ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES u (id)',
  'ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES u (id) NOT VALID',
  'ADD CONSTRAINT k EXCLUDE USING gist (a WITH =)',
  'DROP COLUMN c',
  'DROP COLUMN IF EXISTS c CASCADE',
  'ALTER c SET NOT NULL',
  'ALTER c DROP NOT NULL',
  'ALTER c TYPE bigint',
  'ALTER c SET DATA TYPE varchar(20) USING c::text',
  'RENAME c TO d',
  'RENAME TO renamed',
  'DETACH PARTITION p',
  'DETACH PARTITION p CONCURRENTLY',
]
const others = [
  'CREATE INDEX i ON t (a)',
  'CREATE UNIQUE INDEX i ON t (a)',
  'CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (lower(a)) WHERE b',
  'DROP INDEX i',
  'DROP INDEX CONCURRENTLY i',
  'DROP TABLE t, shop.u',
  'DROP DATABASE d',
  'TRUNCATE t CASCADE',
  'REINDEX TABLE t',
  'REINDEX TABLE CONCURRENTLY t',
  'VACUUM FULL t',
  'CLUSTER t USING i',
  'REFRESH MATERIALIZED VIEW v',
]
const combined = (action: string, index: number) =>
  `ALTER TABLE ${names[index % 3]} ADD COLUMN x int, ${action.replace(/^RENAME.*/, 'DROP COLUMN y')}`
const texts = [
  ...squawk.map(([, sql]) => sql),
  ...statements.map(([sql]) => sql).filter((sql) => sql !== ''),
  ...names.flatMap((name) => actions.map((action) => `ALTER TABLE ${name} ${action};`)),
  ...names.flatMap((name) => actions.map((action) => `ALTER TABLE IF EXISTS ONLY ${name} ${action};`)),
  ...actions.map((action, index) => `${combined(action, index)};`),
  ...others.flatMap((text) => [`${text};`, `BEGIN;\n-- it's meant\n${text};\nCOMMIT;`]),
]

/** The rules that squawk warns of, by the number of the text. */
let told: Map<number, string[]>

beforeAll(() => {
  const files = texts.map((text, index) => {
    const file = join(folder, `${index}.sql`)
    writeFileSync(file, text)
    return file
  })
  const run = spawnSync(program, ['--reporter', 'json', ...files], { encoding: 'utf8', maxBuffer: 1 << 26 })
  const warnings: { file: string; rule_name: string }[] = JSON.parse(run.stdout)
  told = new Map()
  for (const { file, rule_name: rule } of warnings) {
    const index = Number(basename(file, '.sql'))
    told.set(index, [...(told.get(index) ?? []), rule])
  }
})

test.each(['tokenizer', 'parser'])(
  'P15, G15: the %s misses nothing that squawk 2.66 warns of',
  async (reader) => {
    const url = pathToFileURL(join(import.meta.dirname, '../../dist/sql/index.cjs')).href
    const parser = reader === 'parser' ? await openPostgresql(url) : null
    if (reader === 'parser') expect(parser).not.toBeNull()
    const warned = texts.flatMap((text, index) => {
      const rules = (told.get(index) ?? []).filter((rule) => !style.test(rule))
      return rules.length > 0 ? [{ text, rules }] : []
    })
    const missed = warned.filter(({ text }) => {
      const file = { path: 'db/postgres/1.sql', sql: text, status: 'added' as const }
      return migrationRisk([file], { before: [], code: true, ...(parser ? { parser } : {}) }).level !== 'high'
    })
    process.stdout.write(`${reader}: ${texts.length} texts, squawk warns of ${warned.length}\n`)
    expect(warned.length).toBeGreaterThan(150)
    expect(missed.map(({ text }) => text).sort()).toEqual(Object.keys(calmer).sort())
  },
)
