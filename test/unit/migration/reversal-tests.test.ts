import { expect, test } from '@jest/globals'
import { nameOf, reversalTests } from '@relman/core/migration/reversal-tests'

const rules = [{ paths: ['db/**'], test: 'test/db/{{name}}{.,_}*', check: 'migrations' }]

test('P15: of each migration that is reversed the test of its own is named; ways down ask for none', () => {
  const added = ['db/002_b.up.sql', 'db/002_b.down.sql', 'db/003_c.sql', 'other/004.sql']
  const present = [...added, 'test/db/002_b.test.ts', 'test/db/0033_c.ts']
  expect(reversalTests(added, rules, present)).toEqual([
    {
      path: 'db/002_b.up.sql',
      test: 'test/db/002_b.test.ts',
      wanted: 'test/db/002_b{.,_}*',
      check: 'migrations',
    },
    { path: 'db/003_c.sql', test: null, wanted: 'test/db/003_c{.,_}*', check: 'migrations' },
  ])
  expect(reversalTests(added, [], present)).toEqual([])
})

test('P15: a name that looks like a pattern matches itself alone, and a migration is no test of itself', () => {
  const [, ...paths] = ['', 'db/*.sql']
  expect(reversalTests(paths, rules, ['test/db/x.ts'])[0]?.test).toBeNull()
  expect(reversalTests(paths, [{ paths: ['**'], test: 'db/{{name}}.sql' }], paths)[0]?.test).toBeNull()
})

test.each([
  ['db/002_b.up.sql', '002_b'],
  ['db/V2__b.sql', 'V2__b'],
  ['prisma/migrations/20260101_add/migration.sql', '20260101_add'],
  ['migrations/2026-01-01-120000_add/up.sql', '2026-01-01-120000_add'],
])('P15: the name of %s', (path, name) => expect(nameOf(path)).toBe(name))
