import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { changesetReleases, readChangeset } from '@relman/core/version/changesets'

type Json = { name: string; version: string; private?: boolean } & Record<string, unknown>
type Case = {
  tool: string
  packages: Json[]
  changesets: Record<string, Record<string, 'major' | 'minor' | 'patch' | 'none'>>
  pre: { mode: 'pre' | 'exit'; tag: string; used: string[] } | null
  fixed: string[][]
  linked: string[][]
  private: boolean
  always: boolean
  narrow: boolean
  releases: string[]
}

// What the programs themselves made of random workspaces (assembleReleasePlan of the versions named).
const cases: Case[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/changesets/releases.json'), 'utf8'),
)

const needsOf = (json: Json) =>
  ['dependencies', 'optionalDependencies', 'peerDependencies'].flatMap((kind) =>
    Object.entries((json[kind] ?? {}) as Record<string, string>).map(([name, range]) => ({
      name,
      range,
      peer: kind === 'peerDependencies',
    })),
  )

const ours = (each: Case): string[] => {
  const packages = each.packages.map((json) => ({
    name: json.name,
    version: json.version,
    private: json.private === true,
    needs: needsOf(json),
  }))
  const changesets = Object.entries(each.changesets).map(([id, asks]) => ({ id, asks }))
  const peers = each.tool.includes(' 3') ? 'patch' : each.narrow ? 'major-out-of-range' : 'major'
  const { fixed, linked, always } = each
  const config = { fixed, linked, ignore: [], private: each.private, always, peers } as const
  return [...changesetReleases(packages, changesets, config, each.pre).values()]
    .map(({ name, version }) => `${name}@${version}`)
    .sort()
}

test.each(['@changesets/cli 2.31.1', '@changesets/cli 3.0.3'])(
  'P1, complaint 10: pending change files give the versions that %s gives them',
  (tool) => {
    const own = cases.filter((each) => each.tool === tool)
    expect(own.length).toBeGreaterThan(40)
    expect(own.map(ours)).toEqual(own.map(({ releases }) => releases))
  },
)

const one = { name: 'shop', version: '1.2.3', private: false, needs: [] }
const plain = { fixed: [], linked: [], ignore: [], private: true, always: false, peers: 'major' } as const

test('a release says which files and which packages ask for it', () => {
  const cart = {
    name: 'cart',
    version: '1.0.0',
    private: false,
    needs: [{ name: 'shop', range: '~1.2.0', peer: false }],
  }
  const found = changesetReleases([one, cart], [{ id: 'blue-cats', asks: { shop: 'minor' } }], plain, null)
  expect(found.get('shop')).toMatchObject({ version: '1.3.0', why: ['.changeset/blue-cats.md'] })
  expect(found.get('cart')).toMatchObject({ version: '1.0.1', why: ['needs shop, which becomes 1.3.0'] })
})

test('a change file about a package that is not there is an error that names it', () => {
  expect(() => changesetReleases([one], [{ id: 'x', asks: { card: 'minor' } }], plain, null)).toThrow(
    '.changeset/x.md: is about "card", which is no package here; known are shop',
  )
})

const texts: [string, string, unknown][] = [
  ['as the program writes it', '---\n"shop": minor\n---\n\nA basket.\n', { shop: 'minor' }],
  [
    'a scope and two packages',
    '---\n"@acme/shop": major\ncart: none\n---\nText',
    { '@acme/shop': 'major', cart: 'none' },
  ],
  ['windows line ends', '---\r\n"shop": patch\r\n---\r\n', { shop: 'patch' }],
  ['no package', '---\n---\n\nNothing to release.\n', {}],
]

test.each(texts)('a change file is read: %s', (_, text, asks) => {
  expect(readChangeset(text, '.changeset/a.md', 'a').asks).toEqual(asks)
})

const faults: [string, string, RegExp][] = [
  ['no front matter', 'A basket.', /^\.changeset\/a\.md: begins without ---/],
  [
    'an unknown step',
    '---\n"shop": mnior\n---\n',
    /^\.changeset\/a\.md:2:\d+: shop: write one of major, minor, patch, none, not "mnior"; did you mean "minor"\?/,
  ],
  ['20: a hostile key', '---\n"__proto__": minor\n---\n', /^\.changeset\/a\.md:2:/],
]

test.each(faults)('a change file that cannot be read: %s', (_, text, message) => {
  expect(() => readChangeset(text, '.changeset/a.md', 'a')).toThrow(message)
})

test('10, 21: a change file of a megabyte of blank lines is read in no time', () => {
  const began = performance.now()
  expect(() => readChangeset(`---\n${'\n'.repeat(1_000_000)}x`, '.changeset/a.md', 'a')).toThrow(
    /begins without/,
  )
  expect(performance.now() - began).toBeLessThan(30_000)
})
