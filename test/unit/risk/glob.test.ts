import { expect, test } from '@jest/globals'
import { readConfig } from '@relman/core/config/read-config'
import { matchPath } from '@relman/core/risk/match-path'
import fc from 'fast-check'

const cases: [string, string[], string[]][] = [
  ['src/a.ts', ['src/a.ts'], ['src/b.ts', 'x/src/a.ts']],
  ['*.ts', ['a.ts', '.ts', '.a.ts'], ['src/a.ts', 'a.tsx']],
  ['**/*.ts', ['a.ts', 'src/deep/a.ts'], ['a.js']],
  ['src/**', ['src/a', 'src/a/b'], ['source/a']],
  ['**/docs/**', ['docs/a', 'x/docs/a/b'], ['x/documents/a']],
  ['**/Makefile', ['Makefile', 'a/b/Makefile'], ['Makefile.am']],
  ['a/**/z/**/q', ['a/z/q', 'a/b/z/z/c/q'], ['a/q', 'a/z']],
  ['a?c', ['abc'], ['ac', 'a/c']],
  ['[a-c]x', ['ax', 'cx'], ['dx', 'x']],
  ['[!a]x', ['bx'], ['ax', 'x']],
  ['[]]x', [']x'], ['x']],
  ['[x', ['[x'], ['x']],
  ['{a,b{c,d}}.ts', ['a.ts', 'bc.ts', 'bd.ts'], ['b.ts', 'c.ts']],
  ['{,x/}CODEOWNERS', ['CODEOWNERS', 'x/CODEOWNERS'], ['y/CODEOWNERS']],
  ['{a}', ['{a}'], ['a']],
  ['a\\*', ['a*'], ['ab']],
  ['*a*b*', ['ab', 'xaybz'], ['ba']],
  ['a\nb', ['a\nb'], ['a b']],
]

test.each(cases)('22: the glob %j', (glob, yes, no) => {
  const matches = matchPath([glob])
  expect(yes.filter((path) => !matches(path))).toEqual([])
  expect(no.filter(matches)).toEqual([])
})

const hostile: [string, string, string][] = [
  ['many stars', `${'*a'.repeat(120)}b`, 'a'.repeat(4_000)],
  ['many folders', `${'**/'.repeat(80)}b`, 'a/'.repeat(2_000)],
  ['folders and names', `${'**/a*/'.repeat(40)}b`, 'ab/'.repeat(1_300)],
  ['alternatives', `{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}${'*a'.repeat(90)}x`, 'a'.repeat(4_000)],
  ['open braces', '{'.repeat(256), '{'.repeat(4_000)],
  ['open sets', '['.repeat(256), '['.repeat(4_000)],
]

test.each(hostile)('22: %s end in time', (_, glob, path) => {
  const start = performance.now()
  expect(matchPath([glob])(path)).toBe(false)
  expect(performance.now() - start).toBeLessThan(30_000)
})

test('22: a path is its own glob, and any text is a glob', () => {
  const part = fc.string({ minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), part, (parts, glob) => {
      const path = parts.map((each) => each.replaceAll('/', '-')).join('/')
      expect(matchPath([path.replace(/[\\*?[\]{},]/g, '\\$&')])(path)).toBe(true)
      expect(matchPath(['**'])(path)).toBe(true)
      expect(typeof matchPath([glob])(path)).toBe('boolean')
    }),
  )
})

const rule = (paths: string) => `risk: { rules: [{ level: low, why: x, paths: ${paths} }] }`
const refused: [string, string, RegExp][] = [
  [
    'a brace bomb',
    rule(`['${'{a,b}'.repeat(20)}']`),
    /^f:1:.*risk\.rules\[0\]\.paths\[0\]: braces may stand/,
  ],
  ['a negation', rule("['!src/**']"), /may not begin with !/],
  ['a long one', rule(`['${'a'.repeat(257)}']`), /at most 256/],
  ['an empty one', rule("['']"), /must not be empty|at least 1/],
  ['100,000 patterns', rule(`[${'a,'.repeat(100_000)}a]`), /at most 100/],
]

test.each(refused)('21, 22: %s is refused at its place', (_, text, words) => {
  const start = performance.now()
  expect(() => readConfig(text, 'f')).toThrow(words)
  expect(performance.now() - start).toBeLessThan(30_000)
})
