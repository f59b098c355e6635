import { expect, test } from '@jest/globals'
import { highest, isHigher, readReleaseTag } from '@relman/core/version/release-tag'
import fc from 'fast-check'
import semver from 'semver'

const number = fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 120 }), fc.nat({ max: 999_999_999 }))
const suffix = fc.constantFrom('', '', '', '-rc.1', '-rc.10', '-next.0', '+4f2a', '-rc.1+4f2a')
const version = fc
  .tuple(number, number, number, suffix)
  .map(([major, minor, patch, rest]) => `${major}.${minor}.${patch}${rest}`)

test('one version is higher than another exactly where semver says so', () => {
  fc.assert(
    fc.property(version, version, (a, b) => {
      expect(isHigher(a, b)).toBe(semver.gt(a, b))
      expect(isHigher(a, a)).toBe(false)
    }),
    { numRuns: 2_000, seed: 7 },
  )
})

test.each([
  ['1.9.0', '1.10.0', false],
  ['1.20.3', '1.2.30', true],
  ['10.0.0', '9.99.99', true],
  ['1.2.3', '1.2.30', false],
  ['1.2.0', '1.2.0-rc.1', true],
])('%s against %s', (own, other, higher) => {
  expect(isHigher(own, other)).toBe(higher)
  expect(isHigher(other, own)).toBe(!higher)
})

test('a tag is read as semver reads its version', () => {
  fc.assert(
    fc.property(version, fc.constantFrom('', 'v', 'shop@', 'pkg/v'), (text, prefix) => {
      const read = readReleaseTag({ name: `${prefix}${text}`, sha: 'a' })
      const parsed = semver.parse(text)
      expect(read?.version.split('+')[0]).toBe(parsed?.version)
      expect(read?.final).toBe(parsed?.prerelease.length === 0)
      expect(read?.prefix).toBe(prefix)
    }),
    { numRuns: 500, seed: 7 },
  )
  for (const name of ['v01.2.3', '1.02.3', 'v1.2', 'v1.2.3.4x', '1.2.3-01'])
    expect(readReleaseTag({ name, sha: 'a' })).toBeNull()
})

test('the highest of many, the first of equals', () => {
  const tags = ['v1.9.0', '1.10.0', 'v1.10.0', 'v1.10.0-rc.1'].map((name) =>
    readReleaseTag({ name, sha: name }),
  )
  expect(highest(tags.filter((tag) => tag !== null))?.name).toBe('1.10.0')
})
