import { expect, test } from '@jest/globals'
import { type Annotation, commandReader, parseCommand } from '../../../rehearsal/runner/job/commands.ts'
import { readEntries } from '../../../rehearsal/runner/job/environment-files.ts'
import { createMasks } from '../../../rehearsal/runner/job/masks.ts'

test.each<[string, [string, string][]]>([
  ['a=1\n', [['a', '1']]],
  ['a=b=c', [['a', 'b=c']]],
  ['a=x<<y\n', [['a', 'x<<y']]],
  [
    'a<<E\none\n\ntwo\nE\nb=2\n',
    [
      ['a', 'one\n\ntwo'],
      ['b', '2'],
    ],
  ],
  ['a<<E\nE', [['a', '']]],
  ['a<<E\n  E\nE\n', [['a', '  E']]],
  ['\n\na=\n', [['a', '']]],
])('reads %j', (text, expected) => {
  expect(readEntries(text)).toEqual(expected)
})

test.each([
  ['just text', "Invalid format 'just text'"],
  ['<<E\nx\nE', 'Name must not be empty'],
  ['a<<\nx', 'delimiter must not be empty'],
  ['a<<E\nx\n E\n', "Matching delimiter not found 'E'"],
])('refuses %j', (text, message) => {
  expect(() => readEntries(text)).toThrow(message)
})

test.each([
  [
    '::error file=a.ts,line=3,title=T%2C x::one%0Atwo %25',
    { name: 'error', properties: { file: 'a.ts', line: '3', title: 'T, x' }, data: 'one\ntwo %' },
  ],
  ['  ::warning::w', { name: 'warning', properties: {}, data: 'w' }],
  ['::unknown::x', undefined],
  ['text ::error::x', undefined],
  ['::error', undefined],
])('parses %j', (line, expected) => {
  expect(parseCommand(line)).toEqual(expected)
})

function reader() {
  const annotations: Annotation[] = []
  const lines: string[] = []
  const masked: string[] = []
  const read = commandReader({
    log: (line) => lines.push(line),
    annotate: (annotation) => annotations.push(annotation),
    mask: (value) => masked.push(value),
    output: () => {},
    state: () => {},
  })
  return { read, annotations, lines, masked }
}

test('ten annotations of a level per step, each at most 4096 characters', () => {
  const { read, annotations } = reader()
  for (let index = 0; index < 12; index++) read(`::warning::${'x'.repeat(5000)}`)
  read('::error file=a,line=2::e')
  expect(annotations.map((a) => a.level)).toEqual([...Array(10).fill('warning'), 'error'])
  expect(annotations[0]?.message).toHaveLength(4096)
  expect(annotations.at(-1)).toEqual({ level: 'error', message: 'e', file: 'a', line: 2 })
})

test('stop-commands makes everything plain text until its token', () => {
  const { read, annotations, masked } = reader()
  for (const line of [
    '::stop-commands::tok',
    '::error::no',
    '::add-mask::no',
    '::tok::',
    '::error::yes',
    '::add-mask::m',
  ])
    read(line)
  expect(annotations.map((a) => a.message)).toEqual(['yes'])
  expect(masked).toEqual(['m'])
})

test('a token that is a command does not stop commands', () => {
  const { read, annotations } = reader()
  read('::stop-commands::error')
  read('::error::still read')
  expect(annotations.map((a) => a.message)).toEqual(["Invalid stop token 'error'", 'still read'])
})

test('masks hide the value, its lines, and its Base64, JSON and URI forms', () => {
  const masks = createMasks()
  masks.add('pa"ss word\nsecond line')
  masks.add('')
  for (const form of [
    'pa"ss word',
    'second line',
    JSON.stringify('pa"ss word'),
    encodeURIComponent('pa"ss word'),
    Buffer.from('pa"ss word').toString('base64'),
  ])
    expect(masks.apply(`<${form}>`)).toMatch(/^<"?\*\*\*"?>$/)
  expect(masks.apply('nothing')).toBe('nothing')
})
