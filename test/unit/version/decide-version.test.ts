import { expect, test } from '@jest/globals'
import { config } from '@relman/core/config/config'
import type { ReleaseType } from '@relman/core/plan/plan'
import { inventory } from '@relman/core/scope/inventory'
import { decideVersion } from '@relman/core/version/decide-version'
import { lastRelease } from '@relman/core/version/last-release'
import { inferFamily, type ReleaseTag, readReleaseTag } from '@relman/core/version/release-tag'
import fc from 'fast-check'
import semver from 'semver'
import { commit, line, pull } from '../scope/history.ts'

const tags = (...names: string[]): ReleaseTag[] =>
  names.map((name) => readReleaseTag({ name, sha: name })).filter((tag) => tag !== null)

type Ask = {
  behind?: string[]
  messages: string[]
  policy?: Record<string, unknown>
  type?: ReleaseType
  labels?: Record<number, string[]>
}

const decide = ({ behind = ['v1.2.3'], messages, policy = {}, type, labels = {} }: Ask) => {
  const pulls = Object.entries(labels).map(([number, names]) => pull(Number(number), { labels: names }))
  const changes = inventory(line(...messages), pulls).map(({ change }) => ({
    ...change,
    level: 'low' as const,
    levelWhy: '',
  }))
  const read = config.parse({ version: policy }).version
  return decideVersion(changes, lastRelease(tags(...behind), read.prefix, 'shop'), read, type)
}

test('P1: a merge with several commits inside says what each of them asks for', () => {
  const commits = [
    commit('m', 'Merge pull request #9 from a/dev\n\nv2 candidate', { parents: ['base', 't2'] }),
    commit('t2', 'fix: important bug', { parents: ['t1'] }),
    commit('t1', 'feat: hidden feature', { parents: ['base'] }),
  ]
  const changes = inventory(commits, null).map(({ change }) => ({
    ...change,
    level: 'low' as const,
    levelWhy: '',
  }))
  const { version } = config.parse({})
  const { why } = decideVersion(changes, lastRelease(tags('v1.0.0'), undefined, 'shop'), version)
  expect(why).toMatchObject([
    {
      ...{ sha: 'm', level: 'minor', decides: true },
      inside: [
        { sha: 't1', subject: 'feat: hidden feature', rule: 'type feat', level: 'minor' },
        { sha: 't2', subject: 'fix: important bug', rule: 'type fix', level: 'patch' },
      ],
    },
  ])
})

const rules: [string, Ask, string | null, string, string | null][] = [
  ['feat is a minor', { messages: ['feat: a'] }, '1.3.0', 'minor', 'type feat'],
  ['improvement is a minor', { messages: ['improvement: a'] }, '1.3.0', 'minor', 'type improve'],
  ['deprecate is a minor', { messages: ['deprecate: a'] }, '1.3.0', 'minor', 'type deprecate'],
  ['fix is a patch', { messages: ['fix: a'] }, '1.2.4', 'patch', 'type fix'],
  ['perf is a patch', { messages: ['perf: a'] }, '1.2.4', 'patch', 'type perf'],
  ['security is a patch', { messages: ['security: a'] }, '1.2.4', 'patch', 'type security'],
  ['docs is a patch', { messages: ['docs: a'] }, '1.2.4', 'patch', 'type docs'],
  [
    'a revert of what was shipped is a patch',
    { messages: ['Revert "feat: x"'] },
    '1.2.4',
    'patch',
    'type revert',
  ],
  ['a bang is a major', { messages: ['chore!: a'] }, '2.0.0', 'major', 'breaking change'],
  [
    'a footer is a major',
    { messages: ['fix: a\n\nBREAKING CHANGE: b'] },
    '2.0.0',
    'major',
    'breaking change',
  ],
  ['the strongest counts', { messages: ['docs: a', 'feat: b', 'fix: c'] }, '1.3.0', 'minor', 'type feat'],
  [
    'housekeeping is a patch that nobody decides',
    { messages: ['chore: a', 'ci: b'] },
    '1.2.4',
    'patch',
    null,
  ],
  [
    'quiet none: housekeeping is no release',
    { messages: ['chore: a'], policy: { quiet: 'none' } },
    null,
    'none',
    null,
  ],
  ['nothing is no release', { messages: [] }, null, 'none', null],
  ['free text is a patch', { messages: ['Tidy'] }, '1.2.4', 'patch', 'no rule reads its title'],
  [
    'the version of a foreign name is a change',
    { messages: ['typescript@5.4.2'] },
    '1.2.4',
    'patch',
    'no rule reads its title',
  ],
  [
    'so is a bump to it',
    { messages: ['Bump typescript@5.4.2'] },
    '1.2.4',
    'patch',
    'no rule reads its title',
  ],
  [
    'the version of its own name is the commit of a release',
    { behind: ['@acme/shop@1.2.3'], messages: ['@acme/shop@1.2.3'], policy: { prefix: '@acme/shop@' } },
    null,
    'none',
    null,
  ],
  ['the commit of a release is no change', { messages: ['chore(release): 1.2.3'] }, null, 'none', null],
  ['undone is no release', { messages: ['Revert "feat: a"', 'feat: a'] }, null, 'none', null],
  [
    'undone features leave the fix',
    { messages: ['Revert "feat: a"', 'fix: b', 'feat: a'] },
    '1.2.4',
    'patch',
    'type fix',
  ],
  [
    'a label over a commit, up',
    { messages: ['docs: a (#1)'], labels: { 1: ['semver:major'] } },
    '2.0.0',
    'major',
    'label semver:major',
  ],
  [
    'a label over a commit, down',
    { messages: ['feat!: a (#1)'], labels: { 1: ['semver:patch'] } },
    '1.2.4',
    'patch',
    'label semver:patch',
  ],
  [
    'the strongest label of a change',
    { messages: ['fix: a (#1)'], labels: { 1: ['skip-release', 'semver:minor'] } },
    '1.3.0',
    'minor',
    'label semver:minor',
  ],
  ['skip-release', { messages: ['feat: a (#1)'], labels: { 1: ['skip-release'] } }, null, 'none', null],
  [
    'a label that the policy does not know',
    { messages: ['feat: a (#1)'], labels: { 1: ['major', 'toString'] } },
    '1.3.0',
    'minor',
    'type feat',
  ],
  [
    'labels of the policy',
    { messages: ['fix: a (#1)'], labels: { 1: ['big'] }, policy: { labels: { big: 'minor' } } },
    '1.3.0',
    'minor',
    'label big',
  ],
  [
    'kinds of the policy',
    { messages: ['feat: a', 'chore: b'], policy: { kinds: { feat: 'patch' } } },
    '1.2.4',
    'patch',
    'type feat',
  ],
  [
    'housekeeping that the policy releases',
    { messages: ['build: b'], policy: { kinds: { build: 'minor' } } },
    '1.3.0',
    'minor',
    'type build',
  ],
  [
    'the caller over labels and commits',
    { messages: ['feat!: a (#1)'], labels: { 1: ['semver:major'] }, type: 'patch' },
    '1.2.4',
    'patch',
    null,
  ],
  [
    'the caller over the policy',
    { messages: ['fix: a'], type: 'minor', policy: { type: 'major' } },
    '1.3.0',
    'minor',
    null,
  ],
  [
    'the policy over the changes',
    { messages: ['feat!: a'], policy: { type: 'patch' } },
    '1.2.4',
    'patch',
    null,
  ],
  ['the caller, though nothing changed', { messages: [], type: 'patch' }, '1.2.4', 'patch', null],
  ['a hotfix is a patch', { messages: ['feat: a'], type: 'hotfix' }, '1.2.4', 'patch', null],
  ['a security release is a patch', { messages: ['feat: a'], type: 'security' }, '1.2.4', 'patch', null],
  [
    '0.x: a break is a minor',
    { behind: ['v0.4.2'], messages: ['feat!: a'] },
    '0.5.0',
    'minor',
    'breaking change',
  ],
  [
    '0.x strict: a break is a major',
    { behind: ['v0.4.2'], messages: ['feat!: a'], policy: { zero: 'strict' } },
    '1.0.0',
    'major',
    'breaking change',
  ],
  ['0.x: a feature is a minor', { behind: ['v0.4.2'], messages: ['feat: a'] }, '0.5.0', 'minor', 'type feat'],
  [
    '0.x: the caller may leave it',
    { behind: ['v0.4.2'], messages: ['fix: a'], type: 'major' },
    '1.0.0',
    'major',
    null,
  ],
  ['the first release', { behind: [], messages: ['feat: a'] }, '0.1.0', 'minor', 'type feat'],
  [
    'the first release breaks nothing',
    { behind: [], messages: ['feat!: a'] },
    '0.1.0',
    'minor',
    'breaking change',
  ],
  [
    'a first 1.0.0 is asked for',
    { behind: [], messages: ['feat: a'], type: 'major' },
    '1.0.0',
    'major',
    null,
  ],
  [
    'an announced version is kept',
    { behind: ['v2.0.0-rc.1', 'v1.2.3'], messages: ['fix: a'] },
    '2.0.0',
    'major',
    null,
  ],
  [
    'an announced patch is raised',
    { behind: ['v1.2.4-rc.1', 'v1.2.3'], messages: ['feat: a'] },
    '1.3.0',
    'minor',
    'type feat',
  ],
  [
    'an announced first release',
    { behind: ['v1.0.0-beta.2'], messages: ['fix: a'] },
    '1.0.0',
    'patch',
    'type fix',
  ],
  [
    'an old announcement counts for nothing',
    { behind: ['v1.2.3', 'v1.2.3-rc.1'], messages: ['fix: a'] },
    '1.2.4',
    'patch',
    'type fix',
  ],
  [
    'build metadata is no version',
    { behind: ['v1.2.3+abc.1'], messages: ['fix: a'] },
    '1.2.4',
    'patch',
    'type fix',
  ],
]

test.each(rules)('P1: %s', (_, ask, version, bump, rule) => {
  const decision = decide(ask)
  const [first] = decision.why
  expect([decision.version, decision.bump, first?.decides ? first.rule : null]).toEqual([version, bump, rule])
  expect(decision.why).toHaveLength(ask.messages.length)
  expect(decision.why.filter(({ decides }) => decides).length).toBeLessThanOrEqual(1)
})

test('P1: the next version is above the last one, whatever the history says', () => {
  const message = fc.constantFrom('feat: a', 'fix!: b', 'docs: c', 'chore: d', 'free', 'Revert "feat: a"', '')
  const version = fc.tuple(fc.nat(3), fc.nat(20), fc.nat(20)).map((parts) => `v${parts.join('.')}`)
  const zero = fc.constantFrom('shift', 'strict')
  fc.assert(
    fc.property(fc.array(message, { maxLength: 8 }), version, zero, (messages, last, rule) => {
      const decision = decide({ behind: [last], messages, policy: { zero: rule } })
      if (decision.version === null) return
      expect(semver.gt(decision.version, last)).toBe(true)
      expect(semver.diff(last, decision.version)).toBe(decision.bump)
    }),
  )
})

const shapes: [string, string | null, string | null][] = [
  ['v1.2.3', '', '1.2.3'],
  ['1.2.3', '', '1.2.3'],
  ['V1.2.3', '', '1.2.3'],
  ['shop@1.2.3', 'shop@', '1.2.3'],
  ['@acme/shop@1.2.3', '@acme/shop@', '1.2.3'],
  ['shop/v1.2.3', 'shop/', '1.2.3'],
  ['shop-v1.2.3-rc.1', 'shop-', '1.2.3-rc.1'],
  ['release-1.2.3', 'release-', '1.2.3'],
  ['v1.2.3+abc.5', '', '1.2.3+abc.5'],
  ['dev1.2.3', 'dev', '1.2.3'],
  ['v1', null, null],
  ['v1.2', null, null],
  ['v01.2.3', null, null],
  ['v1.2.3;rm -rf', null, null],
  ['v1.2.3.4', null, null],
  ['nightly', null, null],
  ['x'.repeat(300), null, null],
]

test.each(shapes)('P2: the tag %s', (name, family, version) => {
  const tag = readReleaseTag({ name, sha: 'a' })
  expect([tag?.family ?? null, tag?.version ?? null]).toEqual([family, version])
})

const families: [string, string[], string][] = [
  ['plain', ['v1.0.0', '1.1.0'], ''],
  ['the service', ['cart@1.0.0', 'cart@1.1.0', 'shop@1.0.0'], 'shop@'],
  ['the service, whatever the case', ['cart@1.0.0', 'cart@1.1.0', 'Shop/v1.0.0'], 'Shop/'],
  ['the most frequent', ['cart@1.0.0', 'mail@1.0.0', 'mail@1.1.0'], 'mail@'],
  ['the nearest among equals', ['cart@1.0.0', 'mail@1.0.0'], 'cart@'],
  ['none', [], ''],
]

test.each(families)('P2: the family of tags: %s', (_, names, family) => {
  expect(inferFamily(tags(...names), 'shop')).toBe(family)
})

test('P2: the prefix of the nearest habit is kept, that of the policy wins', () => {
  expect(lastRelease(tags('1.1.0', 'v1.0.0'), undefined, 'shop').prefix).toBe('')
  expect(lastRelease(tags('v1.1.0', '1.0.0'), undefined, 'shop').prefix).toBe('v')
  expect(lastRelease(tags('v1.1.0'), 'shop/v', 'shop')).toMatchObject({ prefix: 'shop/v', final: null })
  expect(lastRelease([], undefined, 'shop').prefix).toBe('v')
})
