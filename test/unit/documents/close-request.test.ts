import { expect, test } from '@jest/globals'
import { changeRequest } from '@relman/core/change-request/change-request'
import { closeRequest } from '@relman/core/change-request/close-request'
import { drawPlan } from '@relman/core/plan/draw-plan'
import type { EventKind, RecordEvent } from '@relman/core/record/event'
import { facts } from '../plan/facts.ts'

const digest = 'd'
const window = { start: '2026-03-10T10:00:00Z', end: '2026-03-10T12:00:00Z' }
const plan = { ...drawPlan(facts()), schedule: { window } } as never as Parameters<typeof closeRequest>[0]
const events = (kinds: [EventKind, string, RecordEvent['data']?][]): RecordEvent[] =>
  kinds.map(([kind, time, data = {}], index) => ({
    ...{ schema: 1 as const, service: 'shop', release: '1.2.0', seq: index + 1, prev: null },
    ...{ kind, key: `${kind}${index}`, actor: 'ada', run: null, digest, token: null, data },
    at: `2026-03-10T${time}:00Z`,
    hash: `h${index + 1}`,
  }))
const close = (...kinds: [EventKind, string, RecordEvent['data']?][]) =>
  closeRequest(plan, digest, events(kinds), { by: 'ada', at: '2026-03-10T13:00:00Z' })
const begun: [EventKind, string, RecordEvent['data']?][] = [
  ['planned', '09:00'],
  ['signed-off', '09:30', { role: 'engineering', by: 'grace' }],
  ['approved', '09:40'],
  ['started', '10:05'],
]

test('P19: completion closes the change request with actual times, approvals and the hash of the record', () => {
  const closed = close(...begun, ['deployed', '11:00'], ['completed', '12:30'])
  expect(closed?.closure).toEqual({
    state: 'closed',
    result: 'successful',
    release: 'completed',
    start: '2026-03-10T10:05:00Z',
    end: '2026-03-10T11:00:00Z',
    inWindow: true,
    reason: null,
    approvals: [{ role: 'engineering', by: 'grace', at: '2026-03-10T09:30:00Z' }],
    rollback: null,
    record: { events: 6, hash: 'h6' },
    closedBy: 'ada',
    closedAt: '2026-03-10T13:00:00Z',
  })
  expect(changeRequest.parse(JSON.parse(JSON.stringify(closed)))).toEqual(closed)
})

test('P19: what was taken back is backed out, with why and whether it recovered', () => {
  const closed = close(
    ...begun,
    ['deployment-failed', '11:50', { reason: 'error-rate' }],
    ['rolled-back', '12:10', { seconds: 20 }],
  )
  expect(closed?.closure).toMatchObject({
    result: 'backed-out',
    end: '2026-03-10T12:10:00Z',
    inWindow: false,
    rollback: { recovered: true, seconds: 20 },
  })
})

test.each<[string, [EventKind, string][], string | null]>([
  ['planned', [['planned', '09:00']], null],
  ['under way', begun as [EventKind, string][], null],
  ['live and not completed', [...(begun as [EventKind, string][]), ['deployed', '11:00']], null],
  [
    'rejected',
    [
      ['planned', '09:00'],
      ['rejected', '09:10'],
    ],
    'not-implemented',
  ],
  ['never exposed', [...(begun as [EventKind, string][]), ['execution-failed', '11:00']], 'not-implemented'],
])('P19: a release that is %s', (_, kinds, result) => {
  expect(close(...kinds)?.closure?.result ?? null).toBe(result)
})

test('P19: another revision than the one that was rolled out is not closed by it', () => {
  const all = events([...begun, ['deployed', '11:00'], ['completed', '12:30']])
  expect(closeRequest(plan, 'other', all, { by: 'ada', at: 'x' })).toBeNull()
})
