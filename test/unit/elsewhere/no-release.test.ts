import { expect, test } from '@jest/globals'
import { readConfig } from '@relman/core/config/read-config'
import { couldGoElsewhere, noRelease } from '@relman/core/elsewhere/no-release'

const policy = (text: string) => readConfig(`elsewhere: ${text}\n`, 'relman.yml').elsewhere
const whole = policy('[{ what: prototype }, { what: infrastructure }, { what: configuration }]')
const commits = (...paths: string[]) => [{ paths }]
const kinds = (...paths: string[]) =>
  noRelease(whole, commits(...paths))?.map(({ what }) => what) ?? 'release'

test.each([
  ['net/main.tf', ['infrastructure']],
  ['charts/shop/values.yaml', ['infrastructure']],
  ['config/app.yml', ['configuration']],
  ['prototypes/search/index.ts', ['prototype']],
  ['spikes/auth/login.ts', ['prototype']],
  // Each of these changes what is shipped, or who may ship it.
  ['Dockerfile', 'release'],
  ['k8s/Dockerfile.prod', 'release'],
  ['package.json', 'release'],
  ['package-lock.json', 'release'],
  ['.github/relman.yml', 'release'],
  ['.github/workflows/deploy.yml', 'release'],
  ['db/migrations/1.yaml', 'release'],
  ['infra/auth/main.tf', 'release'],
  ['src/a.ts', 'release'],
])('L7: with all that relman knows named, %s is %j', (path, expected) => {
  expect(kinds(path)).toEqual(expected)
})

test('L7: one other path, a commit whose paths are not known, or nothing at all is a release', () => {
  expect(kinds('net/main.tf', 'config/app.yml')).toEqual(['infrastructure', 'configuration'])
  expect(kinds('net/main.tf', 'src/a.ts')).toBe('release')
  expect(noRelease(whole, [{ paths: ['net/main.tf'] }, { paths: null }])).toBeNull()
  expect([noRelease(whole, []), noRelease(whole, commits())]).toEqual([null, null])
})

test('L7: what is not named is suggested and not granted; what is code is not even suggested', () => {
  expect(noRelease([], commits('net/main.tf'))).toBeNull()
  expect(couldGoElsewhere([], commits('net/main.tf'))?.map(({ what }) => what)).toEqual(['infrastructure'])
  expect(couldGoElsewhere([], commits('net/main.tf', 'src/a.ts'))).toBeNull()
  expect(couldGoElsewhere(whole, commits('net/main.tf'))).toBeNull()
  const own = policy("[{ what: seeds, paths: ['seeds/**'], go: load them }]")
  expect(couldGoElsewhere(own, commits('seeds/a.csv', 'net/main.tf'))?.map(({ what }) => what)).toEqual([
    'seeds',
    'infrastructure',
  ])
})

test('L7: paths and way of a known kind can be replaced; those of another word are needed', () => {
  const own = policy("[{ what: infrastructure, paths: ['ops/**'], go: call ops }]")
  expect(noRelease(own, commits('ops/a.sh'))).toEqual([
    { what: 'infrastructure', go: 'call ops', paths: ['ops/a.sh'] },
  ])
  expect(noRelease(own, commits('net/main.tf'))).toBeNull()
  expect(() => policy('[{ what: seeds }]')).toThrow(/elsewhere.*paths.*is required, unless what is one of/s)
  expect(() => policy("[{ what: constructor, paths: ['a/**'] }]")).toThrow(/go.*is required/s)
})
