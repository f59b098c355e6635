import { describe, expect, test } from '@jest/globals'
import { ConfigurationError } from '@relman/core/config/configuration-error'
import { readConfig } from '@relman/core/config/read-config'
import { readReleaseBranch, releaseBranch } from '@relman/core/freeze/release-branch'

describe('P4: the branch of a release', () => {
  test.each([
    ['release/{version}', '1.4.0', 'release/1.4.0'],
    ['release/v{version}', '1.4.0-rc.1+b.2', 'release/v1.4.0'],
    ['release/{component}/{version}', '0.1.0', 'release/web/0.1.0'],
    ['{version}', '1.4.0', '1.4.0'],
  ])('%s of %s is %s, and is read back', (pattern, version, branch) => {
    expect(releaseBranch(pattern, { service: 'web', version })).toBe(branch)
    expect(readReleaseBranch(pattern, branch, ['api', 'web'])).toEqual({
      component: pattern.includes('component') ? 'web' : null,
      version: version.slice(0, 5),
    })
  })

  test.each([
    ['release/{version}', 'release/team/1.4.0'],
    ['release/{version}', 'main'],
    ['release/{component}/{version}', 'release/other/1.4.0'],
    [undefined, 'release/1.4.0'],
  ])('%s names no branch %s', (pattern, branch) =>
    expect(readReleaseBranch(pattern, branch, ['web'])).toBeNull(),
  )
})

describe('P4: what the configuration says of it', () => {
  const read = (text: string) => readConfig(text, 'relman.yml').branches
  const fault = (text: string): string => {
    try {
      read(text)
      return ''
    } catch (error) {
      if (error instanceof ConfigurationError) return error.message
      throw error
    }
  }

  test('nothing is cut unless it is asked for', () =>
    expect(read('service: shop\n')).toEqual({ types: ['major', 'minor'], at: 'feature-freeze' }))

  test.each([
    ['branches: { release: "release/{version}" }', ''],
    ['branches: { release: "release/{component}/{version}" }\ncomponents: { web: { path: web } }', ''],
    [
      'branches: { release: "cut/{version}" }\nversion: { lines: ["cut/{line}"] }\nfreeze: { branches: ["cut/*"] }',
      '',
    ],
    ['branches: { release: "release/1.x" }', 'end it in {version}'],
    ['branches: { release: "release/../{version}" }', 'folders that git takes'],
    ['branches: { release: "-x/{version}" }', 'end it in {version}'],
    ['branches: { release: "a b/{version}" }', 'end it in {version}'],
    ['branches: { release: "cut/{version}" }', 'version.lines lacks cut/{line}'],
    [
      'branches: { release: "release/{version}" }\nfreeze: { branches: [main] }',
      'freeze.branches holds no branch',
    ],
    ['branches: { release: "release/{component}/{version}" }', 'there are no components'],
    [
      'branches: { release: "release/{version}" }\ncomponents: { web: { path: web } }',
      'write {component} too',
    ],
    ['branches: { release: "release/{version}", types: [hotfix] }', 'types'],
    ['branches: { relese: "release/{version}" }', 'did you mean "release"'],
  ])('%s: %s', (text, sentence) => {
    const found = fault(text)
    expect(found === '').toBe(sentence === '')
    expect(found).toContain(sentence)
    if (sentence !== '') expect(found).toMatch(/relman\.yml:\d+:\d+/)
  })
})
