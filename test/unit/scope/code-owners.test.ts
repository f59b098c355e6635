import { expect, test } from '@jest/globals'
import { ownersOfPaths, readCodeOwners } from '@relman/core/scope/code-owners'
import fc from 'fast-check'

// The lines and what they own are those of GitHub's own page "About code owners".
const example = `# This is a comment.
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/*  docs@example.com
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @octocat
/apps/ @octocat
/apps/github
`

const owned: [string, string[]][] = [
  ['README.md', ['@global-owner1', '@global-owner2']],
  ['src/deep/index.js', ['@js-owner']],
  ['cmd/main.go', ['docs@example.com']],
  ['notes.txt', ['@octo-org/octocats']],
  // `**/logs` comes later than `/build/logs/`.
  ['build/logs/today/a.log', ['@octocat']],
  ['deeply/nested/logs/b.log', ['@octocat']],
  ['docs/getting-started.md', ['@doctocat']],
  ['docs/build-app/troubleshooting.md', ['@doctocat']],
  ['some/apps/x.ts', ['@octocat']],
  ['scripts/run.sh', ['@doctocat', '@octocat']],
  ['apps/shop/x.ts', ['@octocat']],
  ['apps/github/x.ts', []],
  ['apps/github', []],
]

test.each(owned)("P5: GitHub's example of CODEOWNERS: %s", (path, owners) => {
  expect(readCodeOwners(example).ownersOf(path)).toEqual(owners)
})

const patterns: [string, string, boolean][] = [
  ['docs/*', 'docs/a.md', true],
  ['docs/*', 'docs/build-app/a.md', false],
  ['docs/*', 'other/docs/a.md', false],
  ['/docs/', 'docs/build-app/a.md', true],
  ['/docs/', 'other/docs/a.md', false],
  ['docs/', 'other/docs/a.md', true],
  ['docs/', 'docs', false],
  ['/docs', 'docs/a.md', true],
  ['*.js', 'a/b.js', true],
  ['*.js', 'a/b.jsx', false],
  ['/*.js', 'a/b.js', false],
  ['/*', 'a.js', true],
  ['/*', 'a/b.js', false],
  ['*', 'a/b.js', true],
  ['a/b', 'x/a/b', false],
  ['a/**/b', 'a/b', true],
  ['a/**/b', 'a/x/y/b', true],
  ['src/?.ts', 'src/a.ts', true],
  ['src/?.ts', 'src/ab.ts', false],
  ['a\\ b/', 'a b/c', true],
  ['{a,b}', 'a', false],
  ['{a,b}', '{a,b}', true],
  ['Docs/', 'docs/a', false],
]

test.each(patterns)('P5: a pattern of CODEOWNERS: %s on %s is %s', (pattern, path, matches) => {
  expect(readCodeOwners(`${pattern} @owner`).ownersOf(path)).toEqual(matches ? ['@owner'] : [])
})

test('P5: the last match wins, also the one without an owner', () => {
  const { ownersOf } = readCodeOwners('/src/ @a\n*.ts @b @acme/web\n/src/made/\n')
  expect([ownersOf('src/x.css'), ownersOf('src/x.ts'), ownersOf('src/made/x.ts')]).toEqual([
    ['@a'],
    ['@b', '@acme/web'],
    [],
  ])
})

test('P5: lines that are not valid are skipped and counted; the others hold', () => {
  const text = '* @all\n!src/ @a\n[Section] @b\nsrc/[a-z] @c\nsrc/ not-an-owner\n\\#a @d\r\nsrc/ @e\n'
  const { ownersOf, skipped } = readCodeOwners(text)
  expect(skipped).toEqual([2, 3, 4, 5, 6])
  expect([ownersOf('src/a'), ownersOf('README.md')]).toEqual([['@e'], ['@all']])
})

test('P5: who owns the most of a change comes first', () => {
  const owners = readCodeOwners('web/ @acme/web\napi/ @acme/api\n')
  expect(ownersOfPaths(owners, ['web/a', 'api/b', 'api/c', 'README.md'])).toEqual(['@acme/api', '@acme/web'])
})

test('14: no text and no path makes it fail or slow', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), fc.string({ maxLength: 100 }), (text, path) => {
      expect(Array.isArray(readCodeOwners(text).ownersOf(path))).toBe(true)
    }),
  )
  const began = performance.now()
  const bomb = readCodeOwners(`${'**/'.repeat(300)}a @x\n${'*a'.repeat(400)} @y\n{${'a,'.repeat(300)}b} @z\n`)
  bomb.ownersOf('a/'.repeat(2_000))
  expect(performance.now() - began).toBeLessThan(30_000)
})
