import { expect, test } from '@jest/globals'
import { readMessage } from '@relman/core/scope/read-message'
import fc from 'fast-check'

type Expected = Partial<ReturnType<typeof readMessage>>

const messages: [string, string, Expected][] = [
  ['a type', 'feat: a', { kind: 'feat', area: null, title: 'a', readable: true, breaking: false }],
  ['a scope', 'fix(cart): a', { kind: 'fix', area: 'cart', title: 'a' }],
  ['a scope in brackets', 'fix[cart]: a', { kind: 'fix', area: 'cart' }],
  ['a space before the colon', 'fix : a', { kind: 'fix', title: 'a' }],
  ['another word for it', 'Feature: a', { kind: 'feat' }],
  ['a bang', 'feat(api)!: a', { kind: 'feat', breaking: true, breakingNote: null }],
  ['a footer', 'fix: a\n\nBREAKING CHANGE: b is gone', { breaking: true, breakingNote: 'b is gone' }],
  ['a footer with a hyphen', 'fix: a\n\nBREAKING-CHANGE: b', { breaking: true, breakingNote: 'b' }],
  [
    'a footer of several lines',
    'fix: a\n\nBREAKING CHANGE: b\nis gone\n\nmore',
    { breaking: true, breakingNote: 'b is gone' },
  ],
  [
    'a footer before another',
    'fix: a\n\nBREAKING CHANGE: b\nSigned-off-by: C <c@d>',
    { breaking: true, breakingNote: 'b' },
  ],
  ['a template that says none', 'fix: a\n\nBREAKING CHANGE: none', { breaking: false }],
  ['a template that says N/A', 'fix: a\n\nBREAKING CHANGES: N/A', { breaking: false }],
  ['a note that begins with no', 'fix: a\n\nBREAKING CHANGE: no more b', { breaking: true }],
  ['a footer in small letters', 'fix: a\n\nbreaking change: b', { breaking: false }],
  ['a squash title', 'feat: a (#12)', { title: 'a', pull: 12, issues: [] }],
  ['an issue and its pull request', 'fix: a (#3) (#12)', { title: 'a', pull: 12, issues: [3] }],
  ['what it closes', 'fix: a (#12)\n\nCloses #3, fixes #4\nresolved: #5', { pull: 12, issues: [3, 4, 5] }],
  [
    'a merge of a pull request',
    'Merge pull request #7 from ada/topic\n\nfeat: a',
    { kind: 'feat', title: 'a', pull: 7 },
  ],
  [
    'a merge of a pull request without a body',
    'Merge pull request #7 from ada/topic',
    { pull: 7, readable: false },
  ],
  ['a merge of a branch', "Merge branch 'feat: a'", { readable: false, pull: null }],
  [
    'a revert by git',
    'Revert "feat: a (#1)"\n\nThis reverts commit abcdef1.',
    { kind: 'revert', reverts: { shas: ['abcdef1'], pulls: [], subject: 'feat: a' } },
  ],
  [
    'a revert by GitHub',
    'Revert "feat: a" (#9)\n\nReverts acme/shop#7',
    { kind: 'revert', pull: 9, reverts: { shas: [], pulls: [7], subject: 'feat: a' } },
  ],
  [
    'a conventional revert',
    'revert: feat: a',
    { kind: 'revert', reverts: { shas: [], pulls: [], subject: 'feat: a' } },
  ],
  [
    'one that only speaks of a revert',
    'fix: a\n\nThis reverts commit abcdef1.',
    { kind: 'fix', reverts: null },
  ],
  ['free text', 'Tidy the window', { kind: 'other', readable: false, title: 'Tidy the window' }],
  ['free text with a colon', 'Note: this is it', { kind: 'other', readable: false }],
  ['a word that every object has', 'constructor: take a list', { kind: 'other', readable: false }],
  ['such a word with a bang', 'constructor!: take a list', { kind: 'other', breaking: true }],
  ['a type of its own with a bang', 'remove(api)!: a', { kind: 'other', breaking: true, readable: false }],
  ['a type with a hyphen and a bang', 'hot-fix!: a', { kind: 'other', breaking: true }],
  ['a title that says it breaks', 'BREAKING CHANGE: drop v1', { kind: 'other', breaking: true }],
  ['a title that speaks of it', 'Document a BREAKING CHANGE: v1', { kind: 'other', breaking: false }],
  ['a line separator in the title', 'feat!: a\u2028b', { kind: 'feat', breaking: true }],
  ['a carriage return in the title', 'feat!: a\rb', { kind: 'feat', breaking: true }],
  ['an invisible character before the type', '\u200bfeat!: a', { kind: 'feat', breaking: true, title: 'a' }],
  ['one within it', 'fe\u200bat: a', { kind: 'feat', title: 'a' }],
  [
    'a change brought in once more',
    'Reapply "feat(x)!: a (#3)" (#9)',
    { kind: 'feat', area: 'x', breaking: true, pull: 9 },
  ],
  ['the revert of a revert', 'Revert "Revert "feat: a (#3)" (#4)"', { kind: 'feat', breaking: false }],
  ['the revert of that', 'Revert "Reapply "feat!: a""', { kind: 'revert', breaking: false }],
  ['free text brought in once more', 'Reapply "Tidy"', { kind: 'revert', breaking: false }],
  ['nothing', '', { kind: 'other', title: '(no subject)', readable: false }],
  [
    'Windows line ends',
    'fix: a\r\n\r\nBREAKING CHANGE: b\r\n',
    { title: 'a', breaking: true, breakingNote: 'b' },
  ],
]

test.each(messages)('P1: %s', (_, message, expected) => {
  expect(readMessage(message)).toMatchObject(expected)
})

test('a body never drops or breaks a commit (complaint 1)', () => {
  const pieces = fc.constantFrom(
    '(',
    ')',
    ':',
    '!',
    '\n',
    '* feat: b',
    'BREAKING CHANGE',
    '"',
    '#1',
    '\u0000',
    '`',
    'x',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 5 })), { maxLength: 40 }), (parts) => {
      const message = readMessage(`feat(a): b\n\n${parts.join('')}`)
      expect([message.kind, message.area, message.title, message.readable]).toEqual(['feat', 'a', 'b', true])
    }),
    { numRuns: 1_000 },
  )
})

test('10: a hostile message of a megabyte is read at once', () => {
  const start = performance.now()
  for (const piece of ['(#1) ', 'a: ', '(', 'fix #', 'Reverts commit ', '"', ': ', ' '])
    readMessage(piece.repeat(1_000_000 / piece.length))
  expect(performance.now() - start).toBeLessThan(30_000)
})
