import { expect, test } from '@jest/globals'
import { code, cut, inline } from '@relman/core/text/escape-markdown'
import fc from 'fast-check'
import { marked } from 'marked'

const pieces = [
  '@',
  '#1',
  'GH-2',
  'a/b@0123456',
  '<img src=x>',
  '<!-- x -->',
  '](http://x)',
  '[',
  '`',
  '```',
  '|',
  '\\',
  '\\|',
  '*',
  '_',
  '~~',
  '\n',
  '\r',
  '- ',
  '1. ',
  '# ',
  '> ',
  '&lt;',
  'https://x.y',
  'www.x.y',
  'a@b.co',
  'javascript:x',
  '$x$',
  '\u202e',
  '\u200b',
  '\u0000',
  '\u001b[31m',
  '\ud83d',
  '😀',
  'word',
  ' ',
]
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 3 })), { maxLength: 12 })
  .map((parts) => parts.join(''))
const render = (markdown: string): string => marked.parse(markdown, { gfm: true, async: false })

test('5, 6, 7, 8: no mention, link, HTML, emphasis, list, heading or code comes out of any text', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const line = inline(text)
      expect(line).not.toMatch(/\n|(?:@|#|GH-)(?=\w)|:\/\/|www\./i)
      const tags = [...render(line).matchAll(/<\/?([a-z0-9]+)/g)].map((match) => match[1])
      expect(tags.filter((tag) => tag !== 'p')).toEqual([])
    }),
    { numRuns: 2_000 },
  )
})

test.each([
  ['inline', inline],
  ['code', code],
] as const)('7: a table keeps its shape: %s', (_, write) => {
  fc.assert(
    fc.property(hostile, hostile, (a, b) => {
      const html = render(`| x | y |\n|---|---|\n| ${write(a)} | ${write(b)} |\n`)
      expect([html.match(/<tr>/g)?.length, html.match(/<td>/g)?.length]).toEqual([2, 2])
      expect(html).not.toMatch(/<(a|img|pre|h\d)\b/)
    }),
    { numRuns: 2_000 },
  )
})

test('9, 13: what hides or reorders text is gone, and the rest is well-formed', () => {
  fc.assert(
    fc.property(hostile, fc.integer({ min: 1, max: 30 }), (text, limit) => {
      const kept = cut(text, limit)
      expect(kept).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069]/)
      expect(kept).toBe(Buffer.from(kept).toString())
      expect(kept.length).toBeLessThanOrEqual(limit)
    }),
  )
})

test.each([`ghp_${'a1'.repeat(18)}`, `AKIA${'ABCD1234'.repeat(2)}`, `github_pat_${'x'.repeat(30)}`])(
  '12: what looks like a secret is not shown: %s',
  (secret) => {
    expect(inline(`use ${secret} here`)).toBe('use \\*\\*\\* here')
    expect(code(`use ${secret} here`)).toBe('`use *** here`')
  },
)
