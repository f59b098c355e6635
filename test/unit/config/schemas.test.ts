import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { readConfig } from '@relman/core/config/read-config'
import { parse } from 'yaml'
import { contracts, schemaFiles } from '../../../scripts/contract-schemas.ts'

const root = join(import.meta.dirname, '../../..')
const fixtures = readdirSync(join(root, 'test/fixtures'))

test('docs/schemas is what the contracts say: run npm run generate', () => {
  const folder = join(root, 'docs/schemas')
  const written = Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  )
  expect(written).toEqual(schemaFiles())
})

test.each(Object.entries(contracts))(
  'the fixture of %s is read by its schema, and nothing in it is lost',
  (name, { schema }) => {
    const file = fixtures.find((each) => each.replace(/\.(json|yml)$/, '') === name)
    const value: unknown = parse(readFileSync(join(root, 'test/fixtures', file ?? 'missing'), 'utf8'))
    const read = schema.parse(value)
    expect(schema.parse(JSON.parse(JSON.stringify(read)))).toEqual(read)
    expect(Object.keys(read as object)).toEqual(expect.arrayContaining(Object.keys(value as object)))
  },
)

test('the fixture of the configuration is a file that relman reads', () => {
  expect(
    readConfig(readFileSync(join(root, 'test/fixtures/configuration.yml'), 'utf8'), 'relman.yml').service,
  ).toBe('checkout')
})

const bad: [string, string, RegExp][] = [
  ['18: a typo', 'servce: x', /^f:1:1: unknown key "servce"; did you mean "service"\?$/],
  ['18: a wrong type', 'deploy: { command: make }', /^f:1:20: deploy\.command: write a list, not "make"$/],
  ['19: two documents', 'mode: observe\n---\nmode: advise', /second document/],
  ['19: a key twice', 'mode: observe\nmode: advise', /^f:2:1: "mode" is written twice here; keep one$/],
  ['19: a tab', 'rollout:\n\tlook: 3s', /[Tt]ab/],
  ['19: a tag that runs code', 'service: !!js/function "x"', /Unresolved tag/],
  ['19: depth', '['.repeat(1_000), /nested too deeply/],
  ['19: size', `# ${'x'.repeat(300_000)}`, /larger than 256 KiB/],
  [
    '19: an alias bomb',
    `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
      .split('')
      .map((key, index) => `${key}: &${key} [${`*${'abcdefgh'[index]} ,`.repeat(9)}]`)
      .join('\n')}`,
    /aliases/,
  ],
  ['20: a prototype', '__proto__: { polluted: true }', /may not be a key/],
  [
    '23: a weight that is no number',
    'rollout: { steps: [{ weight: .nan, margin: 1 % }] }',
    /write a number, not NaN/,
  ],
]

test.each(bad)('%s', (_, text, words) => {
  const start = Date.now()
  expect(() => readConfig(text, 'f')).toThrow(words)
  expect(Date.now() - start).toBeLessThan(30_000)
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

test.each(['', '\ufeff', '# nothing\n', 'rollout:\n', '---\n', '\ufeffmode: enforce\r\n'])(
  'an empty file, a byte order mark and Windows line ends are fine: %j',
  (text) => {
    expect(readConfig(text, 'f')).toMatchObject({ mode: 'enforce', rollout: { alpha: 0.01 } })
  },
)
