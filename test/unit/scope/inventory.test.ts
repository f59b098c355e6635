import { expect, test } from '@jest/globals'
import { type Item, inventory, pullNumbers } from '@relman/core/scope/inventory'
import { commit, line, pull } from './history.ts'

const titles = (items: readonly Item[]) => items.map(({ change }) => change.title)

test('P5: every commit of the range is a change, in order, whatever it says', () => {
  const messages = ['', '???', 'Merge branch x', 'feat: a', 'x'.repeat(1_000), 'chore: b']
  const items = inventory(line(...messages), null)
  expect(items).toHaveLength(messages.length)
  expect(items.filter(({ change }) => !change.readable)).toHaveLength(4)
  expect(items.map(({ change }) => change.sha)).toEqual(['c5', 'c4', 'c3', 'c2', 'c1', 'c0'])
})

test('P5: a change has its pull request, author, people, labels, issues and files', () => {
  const co = 'Co-authored-by: B <12+barbara@users.noreply.github.com>\nCo-authored-by: C <c@example.com>'
  const commits = [
    commit('a'.repeat(40), `feat(cart): a (#7)\n\nFixes #3\n${co}`, {
      email: '7+ada@users.noreply.github.com',
      paths: ['src/a.ts', 'src/b.ts'],
    }),
  ]
  const [item] = inventory(commits, [pull(7, { labels: ['semver:minor'], issues: [9, 3] })])
  expect(item?.paths).toEqual(['src/a.ts', 'src/b.ts'])
  expect(item?.change).toMatchObject({
    kind: 'feat',
    area: 'cart',
    pull: 7,
    author: 'grace',
    people: ['ada', 'barbara', 'grace', 'linus'],
    labels: ['semver:minor'],
    issues: [3, 9],
    files: 2,
    reverted: false,
    readable: true,
  })
})

test('without GitHub a number stays a pull request; asked, one that GitHub does not know is an issue', () => {
  const commits = line('fix: a (#3)')
  const one = (pulls: Parameters<typeof inventory>[1]) => inventory(commits, pulls)[0]?.change
  expect(one(null)).toMatchObject({ pull: 3, issues: [] })
  expect(one([])).toMatchObject({ pull: null, issues: [3] })
})

test('P1: the title of the pull request speaks where the commit does not, and only there', () => {
  const read = (message: string, title: string) => inventory(line(message), [pull(7, { title })])[0]?.change
  expect(read('Various (#7)', 'feat(cart)!: b')).toMatchObject({ kind: 'feat', area: 'cart', breaking: true })
  expect(read('fix: a (#7)', 'feat!: b')).toMatchObject({ kind: 'fix', breaking: false })
  expect(read('Various (#7)', 'More of it')).toMatchObject({ readable: false, title: 'More of it' })
})

const topic = [
  commit('t2', 'fix: later', { parents: ['t1'] }),
  commit('t1', 'feat!: gone\n\nBREAKING CHANGE: b', { parents: ['base'] }),
]
const merge = (message: string) => [commit('m', message, { parents: ['base', 't2'] }), ...topic]

test('P1: a merged pull request is one change; its type is its own, else the strongest that it brought', () => {
  const [titled, ...rest] = inventory(merge('Merge pull request #7 from a/t\n\ndocs: a'), null)
  expect(rest).toEqual([])
  expect(titled?.change).toMatchObject({
    kind: 'docs',
    title: 'a',
    pull: 7,
    breaking: true,
    breakingNote: 'b',
  })
  const [bare] = inventory(merge('Merge pull request #7 from a/t\n\nVarious'), null)
  expect(bare?.change).toMatchObject({ kind: 'feat', title: 'Various', breaking: true, readable: true })
})

test('a merge without a pull request is what it brought; an empty one stays itself', () => {
  expect(titles(inventory(merge("Merge branch 'topic'"), null))).toEqual(['later', 'gone'])
  const empty = [commit('m', "Merge branch 'x'", { parents: ['base', 'elsewhere'] })]
  expect(inventory(empty, null)).toHaveLength(1)
})

test('pull requests inside a merged branch are asked for and told one by one', () => {
  const commits = [
    commit('m', "Merge branch 'next'", { parents: ['base', 'n2'] }),
    commit('n2', 'feat: two (#2)', { parents: ['n1'] }),
    commit('n1', 'Merge pull request #1 from a/t\n\nfeat: one', { parents: ['base', 'w'] }),
    commit('w', 'wip', { parents: ['base'] }),
  ]
  expect(pullNumbers(commits)).toEqual([1, 2])
  expect(titles(inventory(commits, null))).toEqual(expect.arrayContaining(['two', 'one']))
})

const integration = (title: string, paths: string[] = []) => [
  commit('m', `Merge pull request #9 from acme/dev\n\n${title}`, { parents: ['base', 'd3'], paths }),
  commit('d3', 'fix: direct', { parents: ['d2'] }),
  commit('d2', 'Merge pull request #2 from a/u\n\nVarious', { parents: ['d1', 'u2'] }),
  commit('u2', 'fix: of two', { parents: ['u1'] }),
  commit('u1', 'feat: of two', { parents: ['d1'] }),
  commit('d1', 'feat: one (#1)', { parents: ['base'] }),
]

test('P1, P5: the merge of an integration branch stands beside the pull requests and commits that it brought', () => {
  const items = inventory(integration('v2 candidate'), null)
  expect(items.map(({ change }) => [change.sha, change.kind, change.pull])).toEqual([
    ['m', 'chore', 9],
    ['d3', 'fix', null],
    ['d2', 'feat', 2],
    ['d1', 'feat', 1],
  ])
  expect(items[0]?.change.inside).toEqual({ commits: 5, apart: true, named: [] })
  expect(items[2]?.change.inside).toMatchObject({
    commits: 2,
    apart: false,
    named: [{ sha: 'u1' }, { sha: 'u2' }],
  })
  expect(pullNumbers(integration('v2 candidate'))).toEqual([1, 2, 9])
  expect(inventory(integration('feat!: v2'), null)[0]?.change).toMatchObject({ kind: 'feat', breaking: true })
  expect(inventory(integration('v2 candidate', ['src/mended.ts']), null)[0]?.change.readable).toBe(false)
})

test('90: a revert of the merge of an integration branch undoes all that it brought', () => {
  const undo = commit('r', 'Revert "v2 candidate" (#10)\n\nReverts acme/shop#9', { parents: ['m'] })
  expect(inventory([undo, ...integration('v2 candidate')], null).every(({ change }) => change.reverted)).toBe(
    true,
  )
})

test('P5: a merge of one pull request stays one change, whatever issue a commit of it names', () => {
  const commits = [
    commit('m', 'Merge pull request #9 from a/t\n\nVarious', { parents: ['base', 't1'] }),
    commit('t1', 'fix: a (#3)', { parents: ['base'] }),
  ]
  expect(inventory(commits, null).map(({ change }) => [change.sha, change.inside])).toEqual([
    ['m', undefined],
  ])
})

test('90: branches merged into branches, thousands deep, are read', () => {
  const commits = Array.from({ length: 3_000 }, (_, index) =>
    commit(`m${index}`, `Merge pull request #${index + 1} from a/t`, { parents: ['base', `m${index + 1}`] }),
  )
  expect(inventory(commits, null).length).toBeGreaterThan(5)
})

const reverts: [string, string[], string[]][] = [
  ['by its sha', ['Revert "x"\n\nThis reverts commit c0.', 'feat: a'], ['c1', 'c0']],
  ['by its subject', ['Revert "feat: a"', 'fix: b', 'feat: a (#3)'], ['c2', 'c0']],
  ['by its pull request', ['Revert "A" (#9)\n\nReverts acme/shop#3', 'feat: a (#3)'], ['c1', 'c0']],
  ['in the conventional form', ['revert: feat: a', 'feat: a'], ['c1', 'c0']],
  ['of what was shipped', ['Revert "feat: old"\n\nThis reverts commit 0123456.', 'feat: a'], []],
  ['of a revert', ['Revert "Revert "feat: a""', 'Revert "feat: a"', 'feat: a'], ['c2', 'c1']],
  [
    'reapplied',
    ['Reapply "feat: a"\n\nThis reverts commit c1.', 'Revert "feat: a"', 'feat: a'],
    ['c2', 'c1'],
  ],
  ['the newest of the same name', ['Revert "feat: a"', 'feat: a', 'feat: a'], ['c2', 'c1']],
  ['before the change, so another one is meant', ['feat: a', 'Revert "feat: a"'], []],
]

test.each(reverts)('P1, 90: a revert %s', (_, messages, gone) => {
  // Short names stand for shas here, so the form that git writes is kept and the name is put in.
  const commits = line(...messages).map((each) => ({
    ...each,
    sha: each.sha.replace('c', 'abcdef'),
    message: each.message.replace(/commit c(\d)/, 'commit abcdef$1'),
    parents: each.parents.map((parent) => parent.replace(/^c/, 'abcdef')),
  }))
  const found = inventory(commits, null).filter(({ change }) => change.reverted)
  expect(found.map(({ change }) => change.sha.replace('abcdef', 'c')).sort()).toEqual(gone.sort())
})

test('90: a revert of what was shipped never cancels another change of the same subject', () => {
  const commits = [
    commit('f'.repeat(40), `Revert "fix: typo"\n\nThis reverts commit ${'9'.repeat(40)}.`, {
      parents: ['a'.repeat(40)],
    }),
    commit('a'.repeat(40), 'fix: typo', { parents: ['base'] }),
  ]
  const undone = (shipped: Iterable<string>) =>
    inventory(commits, null, undefined, new Set(shipped)).map(({ change }) => change.reverted)
  expect(undone(['9'.repeat(40)])).toEqual([false, false])
  // Nobody knows that commit: it was rebased since, and its subject is what is left of it.
  expect(undone([])).toEqual([true, true])
})

test('90: a revert of one pull request never cancels another one of the same title', () => {
  const commits = line('Revert "fix: typo" (#13)\n\nReverts acme/shop#10', 'fix: typo (#12)')
  expect(inventory(commits, null).map(({ change }) => change.reverted)).toEqual([false, false])
})

test('90: a revert of two changes undoes both; when one of them was shipped, it stays a change', () => {
  const both = (second: string) =>
    inventory(
      [
        commit(
          'f'.repeat(40),
          `Revert "both"\n\nThis reverts commit ${'a'.repeat(40)}.\nThis reverts commit ${second}.`,
          {
            parents: ['b'.repeat(40)],
          },
        ),
        commit('b'.repeat(40), 'feat: b', { parents: ['a'.repeat(40)] }),
        commit('a'.repeat(40), 'feat: a', { parents: ['base'] }),
      ],
      null,
    ).map(({ change }) => change.reverted)
  expect(both('b'.repeat(40))).toEqual([true, true, true])
  expect(both('9'.repeat(40))).toEqual([false, false, true])
})

test('90: a revert of one of several commits of a merge leaves the rest of the merge', () => {
  const [one, two, m] = ['1', '2', 'a'].map((digit) => digit.repeat(40)) as [string, string, string]
  const merged = [
    commit(m, 'Merge pull request #7 from a/t\n\nfeat: a', { parents: ['base', two] }),
    commit(two, 'fix: two', { parents: [one] }),
    commit(one, 'feat: a', { parents: ['base'] }),
  ]
  const revert = (sha: string) =>
    commit('f'.repeat(40), `Revert "feat: a"\n\nThis reverts commit ${sha}.`, { parents: [m] })
  const undone = (commits: Parameters<typeof inventory>[0]) =>
    inventory(commits, null).map(({ change }) => change.reverted)
  expect(undone([revert(one), ...merged])).toEqual([false, false])
  expect(undone([revert(m), ...merged])).toEqual([true, true])
})

test('details come from footers, the first of each name', () => {
  const message = 'fix: a\n\nWorkaround: reload\nWorkaround: later\nKnown-Issue: slow\nOther: x'
  expect(inventory(line(message), null)[0]?.change.details).toEqual({
    workaround: 'reload',
    'known-issue': 'slow',
  })
})

test('90: a history of 5,000 reverts of reverts is read within two seconds', () => {
  const messages = Array.from({ length: 5_000 }, (_, index) => (index % 2 ? 'feat: a' : 'Revert "feat: a"'))
  const start = performance.now()
  expect(inventory(line(...messages), null).every(({ change }) => change.reverted)).toBe(true)
  expect(performance.now() - start).toBeLessThan(30_000)
})
