import { expect, test } from '@jest/globals'
import { drawPlan } from '@relman/core/plan/draw-plan'
import { standingSection } from '@relman/core/ticket/standing-section'
import { facts } from '../plan/facts.ts'

const wayBack = (policy: Record<string, unknown>) => {
  const given = { plan: drawPlan(facts({}, policy)), digest: 'd'.repeat(64), events: [], runUrl: 'run' }
  const text = standingSection(given as unknown as Parameters<typeof standingSection>[0])
  return text.split('\n').find((line) => line.startsWith('- Way back'))
}

test('P19: no time is promised for a way back that nothing of relman takes', () => {
  expect(wayBack({})).toBe('- Way back: 1.2.3, by hand')
  expect(wayBack({ deploy: { command: ['./deploy'], timeout: '5m' } })).toBe(
    '- Way back: 1.2.3, at most 5 min',
  )
})
