import { expect, test } from '@jest/globals'
import { communicationPlan } from '@relman/core/communication/communication-plan'
import { drawPlan } from '@relman/core/plan/draw-plan'
import { branchOf, showBranch } from '@relman/core/plan/show-branch'
import { scheduleRelease } from '@relman/core/schedule/schedule'
import { policy } from '../schedule/ics.ts'
import { facts } from './facts.ts'

const now = '2026-11-30T00:00:00Z'
const schedule = scheduleRelease({
  ...{ type: 'minor', level: 'low', now, rollout: 3600, policy: policy(), busy: [] },
}).data
const freeze = { feature: '2026-12-03T00:00:00Z', code: '2026-12-04T00:00:00Z', source: 'x', base: null }
const plan = (state: 'provisional' | 'frozen', feature = freeze.feature) =>
  drawPlan({
    ...facts({ plannedAt: now, schedule }, { branches: { release: 'release/{version}' } }),
    ...{ state, freeze: { ...freeze, feature, late: [], held: 0 } },
  })

test('P4: the branch is due at the freeze that holds the plan, not at that of its timeline', () => {
  expect(branchOf(plan('provisional'))).toEqual({ name: 'release/1.3.0', due: freeze.feature })
  expect(showBranch(plan('provisional'))).toMatch(/will be cut at its freeze, 2026-12-03 00:00 UTC/)
  const { freeze: _, ...free } = plan('frozen')
  const own = schedule.milestones.find(({ id }) => id === 'feature-freeze')?.at
  expect(branchOf(free)?.due).toBe(own)
})

test('P4: what the policy of today states moves it, but for a plan that is frozen already', () => {
  const stated = '2026-12-10T00:00:00Z'
  expect(branchOf(plan('provisional'), stated)?.due).toBe(stated)
  expect(branchOf(plan('frozen'), stated)?.due).toBe(freeze.feature)
})

test('P4: a freeze that is over is not told as one to come', () =>
  expect(showBranch(plan('frozen', '2026-11-24T00:00:00Z'))).toBe(
    '`release/1.3.0` is due since its freeze, 2026-11-24 00:00 UTC: the next run of `operation: cut` cuts it; it takes only fixes from then on',
  ))

test('P18: both freezes are told at the dates that hold the plan', () => {
  const { messages } = communicationPlan(plan('provisional'))
  const at = (wanted: string) => messages.find(({ moment }) => moment === wanted)?.at
  expect([at('feature-freeze'), at('code-freeze')]).toEqual([freeze.feature, freeze.code])
})
