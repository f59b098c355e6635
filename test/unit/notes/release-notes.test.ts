import { expect, test } from '@jest/globals'
import { completionSummary } from '@relman/core/notes/completion-summary'
import { highlights } from '@relman/core/notes/highlights'
import { sectionOf, shippedChanges } from '@relman/core/notes/note-sections'
import { releaseBody } from '@relman/core/notes/release-body'
import { releaseNotes, releaseTextLimit } from '@relman/core/notes/release-notes'
import { theme } from '@relman/core/notes/theme'
import { drawPlan } from '@relman/core/plan/draw-plan'
import type { Change } from '@relman/core/scope/change'
import fc from 'fast-check'
import { change, facts } from '../plan/facts.ts'

const plan = (changes: Change[], migrations: string[] = []) => drawPlan(facts({ changes, migrations }))
const headings = (text: string) => text.split('\n').filter((line) => line.startsWith('## '))
const feature = (title: string, more: Partial<Change> = {}) => change({ kind: 'feat', title, ...more })
const day = '2026-01-02T10:00:00Z'

const homes: [string, Partial<Change>, string][] = [
  ['breaking', { kind: 'feat', breaking: true }, 'Breaking Changes'],
  ['feat', { kind: 'feat' }, 'New Features'],
  ['improve', { kind: 'improve' }, 'Improvements'],
  ['perf', { kind: 'perf' }, 'Performance Improvements'],
  ['fix', { kind: 'fix' }, 'Bug Fixes'],
  ['revert', { kind: 'revert' }, 'Bug Fixes'],
  ['security', { kind: 'security' }, 'Security Updates'],
  ['a security label', { kind: 'fix', labels: ['security'] }, 'Security Updates'],
  ['deprecate', { kind: 'deprecate' }, 'Deprecations'],
  ['chore', { kind: 'chore' }, 'Other Changes'],
  ['free text', { kind: 'other', readable: false }, 'Other Changes'],
  ['a kind that every object has', { kind: 'constructor' }, 'Other Changes'],
]

test.each(homes)('N1: %s', (_, more, section) => {
  expect(sectionOf(change(more))).toBe(section)
})

test('complaint 24: what is labelled as internal is no news of users, chores are folded, and none is dropped', () => {
  const text = releaseNotes(
    plan([
      feature('seen'),
      feature('hidden', { labels: ['internal'] }),
      feature('gone', { labels: ['Skip Changelog'], breaking: true }),
      change({ kind: 'build', title: 'deps' }),
    ]),
    day,
  )
  const [news, other] = text.split('## Other Changes')
  expect(news).toContain('New: seen')
  expect(news).not.toContain('hidden')
  expect(news).toMatch(/## Breaking Changes\n\n[^#]*gone/)
  expect(other).toMatch(/<summary>2 changes<\/summary>[\s\S]*hidden[\s\S]*deps/)
})

test('N1: the sections stand in their order, empty ones are left out', () => {
  const text = releaseNotes(plan(homes.map(([, more]) => change(more))), day)
  expect(headings(text)).toEqual([
    '## Highlights',
    '## Upgrade Instructions',
    '## Breaking Changes',
    '## New Features',
    '## Improvements',
    '## Performance Improvements',
    '## Bug Fixes',
    '## Security Updates',
    '## Deprecations',
    '## Other Changes',
  ])
  expect(headings(releaseNotes(plan([change()]), day))).toEqual(['## Bug Fixes'])
  expect(releaseNotes(plan([]), day)).toBe('**shop 1.3.0**, released 2026-01-02')
})

test('N1, complaint 23: date and theme; each item with pull request, issue, author, before, after, impact and workaround', () => {
  const details = { before: 'slow', after: 'fast', impact: 'all', workaround: 'reload' }
  const text = releaseNotes(
    plan([feature('a', { area: 'cart', pull: 7, issues: [3, 4], author: 'grace', details })]),
    day,
  )
  expect(text).toMatch(/^\*\*shop 1\.3\.0\*\*, released 2026-01-02\. Theme: cart\n/)
  expect(text).toContain(
    '- **cart**: a (#7, for #3, #4) by grace\n  - Before: slow\n  - After: fast\n  - Impact: all\n  - Workaround: reload',
  )
})

test('N2: upgrade instructions where anything breaks or migrates, and known issues', () => {
  const changes = [
    feature('a', { breaking: true, breakingNote: 'b is gone' }),
    change({ title: 'c', details: { upgrade: 'run make', 'known-issue': 'slow at first' } }),
  ]
  const text = releaseNotes(plan(changes, ['db/migrate/1.sql']), day)
  const part = text.split('## Upgrade Instructions')[1]?.split('\n## ')[0] ?? ''
  expect(part).toMatch(/1 database migration file runs.*`db\/migrate\/1\.sql`\n- b is gone .*\n- run make/)
  expect(text.split('## Known Issues')[1]).toMatch(/slow at first/)
})

const chosen = (changes: Change[]) =>
  highlights(changes).map(({ word, change: { title } }) => `${word}: ${title}`)

test('N2: at most 5 highlights: three new, two improved, or those that a label chooses', () => {
  const features = ['a', 'b', 'c', 'd'].map((title) => feature(title))
  const better = ['e', 'f', 'g'].map((title, index) => change({ kind: index ? 'perf' : 'improve', title }))
  expect(chosen([...better, ...features])).toEqual([
    'New: a',
    'New: b',
    'New: c',
    'Improved: e',
    'Improved: f',
  ])
  const labelled = change({ title: 'h', labels: ['Highlight'] })
  expect(chosen([...features, labelled])).toEqual(['Highlight: h'])
  expect(
    chosen(Array.from({ length: 9 }, () => feature('x', { labels: ['highlight'], pull: null }))).length,
  ).toBe(1)
  expect(chosen([change()])).toEqual([])
})

test('90: what was undone is not told, the same pull request and a cherry-pick are told once', () => {
  const twice = [feature('a', { pull: 7 }), feature('other words', { pull: 7 })]
  const picked = [change({ title: 'p' }), change({ title: 'p' })]
  const undone = feature('gone', { reverted: true })
  expect(shippedChanges([...twice, ...picked, undone]).map(({ title }) => title)).toEqual(['a', 'p'])
})

const themes: [string, Partial<Change>[], string][] = [
  ['the areas that most changes name', [{ area: 'mail' }, { area: 'cart' }, { area: 'cart' }], 'cart, mail'],
  ['no housekeeping', [{ area: 'deps', kind: 'chore' }, { kind: 'feat' }], '1 new feature'],
  ['what it holds', [{ kind: 'feat' }, { kind: 'feat' }, {}, {}], '2 new features, 2 bug fixes'],
  ['nothing', [{ kind: 'chore' }], ''],
]

test.each(themes)('N1: the theme: %s', (_, changes, words) => {
  expect(theme(changes.map(change))).toBe(words)
})

test('N4: what shipped, what is behind flags, what was left out and why, how long the way back is kept', () => {
  const changes = [
    feature('a', { pull: 7, details: { flag: 'new-cart' } }),
    change({ title: 'z', reverted: true }),
  ]
  const text = completionSummary(plan(changes), 'd'.repeat(64), day)
  expect(text).toMatch(/\*\*Shipped\*\*: shop 1\.3\.0 to production at 2026-01-02 10:00 UTC, 1 change, /)
  expect(text).toMatch(/\*\*Behind flags\*\*:\n {2}- .*7 a: flag `new-cart`/)
  expect(text).toMatch(/\*\*Excluded\*\*:\n {2}- .* z: undone within this release/)
  expect(text).toMatch(/\*\*Rollback window\*\*: 24 h, until 2026-01-03 10:00 UTC, back to 1\.2\.3/)
  const first = completionSummary(drawPlan(facts({ previous: null })), 'd'.repeat(64), day)
  expect(first).toMatch(/\*\*Rollback window\*\*: none, there is no earlier version/)
})

test.each([300, 3_000, 20_000])(
  'complaint 20: %i long changes fit into 125,000 characters, and say what is left out',
  (count) => {
    const changes = Array.from({ length: count }, (_, index) =>
      feature(`${index} ${'long '.repeat(90)}`, {
        breaking: index % 9 === 0,
        breakingNote: 'b'.repeat(1_500),
      }),
    )
    const drawn = { ...drawPlan(facts()), changes }
    const text = releaseNotes(drawn, day)
    expect(text.length).toBeLessThanOrEqual(releaseTextLimit)
    expect(text.length).toBeGreaterThan(5_000)
    expect(text).toMatch(/and [\d,]+ more/)
    expect(headings(text)).toContain('## New Features')
  },
)

test('the notes fit into any room', () => {
  const changes = Array.from({ length: 60 }, (_, index) => feature(`change ${index}`))
  fc.assert(
    fc.property(fc.nat(10_000), (room) => {
      expect(releaseNotes(plan(changes), day, room).length).toBeLessThanOrEqual(room)
    }),
  )
})

const write = (limit: number) => 'ours'.repeat(50_000).slice(0, limit)
const short = () => 'ours'

test('89: what people wrote around our part stays, and doing it twice changes nothing', () => {
  const first = releaseBody('By hand.\r\n\r\nMore.', short)
  expect(first).toMatch(
    /^By hand\.\n\nMore\.\n\n<!-- relman notes begin -->\nours\n<!-- relman notes end -->$/,
  )
  expect(releaseBody(first, short)).toBe(first)
  const edited = `Before\n${first}\nAfter`
  expect(releaseBody(edited, () => 'new')).toBe(edited.replace('\nours\n', '\nnew\n'))
})

test('complaint 20, 89: with much text of people, ours fits into the rest, or stays away', () => {
  const some = releaseBody('x'.repeat(100_000), write)
  expect(some.length).toBeLessThanOrEqual(releaseTextLimit)
  expect(some).toMatch(/^x{100000}\n\n<!-- relman notes begin -->/)
  const full = 'x'.repeat(124_990)
  expect(releaseBody(full, write)).toBe(full)
})

test('what the plan counts but does not list is counted in the notes, too', () => {
  const drawn = { ...plan([change()]), unlisted: { changes: 41, people: [] } }
  expect(releaseNotes(drawn, day)).toMatch(/\n\nAnd 41 more changes, in the history only\.$/)
  expect(completionSummary(drawn, 'd'.repeat(64), day)).toMatch(/, 42 changes, commit/)
})
