import { expect, test } from '@jest/globals'
import type { Channel } from '@relman/core/config/channels'
import { nextPrerelease, withBuild } from '@relman/core/version/prerelease'
import { readReleaseTag } from '@relman/core/version/release-tag'
import fc from 'fast-check'
import semver from 'semver'

const tags = (...names: string[]) =>
  names.map((name) => readReleaseTag({ name, sha: name })).filter((tag) => tag !== null)
const after = (
  names: string[],
  core: string,
  channel: Channel,
  more: { sha?: string; taken?: string[] } = {},
) =>
  nextPrerelease(core, channel, tags(...names), { sha: more.sha ?? 'here', taken: new Set(more.taken) })
    .version

const cases: [string, string[], string, Channel, string][] = [
  ['the first of a repository', [], '1.3.0', 'alpha', '1.3.0-alpha.1'],
  ['one more', ['v1.3.0-alpha.1'], '1.3.0', 'alpha', '1.3.0-alpha.2'],
  ['numbers, not letters', ['v1.3.0-rc.9', 'v1.3.0-rc.10'], '1.3.0', 'rc', '1.3.0-rc.11'],
  ['the next channel', ['v1.3.0-alpha.4'], '1.3.0', 'beta', '1.3.0-beta.1'],
  ['a channel that was left out', ['v1.3.0-alpha.4'], '1.3.0', 'rc', '1.3.0-rc.1'],
  ['another version begins anew', ['v1.3.0-rc.4'], '2.0.0', 'beta', '2.0.0-beta.1'],
  [
    'a repository that begins at 0',
    ['v1.2.0-rc.0', 'v1.2.0-rc.1', 'v1.1.0-beta.0'],
    '1.3.0',
    'rc',
    '1.3.0-rc.0',
  ],
  ['a repository that begins at 1', ['v1.2.0-rc.1', 'v1.2.0-rc.2'], '1.3.0', 'rc', '1.3.0-rc.1'],
  ['without a dot, as begun', ['v1.3.0-rc1'], '1.3.0', 'rc', '1.3.0-rc2'],
  ['build metadata says nothing', ['v1.3.0-rc.1+abc.1'], '1.3.0', 'rc', '1.3.0-rc.2'],
  ['nightly builds count for nothing', ['v1.2.0-nightly.20260101'], '1.3.0', 'beta', '1.3.0-beta.1'],
  ['nor do those of this version', ['v1.3.0-nightly.20260101'], '1.3.0', 'beta', '1.3.0-beta.1'],
  ['one without a number', ['v1.3.0-beta'], '1.3.0', 'beta', '1.3.0-beta.1'],
]

test.each(cases)('P2, complaint 5: %s', (_, names, core, channel, version) => {
  expect(after(names, core, channel)).toBe(version)
})

const back: [string, string[], Channel][] = [
  ['a channel behind', ['v1.3.0-rc.1'], 'beta'],
  ['a channel behind one without a number', ['v1.3.0-rc'], 'beta'],
  ['behind the final version', ['v1.3.0'], 'rc'],
  ['a tenth without a dot', ['v1.3.0-rc9'], 'rc'],
]

test.each(back)('P2: %s is refused', (_, names, channel) => {
  expect(() => after(names, '1.3.0', channel)).toThrow(/would go back behind v1\.3\.0/)
})

test('P2: planned again at the commit that carries it, it stays; what was rolled back is passed over', () => {
  expect(after(['v1.3.0-rc.1'], '1.3.0', 'rc', { sha: 'v1.3.0-rc.1' })).toBe('1.3.0-rc.1')
  expect(after(['v1.3.0-rc.1'], '1.3.0', 'rc', { taken: ['1.3.0-rc.2', '1.3.0-rc.3'] })).toBe('1.3.0-rc.4')
})

test('P2: counters never repeat and never go back, whatever channels follow each other', () => {
  const channel = fc.constantFrom<Channel>('alpha', 'beta', 'next', 'rc')
  const core = fc.constantFrom('1.3.0', '2.0.0')
  fc.assert(
    fc.property(fc.array(fc.tuple(core, channel), { maxLength: 25 }), (asked) => {
      const made: string[] = []
      for (const [version, label] of asked) {
        try {
          const next = after(
            made.map((each) => `v${each}`),
            version,
            label,
          )
          for (const earlier of made.filter((each) => each.startsWith(`${version}-`)))
            expect(semver.gt(next, earlier)).toBe(true)
          expect(semver.lt(next, version)).toBe(true)
          made.push(next)
        } catch (error) {
          expect(String(error)).toMatch(/go back/)
        }
      }
    }),
  )
})

test('P2: build metadata is the commit and its time', () => {
  expect(withBuild('1.3.0-rc.1', '4f2a9c1d'.repeat(5), '2026-01-02T03:04:05+01:00')).toBe(
    '1.3.0-rc.1+4f2a9c1.20260102020405',
  )
})
