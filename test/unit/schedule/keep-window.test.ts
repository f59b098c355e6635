import { expect, test } from '@jest/globals'
import type { Busy } from '@relman/core/schedule/busy'
import { type Asked, noticeLeft, sooner, whyMove } from '@relman/core/schedule/keep-window'
import { scheduleRelease } from '@relman/core/schedule/schedule'
import { policy } from './ics.ts'

const rules = policy({})
const held = {
  window: { start: '2026-03-10T08:00:00Z', end: '2026-03-10T10:00:00Z' },
  notice: 3 * 86_400,
  revision: 2,
}
const none: Asked = { notBefore: '', preferred: [], by: '' }
const freeze: Busy = {
  kind: 'freeze',
  title: 'Audit',
  source: 'schedule.freezes',
  start: '2026-03-10T00:00:00Z',
  end: '2026-03-11T00:00:00Z',
  exempt: [],
}
const why = (more: {
  now?: string
  type?: 'patch' | 'major' | 'hotfix'
  notice?: number
  rollout?: number
  asked?: Partial<Asked>
  busy?: Busy[]
}) => {
  const { now = '2026-03-09T12:00:00Z', type = 'patch', notice = 3 * 86_400, rollout = 3_600 } = more
  return whyMove(held, { type, now, notice, rollout }, { ...none, ...more.asked }, rules, more.busy ?? [])
}

test.each([
  ['a day before it, though the notice would not be kept from today on', {}],
  ['while it is open and the rollout fits into the rest', { now: '2026-03-10T09:00:00Z' }],
  ['a date that it has', { asked: { preferred: ['2026-03-10'] } }],
  ['a date before which it ends', { asked: { by: '2026-03-10' } }],
  ['a moment that it begins after', { asked: { notBefore: '2026-03-10T08:00' } }],
])('P10: a window that people were told of stays: %s', (_, more) => {
  expect(why(more)).toBeNull()
})

test.each([
  ['window-passed', { now: '2026-03-10T09:00:01Z' }],
  ['window-passed', { now: '2026-03-12T09:00:00Z' }],
  ['conflict', { busy: [freeze] }],
  ['window-too-short', { rollout: 2 * 3_600 + 1 }],
  ['window-too-short', { rollout: 9 * 3_600 }],
  ['longer-notice', { notice: 28 * 86_400 }],
  ['requested', { asked: { preferred: ['2026-03-11'] } }],
  ['requested', { asked: { notBefore: '2026-03-10T09:00' } }],
  ['requested', { asked: { by: '2026-03-09' } }],
])('P10: it moves: %s', (code, more) => {
  expect(why(more)?.code).toBe(code)
})

test('P10: the reason names what stands against it', () => {
  expect(why({ busy: [freeze] })?.text).toBe('freeze "Audit" (schedule.freezes)')
})

const plan = (type: 'patch' | 'hotfix', keep: boolean) =>
  scheduleRelease({
    type,
    level: 'low',
    now: '2026-03-09T12:00:00Z',
    rollout: 3_600,
    policy: rules,
    busy: [],
    ...(keep ? { held } : {}),
  })

test('P10: a plan keeps the window with its score, and says that it does', () => {
  const { data, choice, timeline } = plan('patch', true)
  expect(data.window).toEqual(held.window)
  expect(data.why).toMatch(
    /^Tue 2026-03-10 08:00–10:00 \+00:00, score \d+(\.\d+)?: the window of revision 2, which still holds$/,
  )
  expect(data.notice).toBe(3 * 86_400)
  expect(choice.candidates[0]?.span).toEqual(held.window)
  expect(timeline?.milestones.length).toBeGreaterThan(0)
})

test('P10: an emergency does not wait for the window that it had', () => {
  const now = '2026-03-09T12:00:00Z'
  const wanted = { type: 'hotfix' as const, now, notice: 0, rollout: 3_600 }
  expect(sooner(plan('hotfix', false).choice, held, wanted)?.code).toBe('sooner')
  expect(sooner(plan('patch', false).choice, held, { ...wanted, type: 'patch' })).toBeNull()
})

test.each([
  ['nobody was told', null, null, '2026-03-09T08:00:00Z', 14 * 86_400],
  ['a day before the window that was told of', held, 'conflict', '2026-03-09T08:00:00Z', 86_400],
  ['long before it', held, 'requested', '2026-01-01T08:00:00Z', 14 * 86_400],
  ['a moment before it', held, 'conflict', '2026-03-10T07:59:58.500Z', 1],
  ['after it', held, 'window-passed', '2026-03-11T08:00:00Z', 0],
  ['what ships needs a longer notice', held, 'longer-notice', '2026-03-09T08:00:00Z', 14 * 86_400],
] as const)('P10: the notice that another window needs: %s', (_, told, code, now, seconds) => {
  expect(noticeLeft(told, code && { code, text: '' }, 14 * 86_400, now)).toBe(seconds)
})
