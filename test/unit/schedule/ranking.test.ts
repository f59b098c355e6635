import { expect, test } from '@jest/globals'
import { drawPlan } from '@relman/core/plan/draw-plan'
import { shownPlan } from '@relman/core/plan/withhold'
import { releaseSchedule } from '@relman/core/schedule/release-schedule'
import { scheduleRelease } from '@relman/core/schedule/schedule'
import { facts } from '../plan/facts.ts'
import { policy } from './ics.ts'

const now = '2026-11-30T00:00:00Z'
const { data, choice } = scheduleRelease({
  ...{ type: 'minor', level: 'low', now, rollout: 3600, busy: [] },
  policy: policy({ avoid: ['friday', 'weekend'] }),
})
const ranking = data.ranking ?? []

test('P10: a plan holds the windows that were looked at, the best first, with the points of each term', () => {
  expect(choice.candidates.length).toBeGreaterThan(100)
  expect(ranking).toHaveLength(100)
  expect(ranking.map(({ start }) => start)).toEqual(
    choice.candidates.slice(0, 100).map(({ span }) => span?.start),
  )
  for (const { score, points } of ranking) {
    expect(points).toHaveLength(data.score?.terms.length ?? 0)
    expect(
      Math.max(
        0,
        points.reduce((sum, each) => sum + each, 100),
      ),
    ).toBeCloseTo(score, 6)
  }
  const free = ranking.find(({ conflicts }) => conflicts.length === 0)
  expect([free?.start, free?.score]).toEqual([data.window?.start, data.score?.total])
  expect(ranking.some(({ conflicts }) => conflicts.length > 0)).toBe(true)
  expect(JSON.stringify(ranking).length).toBeLessThan(20_000)
})

test('P10: a plan from before it had them stays readable', () => {
  const { ranking: _, ...older } = data
  expect(releaseSchedule.parse(older).ranking).toBeUndefined()
})

test('P10: nobody reads from them what is under embargo', () => {
  const plan = drawPlan({
    ...facts({ plannedAt: now, schedule: data, embargo: { until: null, public: true } }),
    state: 'frozen',
  })
  expect(plan.schedule?.ranking).toHaveLength(100)
  const shown = shownPlan(plan)
  expect(shown).not.toBe(plan)
  expect(shown.schedule?.ranking).toBeUndefined()
})
