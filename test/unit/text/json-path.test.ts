import { expect, test } from '@jest/globals'
import { parsePath, select } from '@relman/core/text/json-path'
import { fillPlaceholders, placeholdersIn } from '@relman/core/text/placeholder'

const value = { a: [{ b: 1 }, { b: 2, 'c.d': { 'e"f': 3 } }, null], g: null, h: [[1, 2], [3]] }

test.each([
  ['a[*].b', [1, 2]],
  ['a[1].b', [2]],
  ['a[1]["c.d"]["e\\"f"]', [3]],
  ['a[9].b', []],
  ['a.b', []],
  ['g', [null]],
  ['g.x', []],
  ['h[*][0]', [1, 3]],
  ['h[*][*]', [1, 2, 3]],
  ['constructor', []],
  ['__proto__.x', []],
  ['a.length', []],
])('V1: the path %s leads to %j', (path, found) => {
  expect(select(value, parsePath(path) ?? [])).toEqual(found)
})

test.each(['', '.', 'a.', 'a..b', 'a[', 'a[-1]', 'a[x]', 'a[""', '[*', 'a b', 'a[1000000000]', '$.a '])(
  'V1: %j is no path',
  (text) => {
    expect(parsePath(text)).toBeNull()
  },
)

test('21: a path as long as a configuration allows is read in no time, and many entries are no stack', () => {
  const began = performance.now()
  expect(parsePath(`${'a['.repeat(100)}`)).toBeNull()
  expect(select(Array(500_000).fill(1), [{ every: true }])).toHaveLength(500_000)
  expect(performance.now() - began).toBeLessThan(30_000)
})

test('placeholders are filled in once: what is put in is never read again', () => {
  expect(placeholdersIn('{{a}} {{b c}} {d} {{}}')).toEqual(['a', 'b c', ''])
  const filled = fillPlaceholders(
    '{{a}}-{{b}}',
    (name) => (name === 'a' ? '{{b}}' : '$& $1'),
    (text) => `<${text}>`,
  )
  expect(filled).toBe('<{{b}}>-<$& $1>')
})
