import { describe, expect, test } from '@jest/globals'
import { writeSections } from '@relman/core/ticket/section'
import fc from 'fast-check'

const marker = 'relman:ticket:shop:1.1.0'
const start = (name: string) => `<!-- ${marker}:${name} -->`
const end = (name: string) => `<!-- /${marker}:${name} -->`
const write = (body: string | null, texts: Record<string, string>, seq: number) =>
  writeSections(
    body,
    marker,
    Object.entries(texts).map(([name, text]) => ({ name, text })),
    seq,
  )
const block = (name: string, text: string, seq: number) =>
  `${start(name)}\n<!-- of event ${seq} -->\n${text}\n${end(name)}`

test('P19: a new ticket holds its sections in order', () => {
  expect(write(null, { a: 'one', b: 'two' }, 3)).toBe(`${block('a', 'one', 3)}\n\n${block('b', 'two', 3)}`)
})

describe('P19: what people wrote stays to the letter', () => {
  const body = `above\r\n\r\n${block('a', 'one', 1)}\n between \n${block('b', 'two\nby hand', 1)}\nbelow\n`
  test('above, below, between, and inside other sections', () => {
    expect(write(body, { a: 'new' }, 2)).toBe(
      `above\r\n\r\n${block('a', 'new', 2)}\n between \n${block('b', 'two\nby hand', 1)}\nbelow\n`,
    )
  })
  test.each([
    ['both markers', (text: string) => text.replace(start('a'), '').replace(end('a'), '')],
    ['the first marker', (text: string) => text.replace(`${start('a')}\n`, '')],
    ['the last marker', (text: string) => text.replace(`${end('a')}\n`, '')],
  ])('a section that lost %s is added anew, once, and then kept up to date in place', (_, lose) => {
    const left = lose(body)
    const once = write(left, { a: 'new' }, 2)
    expect(once.split(start('a'))).toHaveLength(2)
    expect(once.split(end('a'))).toHaveLength(2)
    expect(once.endsWith(block('a', 'new', 2))).toBe(true)
    for (const text of ['above', 'one', ' between ', 'two\nby hand', 'below']) expect(once).toContain(text)
    const twice = write(`${once}\nmore`, { a: 'newer' }, 3)
    expect(twice).toBe(`${once.replace(block('a', 'new', 2), block('a', 'newer', 3))}\nmore`)
  })
  test('a quoted marker is text', () => {
    const quoted = `> ${start('a')}\n> said\n> ${end('a')}\n`
    expect(write(quoted, { a: 'one' }, 1)).toBe(`${quoted}\n${block('a', 'one', 1)}`)
  })
  test('a body that a browser saved with CRLF', () => {
    const saved = `hello\r\n${block('a', 'one', 1).replaceAll('\n', '\r\n')}\r\nbye`
    expect(write(saved, { a: 'two' }, 2)).toBe(`hello\r\n${block('a', 'two', 2)}\nbye`)
  })
})

test('P19: a second copy of a section is removed', () => {
  const twice = `${block('a', 'one', 1)}\nmine\n${block('a', 'copy', 1)}`
  expect(write(twice, { a: 'two' }, 2)).toBe(`${block('a', 'two', 2)}\nmine`)
})

test('P19: of two writers the one who knows more has the last word', () => {
  const later = write(null, { a: 'later' }, 9)
  expect(write(later, { a: 'earlier' }, 8)).toBe(later)
  expect(write(later, { a: 'same' }, 9)).toBe(later)
  expect(write(later, { a: 'newer' }, 10)).toBe(block('a', 'newer', 10))
})

test('P18, P19: boxes that people ticked stay ticked', () => {
  const first = write(null, { a: '- [ ] `docs` write, by Monday\n- [ ] `test` try' }, 1)
  const ticked = first.replace('[ ] `docs`', '[x] `docs`').replaceAll('\n', '\r\n')
  expect(write(ticked, { a: '- [ ] `docs` write, by Friday\n- [ ] `test` try\n- [ ] `new` do' }, 2)).toBe(
    block('a', '- [x] `docs` write, by Friday\n- [ ] `test` try\n- [ ] `new` do', 2),
  )
})

test('a section that somebody put around another one does not take it away', () => {
  const body = [start('b'), start('a'), end('a'), end('b')].join('\n')
  const once = write(body, { a: 'A', b: 'B' }, 2)
  expect(once).toBe(`${block('a', 'A', 2)}\n\n${block('b', 'B', 2)}`)
  expect(write(once, { a: 'A', b: 'B' }, 2)).toBe(once)
})

test('whatever stands in a body, writing again changes nothing, and each section is there once', () => {
  const line = fc.oneof(
    fc.string(),
    fc.constantFrom(
      start('a'),
      end('a'),
      start('b'),
      end('b'),
      '',
      '\r',
      '<!-- of event 3 -->',
      '- [x] `a` b',
    ),
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      const once = write(lines.join('\n'), { a: 'A', b: 'B' }, 2)
      expect(write(once, { a: 'A', b: 'B' }, 2)).toBe(once)
      for (const name of ['a', 'b']) {
        const found = once.split('\n').filter((each) => each.trim() === start(name))
        expect(found).toHaveLength(1)
      }
    }),
    { numRuns: 500 },
  )
})
