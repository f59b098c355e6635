import { expect, test } from '@jest/globals'
import { drawPlan } from '@relman/core/plan/draw-plan'
import { checkStatuses, type RawStatus } from '@relman/core/settlement/check-statuses'
import { facts } from '../plan/facts.ts'

const digest = 'abcdef12'.repeat(8)
const plan = (inconclusive: string) =>
  drawPlan(
    facts(
      {},
      {
        metrics: { checks: [{ kind: 'ratio', name: 'errors', total: 't', events: 'e' }] },
        rollout: { inconclusive, steps: [{ weight: 10, margin: '3 %', min: 10, max: 60 }] },
      },
    ),
  )

const bot = 'github-actions[bot]'
const lines = [
  '1 0 10 moved abcdef12 100',
  '2 0 10 confirmed abcdef12 101',
  '3 0 10 asked abcdef12 170',
  '4 0 10 inconclusive abcdef12 200 promoted-unproven',
  '5 1 100 moved abcdef12 201',
  '6 1 100 confirmed abcdef12 202',
  '7 1 100 done abcdef12 210',
]
/** The statuses of a walk, with `go on` by somebody after the first so many. */
const statuses = (after: number, by: string | null): RawStatus[] => {
  const all = lines.map((description) => ({ description, creator: bot }))
  const answer = by === null ? [] : [{ description: 'go on', creator: by }]
  return [...all.slice(0, after), ...answer, ...all.slice(after)].map((one, index) => ({
    id: index + 1,
    createdAt: '2026-01-01T00:00:00Z',
    ...one,
  }))
}
const unproven = 'status 5 begins step 1, though step 0 was not proven'

test.each<[string, RawStatus[], string[]]>([
  ['a person who was asked', statuses(3, 'ada'), []],
  ['nobody', statuses(3, null), [unproven]],
  ['the code that is being released', statuses(3, bot), [unproven]],
  ['a person, before people were asked', statuses(2, 'ada'), [unproven]],
  ['a person, after it went on', statuses(4, 'ada'), [unproven]],
])('C10: a step that went on unproven was let on by %s', (_, all, faults) => {
  expect(checkStatuses(all, plan('ask'), digest)).toEqual(faults)
})

test('C10: where the plan does not ask, nobody can let a step go on', () => {
  expect(checkStatuses(statuses(3, 'ada'), plan('return'), digest)).toEqual([unproven])
})
