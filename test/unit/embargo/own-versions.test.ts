import { expect, test } from '@jest/globals'
import { ownVersions } from '@relman/core/embargo/own-versions'

const count = (many: number, of: (index: number) => string): string[] =>
  Array.from({ length: many }, (_, index) => of(index))

test('P3: no number of pre-releases or of newer lines keeps a release under embargo from being looked at', () => {
  const pre = count(100, (index) => `1.3.0-rc.${index}`)
  const newer = count(80, (index) => `2.${index}.0`)
  const { versions, left } = ownVersions([...pre, '1.2.4', 'latest', ...newer])
  expect(versions).toContain('1.2.4')
  expect(versions).toContain('1.3.0-rc.99')
  expect([versions.length, left]).toEqual([141, 40])
})

test('P3: how many were left out is known, and there is an end to it', () => {
  expect(ownVersions(count(1000, (index) => `1.${index}.0`))).toEqual({
    versions: expect.arrayContaining(['1.999.0', '1.700.0']),
    left: 700,
  })
  expect(ownVersions([])).toEqual({ versions: [], left: 0 })
})
