import { expect, test } from '@jest/globals'
import { anchorsOf, leadsTo, linksIn } from './links.ts'
import { entries, filesLike, read } from './tree.ts'

const paths = new Set(
  entries().flatMap(({ path }) => [path, ...path.split('/').map((_, i, all) => all.slice(0, i).join('/'))]),
)

/** Links of a page that lead nowhere. */
const deadIn = (page: string, text: string): string[] =>
  linksIn(text).flatMap(({ to, line }) => {
    const { path, anchor } = leadsTo(page, to)
    const dead = `${page}:${line}: ${to}`
    if (path !== page && !paths.has(path)) return [dead]
    if (anchor === '' || !path.endsWith('.md')) return []
    return anchorsOf(path === page ? text : read(path)).includes(anchor) ? [] : [`${dead} (no such heading)`]
  })

const pages = filesLike(/\.md$/).filter((path) => !/^(dist|test)\//.test(path))

test('every link between pages and files leads somewhere', () => {
  expect(pages.reduce((sum, page) => sum + linksIn(read(page)).length, 0)).toBeGreaterThan(10)
  expect(pages.flatMap((page) => deadIn(page, read(page)))).toEqual([])
})

test.each([
  ['[a](nowhere.md)', 1],
  ['[a](#no-heading)', 1],
  ['[a](README.md#no-such-heading-here)', 1],
  ['![a](../outside.png)', 1],
  ['<img src="nowhere.png">', 1],
  ['# It is `so`!\n[a](#it-is-so)', 0],
  ['# Twice\n# Twice\n[a](#twice-1) [b](LICENSE) [c](docs/adrs)', 0],
  ['`[a](nowhere.md)`\n```md\n[a](nowhere.md)\n```', 0],
  ['[a](https://example.com/x) [b](mailto:a@example.com)', 0],
])('%j has %i dead links', (text, count) => {
  expect(deadIn('PAGE.md', text)).toHaveLength(count)
})
