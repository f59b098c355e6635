import { expect, test } from '@jest/globals'
import type { ScopeItem } from '@relman/core/risk/split-groups'
import { relatedGroups } from '@relman/core/risk/split-groups'
import { scopeTolerance, splitScope } from '@relman/core/risk/split-scope'
import { change } from '@relman/core/scope/change'
import fc from 'fast-check'

let number = 0
const item = (facts: object = {}, more: Partial<ScopeItem> = {}): ScopeItem => {
  number += 1
  return {
    ...more,
    change: change.parse({
      sha: `sha${number}`,
      subject: 's',
      kind: 'fix',
      area: null,
      title: `title ${number}`,
      breaking: false,
      breakingNote: null,
      author: 'ada',
      date: '2026-01-01T00:00:00Z',
      pull: null,
      issues: [],
      labels: [],
      files: null,
      level: 'medium',
      levelWhy: '',
      reverted: false,
      readable: true,
      ...facts,
    }),
  }
}
const many = (count: number, facts: object = {}): ScopeItem[] =>
  Array.from({ length: count }, () => item(facts))
const tight = { changes: { low: 20, medium: 10, high: 5 }, highGroups: 2, majors: 1 }

test.each<[string, ScopeItem[], string[]]>([
  ['nothing', [], []],
  ['a few fixes', many(10), []],
  ['one breaking change', [item({ breaking: true })], []],
  ['two breaking changes of one area', many(2, { breaking: true, area: 'api' }), []],
  ['two unrelated breaking changes', many(2, { breaking: true }), ['several-majors']],
  [
    'one of two breaking changes undone',
    [item({ breaking: true }), item({ breaking: true, reverted: true })],
    [],
  ],
  ['two unrelated groups of high risk', many(2, { level: 'high' }), []],
  ['three unrelated groups of high risk', many(3, { level: 'high' }), ['unrelated']],
  ['three changes of high risk for one issue', many(3, { level: 'high', issues: [7] }), []],
  ['eleven changes of medium risk', many(11), ['too-many']],
  ['one change of high risk makes six too many', [...many(5), item({ level: 'high' })], ['too-many']],
  ['housekeeping does not count', [...many(10), ...many(50, { kind: 'chore', level: 'low' })], []],
])('P6: %s', (_, items, codes) => {
  expect(splitScope(items, tight)?.reasons.map(({ code }) => code) ?? []).toEqual(codes)
})

test('P6: the split keeps what is related together, ships the least risky first and breaking ones last', () => {
  const items = [
    item({ sha: 'api-2', area: 'api', breaking: true, level: 'high' }),
    item({ sha: 'docs', kind: 'docs', level: 'low' }),
    item({ sha: 'ui', area: 'ui', level: 'low' }),
    item({ sha: 'cli', area: 'cli', breaking: true, level: 'high' }),
    item({ sha: 'api-1', area: 'api' }),
    item({ sha: 'gone', reverted: true }),
  ]
  expect(splitScope(items, tight)).toEqual({
    reasons: [
      {
        code: 'several-majors',
        text: expect.stringMatching(
          /^2 unrelated breaking changes in one release, more than 1: .*\(api: title \d+; cli: title \d+\)$/,
        ),
      },
    ],
    releases: [
      { changes: ['ui', 'cli', 'docs'], level: 'high', breaking: true, about: expect.any(String) },
      { changes: ['api-2', 'api-1'], level: 'high', breaking: true, about: expect.stringMatching(/^api: /) },
    ],
  })
})

test('P6: a group too large for any release is cut, the oldest part first', () => {
  const items = many(25, { area: 'one' })
  const split = splitScope(items, tight)
  expect(split?.releases.map(({ changes }) => changes.length)).toEqual([10, 10, 5])
  expect(split?.releases[0]?.changes).toEqual(items.slice(15).map((each) => each.change.sha))
})

test.each<[string, Partial<ScopeItem>, Partial<ScopeItem>, number]>([
  ['a file', { paths: ['src/a.ts'] }, { paths: ['src/a.ts', 'src/b.ts'] }, 1],
  ['other files', { paths: ['src/a.ts'] }, { paths: ['src/b.ts'] }, 2],
  ['a lock file', { paths: ['package-lock.json'] }, { paths: ['package-lock.json'] }, 2],
  ['a component', { component: 'web' }, { component: 'web' }, 1],
])('P6: what shares %s', (_, a, b, groups) => {
  expect(relatedGroups([item({}, a), item({}, b)])).toHaveLength(groups)
})

test('P6: a file that everything touches joins nothing', () => {
  const items = Array.from({ length: 12 }, () => item({}, { paths: ['src/main.ts'] }))
  expect(relatedGroups(items)).toHaveLength(12)
})

test('P6: for any changes and tolerance, each is in exactly one release, and each release is within it', () => {
  const any = fc.record({
    level: fc.constantFrom('low', 'medium', 'high'),
    breaking: fc.boolean(),
    area: fc.constantFrom(null, 'a', 'b', 'c'),
    kind: fc.constantFrom('feat', 'fix'),
  })
  fc.assert(
    fc.property(fc.array(any, { maxLength: 40 }), (facts) => {
      const items = facts.map((each) => item(each))
      const split = splitScope(items, tight)
      if (!split) return
      expect(split.releases.flatMap(({ changes }) => changes).sort()).toEqual(
        items.map((each) => each.change.sha).sort(),
      )
      for (const { changes, level } of split.releases)
        expect(changes.length).toBeLessThanOrEqual(tight.changes[level as 'low'])
    }),
  )
})

test('P6: an ordinary large release is within the default tolerance', () => {
  expect(splitScope([...many(60), ...many(4, { level: 'high' })])).toBeNull()
  expect(splitScope(many(scopeTolerance.changes.medium + 1))?.reasons[0]?.code).toBe('too-many')
})
