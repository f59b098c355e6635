import { expect, test } from '@jest/globals'
import { promoted } from '@relman/core/promotion/promoted'

const [digest, other] = ['a', 'b'].map((letter) => `sha256:${letter.repeat(64)}`) as [string, string]
const told = (payload: unknown, succeeded = true) => ({ payload, succeeded })

test.each([
  ['nothing was deployed', [], 'skipped'],
  ['nothing succeeded', [told({ digest }, false)], 'failed'],
  ['a job tells the commit alone', [told({}), told('text'), told(null)], 'commit'],
  ['the payload tells the digest', [told({ 'artifact-digest': digest })], 'same'],
  ['an image with its digest', [told({ image: `ghcr.io/acme/shop@${digest}` })], 'same'],
  ['another digest', [told({ digest: other })], 'other'],
  ['another one first, then the same', [told({ digest }), told({ digest: other })], 'same'],
  ['the same one failed, another one succeeded', [told({ digest }, false), told({ digest: other })], 'other'],
  ['what looks like no digest', [told({ digest: 'sha256:zz', image: 'shop:1' })], 'commit'],
] as const)('P24: %s', (_, deployments, state) =>
  expect(promoted('staging', digest, deployments).state).toBe(state),
)

test('P24: without a digest in the plan the commit is all that can be the same', () =>
  expect(promoted('staging', null, [told({ digest: other })])).toMatchObject({
    state: 'commit',
    digest: other,
  }))
