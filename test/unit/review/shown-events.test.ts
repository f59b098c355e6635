import { expect, test } from '@jest/globals'
import type { RecordEvent } from '@relman/core/record/event'
import { shownEvents } from '@relman/core/review/shown-events'

const event = (kind: string, data: object) => ({ kind, at: '2026-01-01T00:00:00Z', data }) as RecordEvent
const criterion = (id: string, state: string) => ({
  ...{ id, state, text: 'SECRET', remedy: 'SECRET', observed: 'SECRET', evidence: 'SECRET' },
})

test('N9: what was seen of an embargoed release is not told; what happened, and when, is', () => {
  const shown = shownEvents([
    event('gated', {
      ...{ stage: 'production', decision: 'go', reasonCode: 'criteria-met' },
      criteria: [criterion('SECRET-a', 'pass'), criterion('SECRET-b', 'excepted')],
    }),
    event('gated', { stage: 'production', decision: 'go', criteria: [criterion('SECRET-b', 'pass')] }),
    event('signed-off', { role: 'engineering', environment: 'prod', by: 'SECRET', comment: 'SECRET' }),
    event('deployed', { doubts: 'SECRET', metrics: [{ name: 'SECRET' }], anything: 'SECRET', tag: 'SECRET' }),
    event('deployment-failed', { reason: 'the SECRET overflow', error: 'SECRET', verdict: 'SECRET\n' }),
    event('rolled-back', { reason: 'manual', why: 'SECRET', seconds: 3 }),
  ])
  expect(JSON.stringify(shown)).not.toMatch(/SECRET/)
  expect(shown.map(({ data }) => data)).toMatchObject([
    {
      ...{ stage: 'production', decision: 'go', reasonCode: 'criteria-met' },
      criteria: [
        { id: 'criterion-1', state: 'pass' },
        { id: 'criterion-2', state: 'excepted' },
      ],
    },
    { criteria: [{ id: 'criterion-2', state: 'pass' }] },
    { role: 'engineering', environment: 'prod' },
    {},
    {},
    { reason: 'manual', seconds: 3 },
  ])
})
