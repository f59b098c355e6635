import { execFileSync } from 'node:child_process'
import { expect, test } from '@jest/globals'
import { readConfig } from '@relman/core/config/read-config'
import { prefixFault } from '@relman/core/config/tag-prefix'

const gitTakes = (prefix: string): boolean => {
  try {
    execFileSync('git', ['check-ref-format', `refs/tags/${prefix}1.2.3`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const prefixes = [
  ...['', 'v', 'web-v', 'web@', 'release/', 'team/web/v', 'a.b', 'v.', 'äpfel-v'],
  ...[
    'a b',
    'a~',
    'x..',
    'v^',
    'v:',
    '@{',
    '.x',
    'a//',
    '/v',
    'x.lock/',
    'v\\',
    'v*',
    'v?',
    'v[',
    'a/.b',
    'v\u0001',
  ],
]

test.each(prefixes)('P1: the tag prefix %j is taken where git takes it', (prefix) => {
  expect(prefixFault(prefix) === null).toBe(gitTakes(prefix))
})

test('P1: a prefix that no tag can have is named with its line', () => {
  expect(prefixFault('-v')).toMatch(/may begin with "-"/)
  expect(() => readConfig('version:\n  prefix: "v^"\n', 'relman.yml')).toThrow(
    /relman\.yml:2:\d+.*no tag of git may hold "\^"; write for example v or web-v/,
  )
})
