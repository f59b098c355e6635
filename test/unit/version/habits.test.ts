import { expect, test } from '@jest/globals'
import { config } from '@relman/core/config/config'
import type { Commit } from '@relman/core/scope/commit'
import { inventory } from '@relman/core/scope/inventory'
import { readMessage } from '@relman/core/scope/read-message'
import { decideVersion } from '@relman/core/version/decide-version'
import { lastRelease } from '@relman/core/version/last-release'
import { type ReleaseTag, readReleaseTag } from '@relman/core/version/release-tag'

const policy = config.parse({}).version

const tags = (...names: string[]): ReleaseTag[] =>
  names.map((name) => {
    const tag = readReleaseTag({ name, sha: name })
    if (tag === null) throw new Error(`${name} is no release tag`)
    return tag
  })

/** The history of a release, newest first; the sha of a commit is its place from the oldest, `c0`. */
const plan = (behind: string[], subjects: string[], announced: string[] = []) => {
  const commits = subjects.map((message, index): Commit => {
    const place = subjects.length - 1 - index
    return {
      sha: `c${place}`,
      parents: [place === 0 ? 'base' : `c${place - 1}`],
      author: 'Ada',
      email: 'ada@example.com',
      date: '2026-01-01T00:00:00Z',
      message,
      paths: [],
    }
  })
  const changes = inventory(commits, null).map(({ change }) => ({
    ...change,
    level: 'low' as const,
    levelWhy: '',
  }))
  const last = lastRelease(tags(...behind), undefined, 'shop')
  const decision = decideVersion(changes, last, policy, undefined, new Set(announced))
  const deciding = decision.why.find(({ decides }) => decides)?.sha ?? null
  return { ...decision, deciding, previous: last.final?.name ?? null }
}

const gitmoji: [string, string, boolean][] = [
  ['💥 Update the way prices are printed (#12)', 'other', true],
  [':boom: drop the old shop', 'other', true],
  ['✨ Add a basket', 'feat', false],
  [':sparkles: add a basket', 'feat', false],
  ['🐛 Keep the basket', 'fix', false],
  ['🚑️ Open the shop again', 'fix', false],
  ['📝 Update release notes', 'docs', false],
  ['⬆️ Bump ty to 0.0.53', 'build', false],
  ['👷 Run on two machines', 'ci', false],
  ['✨ fix: keep the basket', 'fix', false],
  ['💥 feat: a new shop', 'feat', true],
]

test.each(gitmoji)('gitmoji: %s', (subject, kind, breaking) => {
  expect(readMessage(subject)).toMatchObject({ kind, breaking, readable: true })
})

test('an emoji that is no gitmoji says nothing', () => {
  expect(readMessage('🦊 A fox in the shop')).toMatchObject({ kind: 'other', readable: false })
})

test('gitmoji before 1.0.0: a breaking change is a minor and decides', () => {
  expect(
    plan(['0.26.8'], ['🔖 Release version 0.27.0 (#9)', '📝 Notes', '💥 Prices', '⬆ Bump ty']),
  ).toMatchObject({ version: '0.27.0', deciding: 'c1' })
})

const updates = [
  'Bump actions/checkout from 4 to 5 (#7)',
  'Bump the maven group with 13 updates (#3)',
  'Bump the maven group across 1 directory with several updates (#3)',
  'Update dependency phpstan/phpstan to ^2.2.6',
  'Update actions/checkout action to v7.0.1',
  'Update dependencies',
  'Lock file maintenance',
]

test.each(updates)('updates of dependencies without a type: %s', (subject) => {
  expect(readMessage(subject)).toMatchObject({ kind: 'build', readable: true })
  expect(plan(['v1.0.0'], ['Escape the basket', subject])).toMatchObject({
    version: '1.0.1',
    deciding: 'c1',
  })
})

test.each(['Bump the price of apples', 'Update protocol to v3', 'Update the shop'])(
  'a change that only begins like an update of a dependency: %s',
  (subject) => {
    expect(readMessage(subject)).toMatchObject({ kind: 'other', readable: false })
  },
)

const releaseCommits = [
  'release version 3.1.2 (#5800)',
  'start version 3.1.3',
  '🔖 Release version 0.27.0 (#1899)',
  '[maven-release-plugin] prepare release shop-parent-2.14.0',
  '[maven-release-plugin] prepare for next development iteration',
  'bump: version 4.16.5 → 4.17.0',
  'prep v7.0.1 release (#2531)',
  '4.2.0 release (#2122)',
  'release: cut the v22.1.5 release',
  'Release: 5.2.0 (#6920)',
  'Prepare release',
  'Cut 1.89',
]

test.each(releaseCommits)('the commit of a release is no change: %s', (subject) => {
  expect(plan(['v1.0.0'], [subject]).version).toBeNull()
})

test.each([
  ['globset-0.4.19', 'globset-0.4.18'],
  ['create-shop@9.1.2', 'create-shop@9.1.1'],
  ['create-shop@9.1.2', 'create-shop@9.1.2'],
])('the version of a name counts as the commit of a release where tags have the name: %s', (subject, tag) => {
  expect(plan(['v1.0.0', tag], [subject]).version).toBeNull()
  expect(plan(['v1.0.0'], [subject]).version).toBe('1.0.1')
})

test.each(['Bump pflag to 1.0.8', 'Support TLS 1.3', 'Update to 2.0.0', 'IPv6 for the shop', '1.89'])(
  'a change that only looks like a release: %s',
  (subject) => {
    expect(plan(['v1.0.0'], [subject]).version).toBe('1.0.1')
  },
)

test('a patch is decided by a fix before free text, and by free text before documentation', () => {
  const fix = ['chore: c', 'fix: b', 'Escape it', 'docs: a']
  expect(plan(['v1.0.0'], fix)).toMatchObject({ version: '1.0.1', deciding: 'c2' })
  expect(plan(['v1.0.0'], ['Escape it', 'docs: a'])).toMatchObject({ version: '1.0.1', deciding: 'c1' })
})

test('free text: the patch says that a feature may hide in it', () => {
  const { notes } = plan(['v1.0.0'], ['Add a basket', 'fix: a'])
  expect(notes).toEqual([expect.stringMatching(/^1 of 2 changes say in no form .* to minor, .* to major$/)])
  expect(
    plan(['v1.0.0'], ['Remove the basket', 'Require Node.js 22', 'Removed?', 'Remove unused variable'])
      .notes[1],
  ).toBe('these may break something: “Remove the basket”, “Require Node.js 22”')
  expect(plan(['v1.0.0'], ['feat: a', 'Add a basket']).notes).toEqual([])
})

test('release candidates: what the candidate held is in the version that it announced', () => {
  const subjects = ['docs: highlights', 'chore(release): prepare for v2.10.0-rc.0', 'fix!: b', 'feat: a']
  const behind = ['v2.10.0-rc.0', 'v2.9.1']
  expect(plan(behind, subjects, ['c0', 'c1', 'c2'])).toMatchObject({
    version: '2.10.0',
    bump: 'minor',
    deciding: 'c0',
  })
  expect(plan(behind, ['feat!: late', ...subjects], ['c0', 'c1', 'c2'])).toMatchObject({
    version: '3.0.0',
    bump: 'major',
    deciding: 'c4',
  })
})

const announcements: [string, string][] = [
  ['v2.0.0-rc.1', '2.0.0'],
  ['v2.0.0-rc1', '2.0.0'],
  ['v2.0.0-M2', '2.0.0'],
  ['v2.0.0-next.3', '2.0.0'],
  ['v2.0.0-beta', '2.0.0'],
  ['v2.0.0-nightly.3', '1.0.1'],
  ['v2.0.0-97002309-nightly', '1.0.1'],
  ['v2.0.0-next-20260101-4f2a', '1.0.1'],
]

test.each(announcements)('pre-release names: after %s comes %s', (tag, version) => {
  expect(plan([tag, 'v1.0.0'], ['fix: a']).version).toBe(version)
})

test('module tags: one plain version beside many modules is the project', () => {
  const modules = Array.from({ length: 25 }, (_, index) => `exporters/m${index}/v1.44.0`)
  const older = Array.from({ length: 25 }, (_, index) => `exporters/m${index}/v1.43.0`)
  const { previous, version } = plan([...modules, 'v1.44.0', ...older, 'v1.43.0'], ['feat: a'])
  expect([previous, version]).toEqual(['v1.44.0', '1.45.0'])
})

test('a monorepo that left plain versions behind, or only tags experiments so, is named by its package', () => {
  const packages = Array.from({ length: 30 }, (_, index) => `shop@7.${30 - index}.0`)
  expect(plan([...packages, 'v1.1.0', 'v1.0.0'], ['fix: a']).previous).toBe('shop@7.30.0')
  const experiments = Array.from({ length: 20 }, (_, index) => `v0.0.0-experimental-${index}a`)
  expect(plan([...experiments, ...packages.slice(0, 5)], ['fix: a']).previous).toBe('shop@7.30.0')
})
