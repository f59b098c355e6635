import { expect, test } from '@jest/globals'
import { filesLike, read } from '../repo/tree.ts'

const sources = filesLike(/^workflows\/[^/]+\.yml$/).map((path) => path.slice('workflows/'.length))
const copies = filesLike(/^\.github\/workflows\/[^.][^/]*\.yml$/).map((path) =>
  path.slice('.github/workflows/'.length),
)

/** What a copy is: one line that says where to edit, then the source byte for byte. */
const copyOf = (name: string, source: string): string =>
  `# Copied from workflows/${name} by npm run generate; edit that file.\n${source}`

test('GitHub finds each workflow where it looks, and nothing that has no source', () => {
  expect(copies).toEqual(sources)
})

test.each(sources)('the copy of %s is its source after one line', (name) => {
  expect(read(`.github/workflows/${name}`)).toBe(copyOf(name, read(`workflows/${name}`)))
  expect(read(`.github/workflows/${name}`)).not.toBe(copyOf(name, `${read(`workflows/${name}`)} `))
})

test.each(sources)('%s has a page of its own', (name) => {
  expect(read(`workflows/${name.replace(/yml$/, 'md')}`)).toMatch(new RegExp(`^# ${name}\n`))
})
