import { describe, expect, test } from '@jest/globals'
import { measureChange } from '@relman/core/risk/measure-change'
import { isMigration } from '@relman/core/risk/migration-paths'

const file = (path: string, added = 1, deleted = 0) => ({ path, added, deleted })

describe('G12: what the score can know of a change', () => {
  test('files, directories, subsystems, lines and how they are spread', () => {
    const files = [file('src/cart/a.ts', 3, 1), file('src/cart/b.ts', 4), file('README.md', 8)]
    const paths = files.map(({ path }) => path)
    expect(measureChange({ kind: 'fix' }, paths, files)).toEqual({
      fix: 1,
      nf: 3,
      nd: 2,
      ns: 2,
      la: 15,
      ld: 1,
      // Half of the lines in one file, a quarter in each of two.
      entropy: 1.5,
    })
  })

  test.each([
    ['without its lines', ['a.ts'], null, { fix: 0, nf: 1, nd: 1, ns: 1 }],
    ['without its files', null, null, { fix: 0 }],
    [
      'that changes no line',
      ['a.png'],
      [file('a.png', 0)],
      { fix: 0, nf: 1, nd: 1, ns: 1, la: 0, ld: 0, entropy: 0 },
    ],
    [
      'of a lock file and what is vendored alone',
      ['web/package-lock.json', 'vendor/x.go'],
      [file('web/package-lock.json', 9_000), file('vendor/x.go', 700)],
      { fix: 0, nf: 0, nd: 0, ns: 0, la: 0, ld: 0, entropy: 0 },
    ],
  ])('a change %s', (_, paths, lines, expected) => {
    expect(measureChange({ kind: 'chore' }, paths, lines)).toEqual(expected)
  })
})

test.each([
  ['db/migrate/20260101_add.rb', true],
  ['migrations/2026-01-02-030405_a/up.sql', true],
  ['app/migrations/0002_b.py', true],
  ['V2__b.sql', true],
  ['db/schema.rb', false],
  ['db/structure.sql', false],
  ['prisma/schema.prisma', false],
  ['prisma/migrations/migration_lock.toml', false],
  ['app/migrations/__init__.py', false],
  ['migrations/README.md', false],
  ['src/a.sql', false],
])('whether %s is a migration that runs: %p', (path, expected) => {
  expect(isMigration(path)).toBe(expected)
})
