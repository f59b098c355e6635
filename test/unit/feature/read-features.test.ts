import { expect, test } from '@jest/globals'
import { config } from '@relman/core/config/config'
import type { GitHub } from '@relman/core/ports/github'
import { GitHubError } from '@relman/core/ports/github-error'
import { readFeatures } from '../../../actions/plan-release/read-features.ts'

const read = (reason: 'github-unavailable' | 'permission-missing', input = '', policy = {}) =>
  readFeatures({
    input: { milestone: input, component: '', pull: null },
    github: {
      milestone: async () => {
        throw new GitHubError(reason, 'no answer')
      },
    } as unknown as GitHub,
    policy: config.parse({ features: policy }),
    ...{ service: 'shop', version: '1.1.0', tag: 'v1.1.0', changes: [] },
  })

test('P22: a milestone that nobody named and that cannot be read is a gap of the plan', async () => {
  const { features, gaps } = await read('github-unavailable')
  expect([features, gaps]).toEqual([undefined, [expect.stringMatching(/is not known: no answer/)]])
})

test('P22: one that is named holds the release; it is not lost because GitHub did not answer', async () => {
  await expect(read('github-unavailable', 'autumn')).rejects.toThrow('no answer')
  await expect(read('permission-missing', 'autumn')).rejects.toThrow('no answer')
  await expect(read('github-unavailable', '', { milestone: '{version}' })).rejects.toThrow('no answer')
  expect((await read('permission-missing', '', { milestone: '{version}' })).gaps).toHaveLength(1)
})
