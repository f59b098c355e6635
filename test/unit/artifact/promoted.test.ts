import { expect, test } from '@jest/globals'
import { concerns, promoted, promotedInOrder } from '@relman/core/promotion/promoted'

const [digest, other] = ['a', 'b'].map((letter) => `sha256:${letter.repeat(64)}`) as [string, string]
const at = (hour: number): string => `2026-11-20T${String(hour).padStart(2, '0')}:00:00Z`
const told = (payload: unknown, succeeded = true, hour = 10) => ({
  payload,
  succeededAt: succeeded ? at(hour) : null,
})

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

const states = (...found: (readonly [string, ReturnType<typeof told>[] | string])[]) =>
  promotedInOrder(
    digest,
    found.map(([environment, deployments]) => ({ environment, deployments })),
  ).map(({ state }) => state)

test.each([
  ['in order', [told({ digest }, true, 8)], [told({ digest }, true, 9)], ['same', 'same']],
  ['in the same second', [told({ digest })], [told({ digest })], ['same', 'same']],
  ['the later one first', [told({ digest }, true, 9)], [told({ digest }, true, 8)], ['same', 'early']],
  [
    'the later one first, then again',
    [told({ digest }, true, 9)],
    [told({ digest }, true, 8), told({ digest }, true, 10)],
    ['same', 'same'],
  ],
  [
    'another digest in between is no turn',
    [told({ digest }, true, 9)],
    [told({ digest: other }, true, 10), told({ digest }, true, 8)],
    ['same', 'early'],
  ],
  ['one that could not be read', 'no permission', [told({ digest })], ['unread', 'same']],
] as const)('P24: two environments, %s', (_, first, second, wanted) =>
  expect(states(['alpha', typeof first === 'string' ? first : [...first]], ['beta', [...second]])).toEqual(
    wanted,
  ),
)

test('P24: what another component of the repository deployed from the same commit is not ours', () => {
  expect([{ service: 'api' }, { service: 'shop' }, {}, null, 'text'].map(concerns('shop'))).toEqual([
    false,
    true,
    true,
    true,
    true,
  ])
})
