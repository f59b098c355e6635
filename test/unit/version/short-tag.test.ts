import { expect, test } from '@jest/globals'
import { readReleaseTag } from '@relman/core/version/release-tag'
import { readShortTag, shortTagsAbove } from '@relman/core/version/short-tag'

const tag = (name: string) => ({ name, sha: name })

test.each([
  ['v4.3', '4.3.0', ''],
  ['2024.1', '2024.1.0', ''],
  ['web@1.2', '1.2.0', 'web@'],
  ['web/v1.2', '1.2.0', 'web/'],
])('P1: the short tag %s is %s', (name, version, family) => {
  expect(readShortTag(tag(name))).toMatchObject({ name, version, family, final: true })
})

test.each([
  'v4',
  'v4.3.1',
  'v4.3-rc.1',
  '2024.01',
  '1.2.3.4',
  '',
  `v1.${'9'.repeat(30)}`,
  `${'a'.repeat(300)}1.2`,
])('P1: %s is no short tag', (name) => {
  expect(readShortTag(tag(name))).toBeNull()
})

test('P1: only those above the last version in full, and of its family', () => {
  const final = readReleaseTag(tag('v1.2.3'))
  const names = (...all: string[]) => shortTagsAbove(all.map(tag), '', final).map(({ name }) => name)
  expect(names('v1.2', 'v1.1', 'v1.3', 'web@2.0', 'v2')).toEqual(['v1.3'])
  expect(shortTagsAbove([tag('v0.1')], '', null)).toHaveLength(1)
})
