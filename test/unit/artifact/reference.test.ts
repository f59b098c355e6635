import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { lastCandidate } from '@relman/core/artifact/last-candidate'
import { readReference } from '@relman/core/artifact/reference'
import { readStatement } from '@relman/core/artifact/statement'
import { readConfig } from '@relman/core/config/read-config'

const named = { version: '1.2.0+build.7', tag: 'v1.2.0+build.7', sha: 'abcdef0'.padEnd(40, '1') }

test.each([
  [
    'ghcr.io/acme/shop',
    { host: 'ghcr.io', repository: 'acme/shop', tags: ['1.2.0_build.7', 'v1.2.0_build.7'], fixed: false },
  ],
  ['ghcr.io/acme/shop:sha-{{sha7}}', { tags: ['sha-abcdef0'], fixed: false }],
  ['ghcr.io/acme/shop:stable', { tags: ['stable'], fixed: true }],
  ['localhost:5000/shop@sha256:00', { host: 'localhost:5000', repository: 'shop', digest: 'sha256:00' }],
  ['release:shop-{{version}}.tgz', { kind: 'release-asset', file: 'shop-1.2.0+build.7.tgz' }],
  ['workflow:dist', { kind: 'workflow-artifact', label: 'dist' }],
  ['file:dist/shop.tgz', { kind: 'file', path: 'dist/shop.tgz' }],
  ['npm:@acme/shop', { kind: 'npm', label: '@acme/shop' }],
])('P23: %s is read', (text, expected) => expect(readReference(text, named)).toMatchObject(expected))

test.each([
  ['checkout', /names no registry/],
  ['Acme/shop', /names no registry/],
  ['https://ghcr.io/acme/shop', /names no registry|not written as registries/],
  ['ghcr.io/Acme/Shop', /small letters/],
  ['ghcr.io/acme/../other', /not written as registries/],
  ['ghcr.io/acme/shop@latest', /no digest/],
  ['ghcr.io/acme/shop:a:b', /not written as registries/],
  ['ghcr.io/acme/shop:{{branch}}', /\{\{branch\}\} is not filled in/],
  ['file:/etc/passwd', /leaves the checkout/],
  ['file:a/../../b', /leaves the checkout/],
  ['release:../x', /no name of a file/],
  ['npm:../../x', /no name of an npm package/],
])('P23: %s is a name that nothing is asked about', (text, why) =>
  expect(readReference(text, named)).toEqual({ kind: 'other', why: expect.stringMatching(why) }),
)

test.each([
  ['1.4.0', ['1.4.0-rc.2', '1.4.0-rc.10', '1.4.0-beta.11', '1.5.0-rc.1', '1.3.0', 'next'], '1.4.0-rc.10'],
  ['1.4.0', ['1.3.9', '1.4.1-rc.1'], null],
  ['1.4.0-rc.3', ['1.4.0-rc.2'], null],
  ['2026-11', ['2026-11-rc.1'], null],
])('P23: the last candidate of %s', (version, known, expected) =>
  expect(lastCandidate(version, known)).toBe(expected),
)

test('P23: what is no statement of in-toto says nothing', () => {
  for (const text of ['', 'null', '[]', '{"predicateType":7}', '{"subject":[{"digest":{"sha256":"x"}}]}'])
    expect(readStatement(text)).toBeNull()
  expect(
    readStatement('{"predicateType":"x","subject":[null,{"digest":{"sha256":"zz"}}],"predicate":7}'),
  ).toEqual({
    predicate: 'x',
    subjects: [],
    commit: null,
  })
})

test.each(['docs/artifacts.md', 'docs/migrations.md'])('the configuration that %s shows is read', (page) => {
  const text = readFileSync(join(import.meta.dirname, '../../..', page), 'utf8')
  const blocks = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block = '']) => block)
  expect(blocks.length).toBeGreaterThan(0)
  for (const block of blocks) expect(() => readConfig(block, page)).not.toThrow()
})
