import { expect, test } from '@jest/globals'
import { syntaxOf } from './syntax.ts'
import { entries, filesLike, read } from './tree.ts'

const product = filesLike(/^(shared\/src|actions|cli|rehearsal|scripts)\/.*\.ts$/)
const tests = filesLike(/^test\/.*\.ts$/)
const lines = (path: string): number => read(path).replace(/\n$/, '').split('\n').length

test('no file of the product is longer than 300 lines, no test longer than 500', () => {
  const long = [
    ...product.filter((path) => lines(path) > 300),
    ...tests.filter((path) => lines(path) > 500),
  ].map((path) => `${path}: ${lines(path)}`)
  const sizes = product.map(lines).sort((a, b) => a - b)
  process.stdout.write(
    `median of ${sizes.length} files: ${sizes[sizes.length >> 1]} lines (advice: at most 80)\n`,
  )
  expect(long).toEqual([])
})

test('no symbolic link', () => {
  expect(entries().filter(({ kind }) => kind === 'link')).toEqual([])
})

test('files are kebab-case and named for what they hold', () => {
  const vague = /^(utils?|helpers?|types|common|misc|index|constants|interfaces|enums)$/
  const faults = [...product, ...tests].filter((path) => {
    const parts = path.replace(/(\.(test|check|d))?\.ts$/, '').split('/')
    return parts.some((part) => vague.test(part) || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(part))
  })
  expect(faults).toEqual([])
})

test('no default export, no enum, no class but an error', () => {
  const faults = [...product, ...tests].flatMap((path) => {
    const { defaultExport, enums, classes } = syntaxOf(read(path))
    return [
      ...(defaultExport ? [`${path}: default export`] : []),
      ...(enums ? [`${path}: enum`] : []),
      ...classes
        .filter(({ parent }) => !parent.endsWith('Error'))
        .map(({ name }) => `${path}: class ${name}`),
    ]
  })
  expect(faults).toEqual([])
})

test.each([
  ['export default 1', { defaultExport: true }],
  ['export default function run() {}', { defaultExport: true }],
  ['const enum E { A }', { enums: true }],
  ['class Walker extends Base {}', { classes: [{ name: 'Walker', parent: 'Base' }] }],
])('%s is seen', (source, expected) => {
  expect(syntaxOf(source)).toMatchObject(expected)
})
