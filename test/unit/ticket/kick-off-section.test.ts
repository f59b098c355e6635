import { expect, test } from '@jest/globals'
import { drawPlan } from '@relman/core/plan/draw-plan'
import type { RecordEvent } from '@relman/core/record/event'
import { kickOffSection } from '@relman/core/ticket/kick-off-section'
import { facts } from '../plan/facts.ts'

const plan = drawPlan(facts({}, { communication: { stakeholders: [{ who: '@acme/web', channel: 'x' }] } }))
const digest = 'd'.repeat(64)
const event = (kind: string, data = {}, about = digest) => ({ kind, digest: about, data }) as RecordEvent
const show = (...events: RecordEvent[]) => kickOffSection({ plan, digest, events } as never)
const url = 'https://github.test/o/r/issues/1#issuecomment-2'

test('L4: the ticket says that the plan is approved, and that the comment has the rest', () => {
  expect(show(event('gated'))).toBe('')
  expect(show(event('approved', {}, 'e'))).toBe('')
  const first = show(event('approved'))
  expect(first).toMatch(
    /is approved: revision 1.*\n\nWho hears what, now and later: the comment \*Kick-off\* of this ticket\.$/,
  )
  expect(first).not.toMatch(/acme|\|/)
  expect(show(event('approved'), event('notified', { url }))).toMatch(`[the comment *Kick-off*](${url}).`)
  expect(show(event('approved'), event('notified', { url: 'https://x) <img>' }))).not.toMatch(/img/)
  expect(show(event('approved'), event('notified', { url: 'javascript:1' }))).not.toMatch(/javascript/)
})
