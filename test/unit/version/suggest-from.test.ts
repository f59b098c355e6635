import { expect, test } from '@jest/globals'
import { config } from '@relman/core/config/config'
import { ConfigurationError } from '@relman/core/config/configuration-error'
import { suggestFrom } from '../../../actions/plan-release/suggest-from.ts'

const ask = (
  paths: string[],
  there: string[],
  from = 'relman',
  version = '',
  tags: { prefix: string; prefixes: string[] } | null = null,
) =>
  suggestFrom({
    tags,
    git: {
      file: async (_, path) => {
        if (path.endsWith('link.md')) throw new ConfigurationError('is a symbolic link')
        return there.includes(path) ? 'text' : null
      },
    },
    ...{ sha: 'a', input: { version }, policy: config.parse({ version: { from } }).version },
    commits: [{ sha: 'a', parents: [], author: 'a', email: '', date: '', message: 'feat: a', paths }],
  })

const own = '.changeset/config.json'
test.each([
  [
    'pending change files',
    ['.changeset/a.md', '.changeset/b.md'],
    [own, '.changeset/a.md'],
    /1 change file of changesets is pending.*from: changesets/,
  ],
  ['change files that are gone', ['.changeset/a.md'], [own], null],
  ['a folder of that name without its configuration', ['.changeset/a.md'], ['.changeset/a.md'], null],
  ['a link', ['.changeset/link.md'], [own], null],
  ['its readme', ['.changeset/README.md'], [own, '.changeset/README.md'], null],
  [
    'the manifest of release-please',
    ['.release-please-manifest.json'],
    ['.release-please-manifest.json'],
    /from: release-please/,
  ],
  ['neither', ['src/a.ts'], [own], null],
])('P1: %s', async (_, paths, there, said) => {
  const found = await ask(paths, there)
  if (said) expect(found).toEqual([expect.stringMatching(said)])
  else expect(found).toEqual([])
})

test('nothing is suggested where the policy or the caller says who decides', async () => {
  const there = [own, '.changeset/a.md']
  expect(await ask(['.changeset/a.md'], there, 'tag')).toEqual([])
  expect(await ask(['.changeset/a.md'], there, 'relman', '1.2.0')).toEqual([])
})

test('P1: where several packages are tagged, components are suggested, too', async () => {
  const there = [own, '.changeset/a.md']
  const tags = { prefix: '@acme/cli@', prefixes: ['@acme/cli@', '@acme/core@', 'v'] }
  expect(await ask(['.changeset/a.md'], there, 'relman', '', tags)).toEqual([
    expect.stringMatching(/from: changesets } and name each package under components/),
    expect.stringMatching(/^components: 2 names have release tags here \(@acme\/cli@, @acme\/core@\)/),
  ])
  expect(await ask(['src/a.ts'], [], 'relman', '', tags)).toHaveLength(1)
  expect(await ask(['src/a.ts'], [], 'relman', '', { ...tags, prefix: 'v' })).toEqual([])
})
