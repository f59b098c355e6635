import { homedir } from 'node:os'
import { expect, test } from '@jest/globals'
import { filesLike, read, root } from './tree.ts'

// Spelt in halves, so that this file keeps its own rule.
const hosts = ['registry' + '.npmjs', 'registry' + '.yarnpkg', 'pythonhosted' + '.org', 'proxy' + '.golang']
const patterns: Array<[string, RegExp]> = [
  ['a path of a machine', new RegExp(`(?<![\\w.@/$}-])/(${['work', 'root'].join('|')})/[\\w.-]`)],
  ['a home folder', new RegExp(`(?<![\\w.@$}-])/(${['home', 'Users'].join('|')})/(?!runner)[a-z][\\w.-]*/`)],
  ['a temporary folder', new RegExp(`(?<![\\w.@$}-])/${'tmp'}/[\\w-]`)],
  ['a Windows home', /[A-Z]:\\+Users\\+\w/],
  ['a registry host', new RegExp(hosts.map((host) => host.replace('.', '\\.')).join('|'))],
  ['a private address', /\bhttps?:\/\/(10\.\d+|192\.168|172\.(1[6-9]|2\d|3[01]))\.\d+/],
]

/** What in `text` belongs to one machine only; `own` are paths of this very one. */
function traces(text: string, own: readonly string[]): string[] {
  const seen = patterns.flatMap(([what, pattern]) => {
    const match = pattern.exec(text)
    return match ? [`${what}: ${match[0]}`] : []
  })
  return [...seen, ...own.filter((path) => path.length > 5 && text.includes(`${path}/`))]
}

// The root of this clone, unless it is a path so common that sources may speak of it.
const own = [root, homedir()].filter((path) => !/^\/(github|home)\/(workspace|runner)$/.test(path))

test('no committed file names a path of a machine or a registry', () => {
  const paths = filesLike(/./).filter((path) => !/\.(png|gif|svg|ico|woff2?)$|licenses\.txt$/.test(path))
  const faults = paths.flatMap((path) => traces(read(path), own).map((trace) => `${path}: ${trace}`))
  expect(faults).toEqual([])
})

test('no committed text has Windows line ends', () => {
  const paths = filesLike(/\.(ts|js|json|ya?ml|md|txt|sh|graphql|html|css)$/)
  expect(paths.filter((path) => read(path).includes('\r\n'))).toEqual([])
})

test.each([
  ['see /' + 'work/main/a.ts', true],
  [`cd "/${'root'}/x"`, true],
  [`/${'home'}/anna/relman/`, true],
  [`out=/${'tmp'}/run-1`, true],
  [`https://${'registry'}.npmjs.org/zod`, true],
  [`http://${'10'}.1.2.3:4873`, true],
  ['/home/runner/work/relman/relman', false],
  ['test/work/x and ./root/y', false],
  ['http://127.0.0.1:8080', false],
])('%s: %s', (text, fault) => {
  expect(traces(text, []).length > 0).toBe(fault)
})
