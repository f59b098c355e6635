import { expect, test } from '@jest/globals'
import { verdictReasons } from '@relman/core/verdict/verdict-reasons'
import { names } from '../../actions/dispatch.ts'
import { roomOf } from './import-rule.ts'
import { reachable, reasonCodesIn } from './reason-codes.ts'
import { filesLike, read } from './tree.ts'

const actions = names.filter((name) => name !== 'relman')
filesLike(/^actions\/[^/]+\/main\.ts$/)

/** Words that a part of the core passes to another part, and that no outcome ever carries: each with its reason. */
const inner: Record<string, string> = {
  'first-release': 'an exception of one criterion; the gate is a go',
  unseen: 'a finding at 100 %, which waits and then returns as not-proven',
  unserved: 'a finding of a step, which waits and then returns as not-proven',
}

/** Rooms whose reasons any action can pass on, as it can those of a verdict; the catalog explains them once. */
const shared = new Set(['adapters', 'ports', 'record', 'runtime'])

const section = (page: string, title: RegExp): string => {
  const [, ...parts] = page.split(/^(?=#{1,3} )/m)
  return parts.filter((part) => title.test(part.split('\n')[0] ?? '')).join('\n')
}

const explains = (page: string, code: string): boolean => page.includes(`\`${code}\``)

test.each(actions)('every reason code of %s is in its README and in the catalog', (action) => {
  const files = reachable(`actions/${action}/main.ts`, read)
  const codes = reasonCodesIn(new Map(files.map((path) => [path, read(path)])))
  expect(codes.size).toBeGreaterThan(3)
  const readme = section(read(`actions/${action}/README.md`), /^## .*reason codes/i)
  const catalog = read('action-catalog.md')
  const everywhere = section(catalog, /^## (Reason codes of every action|Reasons of a verdict)/)
  const missing = [...codes]
    .filter(([code]) => !inner[code])
    .filter(([code, path]) =>
      shared.has(roomOf(path)) || code in verdictReasons
        ? !explains(everywhere, code)
        : !(explains(readme, code) && explains(catalog, code)),
    )
  expect(missing.map(([code, path]) => `${code} (${path})`)).toEqual([])
})

test('no word is declared inner that nothing says', () => {
  const files = filesLike(/^(actions|shared\/src)\/.*\.ts$/)
  const codes = reasonCodesIn(new Map(files.map((path) => [path, read(path)])))
  expect(Object.keys(inner).filter((code) => !codes.has(code))).toEqual([])
})

test.each([
  [`const a = { reasonCode: 'too-late' }`, ['too-late']],
  [`const a = { reason: late ? 'too-late' : (known ?? 'too-early') }`, ['too-early', 'too-late']],
  [
    `const no = (message: string, reason: string) => ({ reason, message })\nno('x', 'never-seen')`,
    ['never-seen'],
  ],
  [`function no(reasonCode: string) { return { reasonCode } }\nno('never-seen')`, ['never-seen']],
  [
    `class BadError extends Error { constructor(readonly reasonCode: string) { super() } }\nthrow new BadError('bad-thing')`,
    ['bad-thing'],
  ],
  [`const a = { reason: 'A sentence.', message: 'too-late' }`, []],
])('%s', (source, codes) => {
  expect([...reasonCodesIn(new Map([['a.ts', source]])).keys()].sort()).toEqual(codes)
})

test('a file that is imported is read, one that only gives types is not', () => {
  const files: Record<string, string> = {
    'actions/a/main.ts': `import { b } from './b.ts'\nimport type { C } from './c.ts'\nimport { d } from '@relman/core/gate/d'`,
    'actions/a/b.ts': '',
    'shared/src/gate/d.ts': '',
  }
  expect(reachable('actions/a/main.ts', (path) => files[path] ?? '').sort()).toEqual(
    Object.keys(files).sort(),
  )
})
