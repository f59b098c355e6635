import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { scoreChange } from '@relman/core'

const dist = process.env['RELMAN_DIST'] ?? join(import.meta.dirname, '../../../dist')

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'relman-score-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Printed = { status: number | null; lines: string[]; errors: string }

const relman = (...args: string[]): Printed => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(dist, 'relman'), ...args], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 64 * 1024 * 1024,
  })
  return { status, lines: stdout.split('\n').slice(0, -1), errors: stderr }
}

const scored = (text: string, ...more: string[]): Printed => {
  writeFileSync(join(folder, 'changes.csv'), text)
  return relman('score', '--features', 'changes.csv', ...more)
}

test('G12: one probability a line, in the order of the rows, larger for the riskier change', () => {
  const { status, lines, errors } = scored('nf,la,ld,fix\n1,2,1,0\n30,900,200,1\n4,40,10,\n')
  expect([status, errors]).toEqual([0, ''])
  expect(lines).toHaveLength(3)
  for (const line of lines) expect(line).toMatch(/^0\.\d{6}$/)
  const [small, large, middle] = lines.map(Number) as [number, number, number]
  expect(small).toBeLessThan(middle)
  expect(middle).toBeLessThan(large)
  expect(large).toBeCloseTo(scoreChange({ nf: 30, la: 900, ld: 200, fix: 1 }), 5)
  expect(middle).toBeCloseTo(scoreChange({ nf: 4, la: 40, ld: 10 }), 5)
})

test('columns in any order, unknown ones named once on stderr, quoted cells, Windows line ends, True for a fix', () => {
  const plain = scored('la,fix\n40,1\n7,0\n')
  const rich = scored('\uFEFFauthor,fix,la,title\r\nada,True, 40 ,"a, ""b"""\r\nbob,false,7,\r\n')
  expect(rich.lines).toEqual(plain.lines)
  expect(rich.errors).toBe('changes.csv: ignored columns "author", "title"\n')
})

test('nothing known of a change is the average, a file without changes prints nothing', () => {
  const { status, lines } = scored('la,nf\n,\n')
  expect(status).toBe(0)
  expect(lines.map(Number)).toEqual([expect.closeTo(scoreChange({}), 5)])
  expect(scored('la,nf\n')).toEqual({ status: 0, lines: [], errors: '' })
})

test('G12: --explain gives the reasons in words beside the probability', () => {
  const { lines } = scored('la,nf,fix\n400,12,1\n', '--explain')
  expect(lines[0]).toMatch(
    /^0\.\d{6} \d+ % likely to need repair \(average \d+ %\)\. More likely because it adds 400 lines/,
  )
})

test.each([
  ['la,nf\n1,2\n3,many\n', 'changes.csv:3: nf is "many"; write a number that is 0 or more, or nothing'],
  ['la\n-4\n', 'changes.csv:2: la is "-4"; write a number that is 0 or more, or nothing'],
  ['la\nNaN\n', 'changes.csv:2: la is "NaN"; write a number that is 0 or more, or nothing'],
  ['la\n1e999\n', 'changes.csv:2: la is "1e999"; write a number that is 0 or more, or nothing'],
  ['la,nf\n1\n', 'changes.csv:2: 1 cells, but the header names 2 columns'],
  ['la,la\n1,2\n', 'changes.csv:1: the column "la" is there twice; keep one'],
  ['lines,files\n1,2\n', /^changes\.csv:1: no column is a measure; name at least one of ns, nd, nf/],
  ['', 'changes.csv is empty; its first line names the columns'],
])('bad input %j: one clear line, nothing printed', (text, words) => {
  const { status, lines, errors } = scored(text)
  expect([status, lines]).toEqual([1, []])
  expect(errors.split('\n')).toHaveLength(2)
  if (typeof words === 'string') expect(errors).toBe(`${words}\n`)
  else expect(errors).toMatch(words)
})

test.each([
  [['score'], /^score: name a file: --features FILE\.csv\n$/],
  [['score', '--features', 'absent.csv'], /^absent\.csv: does not exist\n$/],
  [['score', '--feature', 'x'], /^Unknown option '--feature'/],
])('%j is refused in one line', (args, words) => {
  const { status, errors } = relman(...args)
  expect(status).toBe(1)
  expect(errors).toMatch(words)
  expect(errors).not.toMatch(/\n\s+at /)
})

test('a hundred thousand changes take seconds', () => {
  const rows = Array.from({ length: 100_000 }, (_, index) => `${index % 900},${index % 40}`)
  const { status, lines } = scored(`la,nf\n${rows.join('\n')}\n`)
  expect([status, lines.length]).toEqual([0, 100_000])
}, 30_000)

test('check is still there, and an unknown command shows the usage', () => {
  writeFileSync(join(folder, 'relman.yml'), 'nonsense: 1\n')
  expect(relman('check', 'relman.yml')).toMatchObject({
    status: 1,
    errors: expect.stringContaining('nonsense'),
  })
  const { status, lines } = relman('toString')
  expect([status, lines[1]]).toEqual([1, 'node dist/relman score --features FILE.csv [--explain]'])
})
