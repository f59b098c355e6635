import { describe, expect, test } from '@jest/globals'
import { parseSync } from '@swc/core'
import { leadsTo, linksIn } from './links.ts'
import { entries, read } from './tree.ts'

const page = 'docs/promises.md'
const count = { L: 8, P: 26, G: 20, C: 11, V: 7, B: 11, N: 11, W: 6 }
const ids = Object.entries(count).flatMap(([letter, last]) =>
  Array.from({ length: last }, (_, index) => `${letter}${index + 1}`),
)

type Row = { id: string; cells: string[]; line: string }

const rowsIn = (text: string): Row[] =>
  text.split('\n').flatMap((line) => {
    const [, id = '', ...cells] = line.split('|').map((cell) => cell.trim())
    return line.startsWith('|') && /^[A-Z]\d+$/.test(id) ? [{ id, cells: cells.slice(0, -1), line }] : []
  })

type Node = { type: string } & Record<string, unknown>
const isNode = (value: unknown): value is Node => typeof (value as Node | null)?.type === 'string'

/** The name at the root of `test`, `test.each(…)`, `describe.each(…)`. */
const calledName = (value: unknown): string => {
  if (!isNode(value)) return ''
  if (value.type === 'Identifier') return String(value['value'])
  return calledName(value['object'] ?? value['callee'] ?? value['tag'])
}

const runsTests = /^(test|it|describe|suite)$/i

const textOf = (node: Node): string[] => {
  if (node.type === 'StringLiteral') return [String(node['value'])]
  if (node.type !== 'TemplateLiteral') return []
  return [(node['quasis'] as Array<{ cooked: string }>).map(({ cooked }) => cooked).join('…')]
}

/** Titles of the tests and groups of a source, as they are written. */
const titlesIn = (source: string): string[] => {
  const titles: string[] = []
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if (isNode(value) && value.type === 'CallExpression' && runsTests.test(calledName(value['callee']))) {
      const [first] = value['arguments'] as Array<{ expression: Node }>
      titles.push(...(first ? textOf(first.expression) : []))
    }
    for (const child of Object.values(value)) visit(child)
  }
  visit(parseSync(source, { syntax: 'typescript', target: 'es2022' }))
  return titles
}

const names = (title: string, id: string): boolean => new RegExp(`(?<![A-Za-z0-9])${id}(?![0-9])`).test(title)
const isTest = (path: string): boolean => /^test\/.*\.(test|check)\.ts$/.test(path)

/** What is wrong with a row: it says "not yet", or it links to a test that names it. */
const faultsOf = ({ id, line }: Row, reads: (path: string) => string | undefined): string[] => {
  const links = linksIn(line).map(({ to }) => leadsTo(page, to).path)
  const proofs = links.filter(isTest)
  const open = /\bnot yet\b/i.test(line)
  const faults = links
    .filter((path) => reads(path) === undefined)
    .map((path) => `${id}: ${path} is not there`)
  if (proofs.length === 0 && !open) faults.push(`${id}: neither a proof nor "not yet"`)
  for (const path of proofs) {
    const source = reads(path)
    if (source !== undefined && !titlesIn(source).some((title) => names(title, id))) {
      faults.push(`${id}: no test title in ${path} names it`)
    }
  }
  return faults
}

const paths = new Set(entries().flatMap(({ path }) => [path, path.split('/').slice(0, -1).join('/')]))
const reads = (path: string): string | undefined =>
  paths.has(path) ? (isTest(path) ? read(path) : '') : undefined

test('every promise is there once, and none that was never made', () => {
  expect(rowsIn(read(page)).map(({ id }) => id)).toEqual(ids)
})

test('every promise links to a test that names it, or says "not yet"', () => {
  const rows = rowsIn(read(page))
  expect(rows.length).toBe(ids.length)
  expect(rows.flatMap((row) => faultsOf(row, reads))).toEqual([])
  const proven = rows.filter(({ line }) => linksIn(line).some(({ to }) => isTest(leadsTo(page, to).path)))
  process.stdout.write(`${proven.length} of ${rows.length} promises have a proof\n`)
  expect(proven.length).toBeGreaterThan(0)
})

describe('the check itself', () => {
  const files: Record<string, string> = {
    'test/a.test.ts': `test('V5: no data', () => {})\ntest.each([1])('of V4 and %s', () => {})\n// G1\nexpect('G2')`,
    'shared/src/a.ts': '',
  }
  const faults = (line: string): string[] =>
    rowsIn(line).flatMap((row) => faultsOf(row, (path) => files[path]))
  test.each([
    ['| V5 | x | proven | [a](../test/a.test.ts) |', []],
    ['| V4 | x | proven | [a](../test/a.test.ts) |', []],
    ['| V6 | x | not yet | |', []],
    ['| V5 | x | in part, alerts not yet | [a](../test/a.test.ts), [code](../shared/src/a.ts) |', []],
    ['| V6 | x | proven | [a](../test/a.test.ts) |', ['V6: no test title in test/a.test.ts names it']],
    ['| G1 | x | proven | [a](../test/a.test.ts) |', ['G1: no test title in test/a.test.ts names it']],
    ['| G2 | x | proven | [a](../test/a.test.ts) |', ['G2: no test title in test/a.test.ts names it']],
    ['| V6 | x | proven | |', ['V6: neither a proof nor "not yet"']],
    ['| V6 | x | proven | [a](../shared/src/a.ts) |', ['V6: neither a proof nor "not yet"']],
    ['| V5 | x | proven | [b](../test/b.test.ts) |', ['V5: test/b.test.ts is not there']],
  ])('%s', (line, expected) => {
    expect(faults(line)).toEqual(expected)
  })

  test('V1 is not named by V10, nor C1 by B1C1', () => {
    expect(names('V10: x', 'V1')).toBe(false)
    expect(names('(C1, C3) walks', 'C1')).toBe(true)
    expect(names('xC1', 'C1')).toBe(false)
  })
})
