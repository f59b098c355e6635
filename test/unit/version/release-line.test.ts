import { expect, test } from '@jest/globals'
import { config } from '@relman/core/config/config'
import { lineFollows, readLine } from '@relman/core/version/release-line'
import { type ReleaseTag, readReleaseTag } from '@relman/core/version/release-tag'

const templates = config.parse({}).version.lines

const branches: [string, string | null][] = [
  ['1.x', '1.0.0 2.0.0'],
  ['v1.x', '1.0.0 2.0.0'],
  ['1.4.x', '1.4.0 1.5.0'],
  ['1.4', '1.4.0 1.5.0'],
  ['release/1.4', '1.4.0 1.5.0'],
  ['release/v2.x', '2.0.0 3.0.0'],
  ['release-1.4', '1.4.0 1.5.0'],
  ['release/1.4.2', '1.4.2 1.5.0'],
  ['1.4.x.x', null],
  ['maintenance/0.9.x', '0.9.0 0.10.0'],
  ['stable/4.2.x', '4.2.0 4.3.0'],
  ['main', null],
  ['release/7', null],
  ['release/2026-01', null],
  ['release/2026.01', null],
  ['feature/1.x-support', null],
  ['dependabot/npm/1.2.3', null],
  ['1.x/../main', null],
]

test.each(branches)('complaint 17: the line of the branch %s', (branch, line) => {
  const found = readLine(branch, templates, null)
  expect(found && `${found.floor} ${found.end}`).toBe(line)
})

test('P2: components have lines of their own; those of others and plain ones are none', () => {
  const names = ['web-1.x', 'web/1.x', 'release/web-1.4', '1.x', 'api-1.x', 'webb-1.x']
  expect(names.map((name) => readLine(name, templates, 'web')?.words ?? null)).toEqual([
    '1.x',
    '1.x',
    '1.4.x',
    null,
    null,
    null,
  ])
  expect(readLine('a.b-1.x', templates, 'a.b')?.words).toBe('1.x')
  expect(readLine('a+b-1.x', templates, 'a.b')).toBeNull()
})

test('P2: branches are named as the policy says', () => {
  expect(readLine('lts-1.4.x', ['lts-{line}'], null)?.words).toBe('1.4.x')
  expect(readLine('1.x', ['lts-{line}'], null)).toBeNull()
})

const last = (name: string | null) => ({
  final: name === null ? null : (readReleaseTag({ name, sha: 'a' }) as ReleaseTag),
  announced: null,
  prefix: 'v',
})

const follows: [string, string | null, boolean][] = [
  ['1.x', 'v1.4.0', true],
  ['2.x', 'v1.4.0', true],
  ['3.x', 'v1.4.0', false],
  ['1.5.x', 'v1.4.0', true],
  ['1.6.x', 'v1.4.0', false],
  ['release/1.4.1', 'v1.4.0', true],
  ['1.x', 'v2.0.0', true],
  ['release/2026.1', 'v1.4.0', false],
  ['1.x', null, true],
  ['0.1.x', null, true],
  ['7.x', null, false],
]

test.each(follows)('the branch %s after %s names a line of its versions: %s', (branch, tag, expected) => {
  const line = readLine(branch, templates, null)
  expect(line && lineFollows(line, last(tag))).toBe(expected)
})
