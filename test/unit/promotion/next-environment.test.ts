import { expect, test } from '@jest/globals'
import { config } from '@relman/core/config/config'
import type { Plan } from '@relman/core/plan/plan'
import { nextEnvironment } from '@relman/core/promotion/next-environment'
import type { Promoted } from '@relman/core/promotion/promoted'
import { unfinished } from '@relman/core/promotion/unfinished'
import type { RecordEvent } from '@relman/core/record/event'

const digest = `sha256:${'a'.repeat(64)}`
const order = ['alpha', 'beta', 'staging', 'production']
const plan = (environments = order, artifact: Plan['artifact'] = { name: 'shop', digest }) =>
  ({
    version: '1.1.0',
    environment: 'production',
    artifact,
    policy: config.parse({ promotion: { environments } }),
  }) as Plan
const found = (...states: Promoted['state'][]): Promoted[] =>
  states.map((state, index) => ({ environment: order[index] ?? '', state, digest, at: null, why: '' }))
const word = (next: ReturnType<typeof nextEnvironment>) =>
  next.kind === 'environment' ? `${next.environment} after ${next.before.join(' ')}` : next.reasonCode

test.each<[string, string, Promoted['state'][], string]>([
  ['the first one comes first', '', ['skipped', 'skipped', 'skipped'], 'alpha after '],
  ['then the next', '', ['same', 'same', 'skipped'], 'staging after alpha beta'],
  ['what failed comes again', '', ['same', 'failed', 'skipped'], 'beta after alpha'],
  ['what was there out of its turn comes again', '', ['same', 'early', 'same'], 'beta after alpha'],
  ['the commit alone is not the same artifact', '', ['commit', 'same', 'same'], 'alpha after '],
  ['another digest is not', '', ['same', 'other', 'same'], 'beta after alpha'],
  ['what could not be read is not known to be there', '', ['same', 'unread', 'same'], 'beta after alpha'],
  ['none is left', '', ['same', 'same', 'same'], 'all-promoted'],
  ['there already', 'beta', ['same', 'same', 'skipped'], 'already-promoted'],
  [
    'named and out of turn: the gate refuses it',
    'staging',
    ['same', 'skipped', 'skipped'],
    'staging after alpha beta',
  ],
  ['there, and skipped before', 'beta', ['skipped', 'same', 'skipped'], 'beta after alpha'],
  ['never the last', 'production', ['same', 'same', 'same'], 'environment-is-released'],
])('P24: %s', (_, asked, states, wanted) =>
  expect(word(nextEnvironment(plan(), asked, found(...states)))).toBe(wanted),
)

test('P24: without any artifact the commit is the same; one without a known digest is never promoted', () => {
  const states = found('commit', 'skipped', 'skipped')
  expect(word(nextEnvironment(plan(order, null), '', states))).toBe('beta after alpha')
  expect(word(nextEnvironment(plan(order, { name: 'shop', digest: null }), '', states))).toBe(
    'artifact-digest-unknown',
  )
})

test.each([
  [[], '', /promotion\.environments: names no environment before production.*\[alpha, staging, production\]/],
  [
    order,
    'qa',
    /"qa" is not one of promotion\.environments of this plan \(alpha, beta, staging, production\)/,
  ],
])('P24: %j cannot be promoted through to %j', (environments, asked, sentence) =>
  expect(() => nextEnvironment(plan(environments), asked, [])).toThrow(sentence),
)

test('P24: a promotion is open until its end is written, whichever run writes that', () => {
  const event = (kind: string, environment = 'alpha', id = 1) =>
    ({
      kind,
      key: `${kind}${id}`,
      run: { id, attempt: 1 },
      at: '',
      data: { environment },
    }) as unknown as RecordEvent
  expect(unfinished([event('promoting')], 'alpha')).toMatchObject({ run: { id: 1 } })
  expect(unfinished([event('promoting')], 'beta')).toBeNull()
  expect(unfinished([event('promoting'), event('promoted', 'beta')], 'alpha')).not.toBeNull()
  expect(unfinished([event('promoting'), event('promotion-failed')], 'alpha')).toBeNull()
  expect(
    unfinished([event('promoting'), event('promoted'), event('promoting', 'alpha', 2)], 'alpha'),
  ).toMatchObject({
    run: { id: 2 },
  })
})
