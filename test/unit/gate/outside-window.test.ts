import { expect, test } from '@jest/globals'
import { outsideWindow } from '@relman/core/gate/outside-window'
import type { Plan } from '@relman/core/plan/plan'

const step = { weight: 10, min: 60, max: 1_800 }
const plan = (over: { window?: 'advise' | 'enforce'; type?: Plan['type']; unscheduled?: true }) =>
  ({
    version: '1.1.0',
    type: over.type ?? 'minor',
    schedule: over.unscheduled
      ? null
      : { window: { start: '2026-03-10T08:00:00Z', end: '2026-03-10T10:00:00Z' } },
    policy: { schedule: { window: over.window ?? 'enforce' }, rollout: { steps: [step, step], drain: 30 } },
  }) as unknown as Plan
const at = (time: string) => Date.parse(`2026-03-10T${time}Z`)
const code = (time: string, over: Parameters<typeof plan>[0] = {}) =>
  outsideWindow(plan(over), at(time))?.reasonCode ?? 'open'

test.each([
  ['07:59:59', {}, 'outside-window'],
  ['08:00:00', {}, 'open'],
  ['08:58:30', {}, 'open'],
  ['08:58:31', {}, 'outside-window'],
  ['11:00:00', {}, 'outside-window'],
  ['07:45:00', { type: 'hotfix' }, 'open'],
  ['07:44:59', { type: 'hotfix' }, 'outside-window'],
  ['11:00:00', { window: 'advise' }, 'open'],
  ['11:00:00', { unscheduled: true }, 'open'],
] as const)('G16: at %s with %j it is %s', (time, over, expected) => {
  expect(code(time, over)).toBe(expected)
})

test('G16: the refusal says when the window is, or how much of it is left', () => {
  expect(outsideWindow(plan({}), at('07:00:00'))?.message).toBe(
    'the window of 1.1.0 is 2026-03-10 08:00 to 2026-03-10 10:00 UTC: run this job again when it has begun',
  )
  expect(outsideWindow(plan({}), at('09:30:00'))?.message).toMatch(
    /has 30 min left, and the rollout takes up to 62 min: plan again/,
  )
})
