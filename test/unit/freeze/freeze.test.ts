import { describe, expect, test } from '@jest/globals'
import { freezePolicy } from '@relman/core/config/freeze-policy'
import { freezeException } from '@relman/core/freeze/freeze-exception'
import { type FreezeDates, freezeStage, holds, versionOf } from '@relman/core/freeze/freeze-stage'
import { mayEnter } from '@relman/core/freeze/may-enter'
import { isQueue, queuedPull } from '@relman/core/freeze/queued-pull'

const policy = freezePolicy.parse({})
const now = '2026-12-05T12:00:00.000Z'
const dates = (feature: string | null, code: string | null): FreezeDates => ({
  feature,
  code,
  source: 'test',
})
const none = dates(null, null)

test.each([
  ['release/1.4.0', '1.4.0'],
  ['release/v1.4.0', '1.4.0'],
  ['release/1.4', '1.4.0'],
  ['release/1.4.x', '1.4.0'],
  ['release/2.0.0-rc.1', '2.0.0-rc.1'],
  ['release/spring', null],
  ['main', null],
  ['feature/1.4.0.1', null],
])('the version of %s is %s', (branch, version) => expect(versionOf(branch)).toBe(version))

test.each([
  ['release/1.4.0', true],
  ['release/team/1.4.0', true],
  ['releases/1.4.0', false],
  ['main', false],
])('freezes hold %s: %s', (branch, held) => expect(holds(policy, branch)).toBe(held))

describe('P4: the stage of a branch', () => {
  test.each([
    ['main', none, 'none'],
    ['release/1.4.0', none, 'feature'],
    ['release/spring', none, 'none'],
    ['release/1.4.0', dates('2026-12-05T12:00:00Z', null), 'feature'],
    ['release/1.4.0', dates('2026-12-05T12:00:01Z', null), 'none'],
    ['release/1.4.0', dates('2026-12-01T00:00:00Z', '2026-12-05T12:00:00Z'), 'code'],
    ['release/1.4.0', dates('2026-12-01T00:00:00Z', '2026-12-06T00:00:00Z'), 'feature'],
    ['release/1.4.0', dates(null, '2026-12-06T00:00:00Z'), 'feature'],
    ['release/spring', dates('2026-12-01T00:00:00Z', null), 'feature'],
  ] as const)('%s with %j is under the freeze %s', (branch, given, stage) =>
    expect(freezeStage(policy, branch, given, now).stage).toBe(stage),
  )
})

const review = (by: string, state = 'approved', commit = 'tip', canPush = true) => ({
  by,
  state,
  commit,
  canPush,
})
const asked = (more: Partial<Parameters<typeof mayEnter>[2]> = {}) => ({
  author: 'ada',
  head: 'tip',
  labels: ['freeze-exception'],
  reviews: [review('grace')],
  title: 'feat: more',
  messages: [],
  ...more,
})

describe('P4: an exception', () => {
  test.each([
    ['a label and an approval', asked(), true],
    ['a label in other letters', asked({ labels: ['Freeze-Exception'] }), true],
    ['a label alone', asked({ reviews: [] }), false],
    ['an approval alone', asked({ labels: ['small', 'trivial'] }), false],
    ['the approval of its author', asked({ reviews: [review('Ada')] }), false],
    ['the approval of an older commit', asked({ reviews: [review('grace', 'approved', 'old')] }), false],
    [
      'an approval that was taken back',
      asked({ reviews: [review('grace'), review('grace', 'changes-requested')] }),
      false,
    ],
    ['an approval that was dismissed', asked({ reviews: [review('grace', 'dismissed')] }), false],
    ['somebody who may not write', asked({ reviews: [review('eve', 'approved', 'tip', false)] }), false],
  ] as const)('%s: %#', (_, given, granted) => expect(freezeException(policy, given).granted).toBe(granted))

  test('with approvers, only theirs counts, and it says whose is missing', () => {
    const named = freezePolicy.parse({ approvers: ['Linus', 'margaret'] })
    expect(freezeException(named, asked())).toEqual({
      granted: false,
      by: null,
      missing: ['the approval of one of Linus, margaret'],
    })
    expect(freezeException(named, asked({ reviews: [review('linus')] }))).toMatchObject({
      granted: true,
      by: 'linus',
    })
    expect(
      freezeException(named, asked({ reviews: [review('linus', 'approved', 'old')] })).missing[0],
    ).toMatch(/an older one/)
  })
})

describe('P4: what enters', () => {
  const feature = { stage: 'feature', version: '1.4.0', why: 'feature freeze' } as const
  const code = { ...feature, stage: 'code', why: 'code freeze' } as const
  const open = { ...feature, stage: 'none', why: 'no freeze' } as const
  const plain = { labels: [], reviews: [] }
  test.each([
    [open, { title: 'feat: a' }, 'open', null],
    [feature, { title: 'fix: a' }, 'fix', 'fix'],
    [feature, { title: 'fix(cart): a', messages: ['docs: b', 'test: c', 'wip'] }, 'fix', 'fix'],
    [feature, { title: 'Revert "feat: a"' }, 'fix', 'fix'],
    [feature, { title: 'feat: a' }, 'held', 'feature-freeze'],
    [feature, { title: 'docs: a' }, 'held', 'feature-freeze'],
    [feature, { title: 'Small tweak' }, 'held', 'feature-freeze'],
    [feature, { title: 'fix!: a' }, 'held', 'feature-freeze'],
    [feature, { title: 'fix: a', messages: ['feat: sneak'] }, 'held', 'feature-freeze'],
    [feature, { title: 'fix: a', messages: ['fix: b\n\nBREAKING CHANGE: all'] }, 'held', 'feature-freeze'],
    [feature, { title: 'fix: a', unread: '3 of its 1003 commits' }, 'held', 'feature-freeze'],
    [feature, asked(), 'exception', 'freeze-exception'],
    [code, { title: 'fix: a' }, 'held', 'code-freeze'],
    [code, asked({ title: 'fix: a' }), 'exception', 'freeze-exception'],
  ] as const)('%j, %j → %s (%s)', (stage, given, entry, reasonCode) => {
    const found = mayEnter(policy, stage, { ...asked(), ...plain, ...given })
    expect(found).toMatchObject({ entry, reasonCode })
    expect(found.remedies.length > 0).toBe(entry === 'held')
  })

  test('it says what stands in the way', () => {
    const found = mayEnter(policy, feature, {
      ...asked(),
      ...plain,
      title: 'fix: a',
      messages: ['feat: x', 'improve!: y'],
    })
    expect(found.why).toMatch(/breaks something; a commit of it says feat; a commit of it says improve/)
    expect(found.remedies.join()).toMatch(/the label freeze-exception and the approval of somebody else/)
  })
})

test.each([
  [`refs/heads/gh-readonly-queue/main/pr-7-${'a'.repeat(40)}`, 7],
  [`refs/heads/gh-readonly-queue/release/1.4.0/pr-12-${'0'.repeat(40)}`, 12],
  [`refs/heads/pr-7-${'a'.repeat(40)}`, null],
  ['refs/heads/gh-readonly-queue/main/pr-7-x', null],
  ['refs/pull/7/merge', null],
  ['', null],
])('the merge queue at %s tests %s', (ref, number) => expect(queuedPull(ref)?.pull ?? null).toBe(number))

test('a branch of a queue is known, whatever it says of pull requests', () => {
  expect(isQueue('refs/heads/gh-readonly-queue/main/pr-7-x')).toBe(true)
  expect(isQueue('refs/heads/main')).toBe(false)
})

test('the group of a pull request begins after the commit that the queue names', () =>
  expect(queuedPull(`refs/heads/gh-readonly-queue/main/pr-7-${'ab'.repeat(20)}`)).toEqual({
    pull: 7,
    base: 'ab'.repeat(20),
  }))
