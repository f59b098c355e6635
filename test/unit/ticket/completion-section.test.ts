import { expect, test } from '@jest/globals'
import { drawPlan } from '@relman/core/plan/draw-plan'
import { writeTicket } from '@relman/core/ticket/ticket'
import { facts } from '../plan/facts.ts'

const task = (id: string, more: Record<string, unknown> = {}) => ({
  ...{ id, name: id, owner: 'grace', due: '2026-01-02T00:00:00Z', late: false, optional: false },
  ...more,
})
const drawn = drawPlan(facts())
const plan = {
  ...drawn,
  schedule: {
    ...drawn.schedule,
    tasks: [task('upgrade-guide'), task('support-briefing'), task('draft', { optional: true })],
  },
}
const given = { plan, digest: 'd'.repeat(64), events: [], runUrl: 'run' } as unknown as Parameters<
  typeof writeTicket
>[1]
const tick = (body: string, id: string): string => body.replace(`- [ ] \`${id}\``, `- [x] \`${id}\``)
const undone = (body: string | null) =>
  writeTicket(body, given, 'completion')
    .split('\n')
    .find((line) => line.startsWith('- **Preparation'))

test('P18: a completed ticket names the preparation that nobody ticked, but not what may be left out', () => {
  const body = writeTicket(null, given, 'plan')
  expect(undone(body)).toBe(
    '- **Preparation not ticked at completion**: `upgrade-guide` (grace), `support-briefing` (grace)',
  )
  const half = tick(body, 'upgrade-guide')
  expect(undone(half)).toBe('- **Preparation not ticked at completion**: `support-briefing` (grace)')
  expect(undone(tick(half, 'support-briefing'))).toBeUndefined()
})

test('P18: a ticket whose list was deleted is not said to have open tasks', () => {
  expect(undone(null)).toBeUndefined()
})

test('N4: no time is promised for a way back that nothing of relman takes', () => {
  expect(writeTicket(null, given, 'completion')).toMatch(/back to 1\.2\.3 by hand\n/)
})
