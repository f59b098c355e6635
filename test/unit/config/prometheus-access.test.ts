import { describe, expect, test } from '@jest/globals'
import { prometheusHeaders } from '@relman/core/adapters/metrics/headers'
import { readConfig } from '@relman/core/config/read-config'

const read = (lines: string) =>
  readConfig(`service: shop\nmetrics:\n  prometheus:\n    url: https://mimir.example\n${lines}`, 'relman.yml')
    .metrics?.prometheus
const access = (lines: string, env: Record<string, string>) => {
  const policy = read(lines)
  if (!policy) throw new Error('no prometheus')
  return prometheusHeaders(policy, env)
}
const basic = (text: string) => `Basic ${Buffer.from(text, 'utf8').toString('base64')}`

describe('V1: who asks Prometheus', () => {
  test('nobody in particular, a bearer token, or a user with a password, and headers of its own', () => {
    expect(access('', {})).toEqual({})
    expect(access('    secret: T', { T: 't' })).toEqual({ authorization: 'Bearer t' })
    expect(
      access('    basic: { user: "{{env:U}}", password: P }\n    headers: { X-Scope-OrgID: "a|{{env:O}}" }', {
        U: '4711',
        P: 'pä:ss\n',
        O: 'b',
      }),
    ).toEqual({ authorization: basic('4711:pä:ss'), 'x-scope-orgid': 'a|b' })
  })

  test.each<[string, string, RegExp]>([
    [
      'two ways',
      '    secret: T\n    basic: { user: a, password: P }',
      /relman\.yml:\d+.*write secret or basic, not both/s,
    ],
    ['a password that is none', '    basic: { user: a, password: "p!" }', /name of an environment variable/],
    ['a user with a colon', '    basic: { user: "a:b", password: P }', /a user without a colon/],
    [
      'a token among the headers',
      '    headers: { Authorization: "Bearer x" }',
      /for authorization use secret or basic/,
    ],
    ['a header that is not his', '    headers: { Content-Length: "3" }', /written by relman itself/],
    ['a header of two lines', '    headers: { X-Org: "a\\nb" }', /one line of plain characters/],
    ['another placeholder', '    headers: { X-Org: "{{version}}" }', /only \{\{env:NAME\}\} is filled in/],
  ])('%s is refused where it is written', (_, lines, sentence) => {
    expect(() => read(lines)).toThrow(sentence)
  })

  test.each<[string, string, Record<string, string>, RegExp]>([
    [
      'a password that is not there',
      '    basic: { user: a, password: P }',
      {},
      /basic\.password: the environment variable P is not set/,
    ],
    [
      'a user that is not there',
      '    basic: { user: "{{env:U}}", password: P }',
      { P: 'p' },
      /basic\.user: the environment variable U is not set/,
    ],
    [
      'a user that holds a colon',
      '    basic: { user: "{{env:U}}", password: P }',
      { P: 'p', U: 'a:b' },
      /a user holds no colon/,
    ],
    [
      'a tenant of two lines',
      '    headers: { X-Org: "{{env:O}}" }',
      { O: 'a\r\nb: c' },
      /headers\.X-Org: .* holds a line break/,
    ],
  ])('%s: one sentence without the secret', (_, lines, env, sentence) => {
    expect(() => access(lines, env)).toThrow(sentence)
    try {
      access(lines, env)
    } catch (error) {
      for (const value of Object.values(env)) if (value.length > 1) expect(String(error)).not.toContain(value)
    }
  })
})
