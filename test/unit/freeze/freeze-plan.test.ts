import { expect, test } from '@jest/globals'
import { config } from '@relman/core/config/config'
import { freezePlan } from '@relman/core/freeze/freeze-plan'
import { lateChanges } from '@relman/core/freeze/late-changes'
import { freezeLine, showFreeze } from '@relman/core/freeze/show-freeze'
import { freezeCriterion } from '@relman/core/gate/freeze-criterion'
import { provisional } from '@relman/core/gate/provisional'
import type { Plan } from '@relman/core/plan/plan'
import type { RecordEvent } from '@relman/core/record/event'
import { change } from '../plan/facts.ts'

const policy = config.parse({ freeze: { approvers: ['lin'] } }).freeze
const none = { feature: null, code: null, source: 'not set' }
const on = (feature: string) => ({ feature, code: null, source: 'the policy' })
const [past, now, future] = ['2026-11-01T00:00:00Z', '2026-11-29T00:00:00Z', '2026-12-20T00:00:00Z'] as const

const planned = (data: RecordEvent['data'], digest = 'd'.repeat(64)): RecordEvent => ({
  ...{
    kind: 'planned',
    key: digest,
    actor: 'ada',
    run: null,
    digest,
    token: null,
    schema: 1,
    service: 'shop',
  },
  ...{ release: '1.4.0', seq: 1, at: now, prev: null, hash: '', data },
})

const before = (state: string, feature: string | null, base: unknown = null) =>
  planned({
    ...{ revision: 3, sha: 'a'.repeat(40), state },
    ...(feature ? { freeze: { feature, code: null, source: 'x', base } } : {}),
  } as RecordEvent['data'])

type More = Partial<Parameters<typeof freezePlan>[0]>
const decide = (more: More) => {
  const asked = { policy: { plans: 'stated' as const }, type: 'minor', version: '1.4.0', stated: none }
  const { state, freeze } = freezePlan({
    ...{ ...asked, timeline: none, moved: false, events: [], by: null, now, fixes: true },
    ...more,
  })
  return [state, freeze?.feature ?? null, freeze?.base?.revision ?? null]
}

const timeline = { policy: { plans: 'timeline' as const }, timeline: on(future) }

test.each<[string, More, unknown[]]>([
  ['no date, the default', {}, ['frozen', null, null]],
  ['its timeline, where plans do not follow it', { timeline: on(future) }, ['frozen', null, null]],
  ['a stated date to come', { stated: on(future) }, ['provisional', future, null]],
  ['a stated date that is past', { stated: on(past) }, ['frozen', past, null]],
  ['only a code freeze is stated', { stated: { ...none, code: future } }, ['frozen', null, null]],
  ['its timeline', timeline, ['provisional', future, null]],
  [
    'the timeline of a patch has no freeze',
    { ...timeline, timeline: none, type: 'patch' },
    ['frozen', null, null],
  ],
  ['a hotfix before a stated date', { stated: on(future), type: 'hotfix' }, ['frozen', null, null]],
  [
    'what calls itself a hotfix and brings more, before a stated date',
    { stated: on(future), type: 'hotfix', fixes: false },
    ['provisional', future, null],
  ],
  ['a security release on a timeline', { ...timeline, type: 'security' }, ['frozen', null, null]],
  ['a pre-release on a timeline', { ...timeline, version: '1.4.0-beta.1' }, ['frozen', null, null]],
  [
    'the first timeline stays',
    { ...timeline, events: [before('provisional', past)] },
    ['frozen', past, null],
  ],
  [
    'until dates are asked for',
    { ...timeline, events: [before('provisional', past)], moved: true },
    ['provisional', future, null],
  ],
  [
    'a stated date wins over it',
    { ...timeline, stated: on(past), events: [before('provisional', future)] },
    ['frozen', past, null],
  ],
  [
    'a freeze does not go away',
    { stated: on(future), events: [before('frozen', past)] },
    ['frozen', past, 3],
  ],
  [
    'and is held against its first revision',
    { events: [before('frozen', past, { revision: 2, digest: 'c', sha: 'b'.repeat(40) })] },
    ['frozen', past, 2],
  ],
  [
    'frozen at once is no freeze',
    { stated: on(future), events: [before('frozen', null)] },
    ['provisional', future, null],
  ],
  [
    'nor does it for a hotfix of the version, or for a plan in between that had none',
    { type: 'hotfix', events: [before('frozen', past), before('frozen', null)] },
    ['frozen', past, 3],
  ],
  ['by hand', { stated: on(future), by: 'ada' }, ['frozen', now, null]],
  [
    'a plan that was written without a state',
    { events: [planned({ revision: 1, sha: 'a'.repeat(40) })] },
    ['frozen', null, null],
  ],
  [
    'a commit that is none is not believed',
    {
      events: [
        planned({
          revision: 1,
          sha: '--output=x',
          state: 'frozen',
          freeze: { feature: past, code: null, source: 'x', base: null },
        }),
      ],
    },
    ['frozen', null, null],
  ],
])('L4: %s', (_, more, expected) => {
  expect(decide(more)).toEqual(expected)
})

const pull = (commit: string) => ({
  ...{ author: 'ada', head: 'h', labels: ['freeze-exception'] },
  reviews: [{ by: 'lin', state: 'approved', commit, canPush: true }],
})

test('L4: what let a later change in; what nothing lets in comes first and is counted whole', () => {
  const asks = { kind: 'feat', labels: ['freeze-exception'] }
  const changes = [
    change({ title: 'mended' }),
    change({ ...asks, pull: 5, title: 'approved' }),
    change({ ...asks, pull: 6, title: 'approved for an older commit' }),
    change({ kind: 'feat', title: 'feature' }),
    change({ breaking: true, title: 'breaks' }),
    change({ date: '2026-12-01T00:00:00Z', title: 'after code freeze' }),
    change({ readable: false, kind: 'fix', title: 'unread' }),
  ]
  const pulls = new Map([
    [5, pull('h')],
    [6, pull('older')],
  ])
  const { late, held } = lateChanges(policy, changes, '2026-11-30T00:00:00Z', pulls)
  expect(held).toBe(5)
  expect(late.map(({ entry }) => entry)).toEqual(['held', 'held', 'held', 'held', 'held', 'fix', 'exception'])
  expect(late[0]?.why).toMatch(
    /lacks the approval of one of lin for the present commit \(theirs is for an older one\)/,
  )
  expect(late[2]?.why).toMatch(/it breaks something/)
  expect(late[3]?.why).toMatch(/entered after code freeze/)
  const many = lateChanges(
    policy,
    Array.from({ length: 500 }, () => change({ kind: 'feat' })),
    null,
    new Map(),
  )
  expect([many.late.length, many.held]).toEqual([100, 500])
})

test('L4: the gate asks for it only where a freeze holds, and refuses what is provisional', () => {
  const freeze = { feature: past, code: null, source: 'x', base: null, held: 1 }
  const late = [{ sha: 'a', item: '#1 <b> | @all', entry: 'held' as const, why: 'no fix' }]
  const plan = {
    state: 'frozen',
    version: '1.4.0',
    revision: 2,
    policy: { freeze: policy, risk: { exceptions: [] } },
    freeze: { ...freeze, late },
  } as unknown as Plan
  expect(freezeCriterion(plan)).toMatchObject([{ state: 'fail', reason: 'late-change', observed: 1 }])
  expect(freezeCriterion({ ...plan, freeze: { ...freeze, late: [], held: 0 } })).toMatchObject([
    { state: 'pass' },
  ])
  const exceptions = [{ version: '1.4.0', from: 'freeze' as const, reason: 'frozen by mistake', by: 'lee' }]
  const excepted = { ...plan, policy: { ...plan.policy, risk: { ...plan.policy.risk, exceptions } } }
  expect(freezeCriterion(excepted)).toMatchObject([{ state: 'excepted', remedy: 'lee: frozen by mistake' }])
  const { freeze: _, ...free } = plan
  expect([freezeCriterion(free as Plan), provisional(plan), freezeLine(free)]).toEqual([[], null, ''])
  expect(provisional({ ...plan, state: 'provisional' })).toMatchObject({ reasonCode: 'plan-provisional' })
  expect(showFreeze(plan).replace(/\\./g, '')).not.toMatch(/<b>|@all/)
})
