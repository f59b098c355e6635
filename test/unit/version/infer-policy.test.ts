import { expect, test } from '@jest/globals'
import { config } from '@relman/core/config/config'
import { inventory } from '@relman/core/scope/inventory'
import { inferPolicy } from '@relman/core/version/infer-policy'
import { type ReleaseTag, readReleaseTag } from '@relman/core/version/release-tag'
import { line } from '../scope/history.ts'

const tag = (name: string) => readReleaseTag({ name, sha: name }) as ReleaseTag
const made = (before: string, after: string, ...messages: string[]) => ({
  before: tag(before),
  tag: tag(after),
  changes: inventory(line(...messages), null).map(({ change }) => ({
    ...change,
    level: 'low' as const,
    levelWhy: '',
  })),
})
const infer = (releases: ReturnType<typeof made>[], policy: Record<string, unknown> = {}) =>
  inferPolicy(releases, config.parse({ version: policy }).version)

const plain = [
  made('v1.0.0', 'v1.1.0', 'feat: a'),
  made('v1.1.0', 'v1.1.1', 'fix: a'),
  made('v1.1.1', 'v2.0.0', 'fix!: a'),
]
const patches = ['1', '2', '3', '4'].map((number) =>
  made(`v1.0.${Number(number) - 1}`, `v1.0.${number}`, 'feat: a'),
)
const strict = [made('v0.1.0', 'v1.0.0', 'feat!: a'), made('v0.2.0', 'v1.0.0', 'fix!: a')]

test('P1: a repository that follows the stated policy gets no suggestion', () => {
  expect(infer(plain)).toEqual({ stated: 3, best: 3, of: 3, suggestion: '' })
})

test('P1: features in patches, and breaks before 1.0.0, are seen', () => {
  expect(infer([...patches, ...plain])).toEqual({
    stated: 3,
    best: 6,
    of: 7,
    suggestion: 'kinds: { feat: patch }',
  })
  expect(infer([...strict, ...plain])).toEqual({ stated: 3, best: 5, of: 5, suggestion: 'zero: strict' })
  expect(infer([...strict, ...patches]).suggestion).toBe('kinds: { feat: patch }, zero: strict')
})

test('P1: one release more is chance; what is stated already is not suggested', () => {
  expect(
    infer([...plain, patches[0] as (typeof patches)[0], patches[1] as (typeof patches)[0]]).suggestion,
  ).toBe('')
  expect(infer(patches, { kinds: { feat: 'patch' } })).toMatchObject({ stated: 4, suggestion: '' })
})
