import { expect, test } from '@jest/globals'
import { changeRequest } from '@relman/core/change-request/change-request'
import { closeRequest } from '@relman/core/change-request/close-request'
import { drawPlan } from '@relman/core/plan/draw-plan'
import type { EventKind, RecordEvent } from '@relman/core/record/event'
import { facts } from '../plan/facts.ts'

const digest = 'd'
const window = { start: '2026-03-10T10:00:00Z', end: '2026-03-10T12:00:00Z' }
const plan = { ...drawPlan(facts()), schedule: { window, milestones: [] } } as never as Parameters<
  typeof closeRequest
>[0]
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

test('P19: without a review on the timeline completion closes the change request with actual times, approvals and the hash of the record', () => {
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
    review: null,
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

const timed = {
  ...plan,
  schedule: { window, milestones: [{ id: 'review', at: '2026-03-17T10:00:00Z' }] },
} as never as typeof plan
const live: [EventKind, string, RecordEvent['data']?][] = [
  ...begun,
  ['deployed', '11:00'],
  ['completed', '12:30'],
]
const reviewed = (state: string, data: RecordEvent['data'] = {}): RecordEvent['data'] => ({
  schema: 1,
  ...{ state, due: '2026-03-17T10:00:00Z', span: null, objectives: [], criteria: [] },
  ...{ proposed: [], improvements: [], lacks: [] },
  ...data,
})
const closeTimed = (all: RecordEvent[]) =>
  closeRequest(timed, digest, all, { by: 'ci', at: '2026-03-20T00:00:00Z' })
const keyed = (all: RecordEvent[], state: string): RecordEvent[] =>
  all.map((event) => (event.kind === 'reviewed' ? { ...event, key: `reviewed:${state}:${digest}` } : event))

test('P19: with a review on the timeline completion notes the outcome, and the review closes the change request', () => {
  const open = closeTimed(events(live))
  expect(open?.closure).toBeNull()
  expect(open?.outcome).toMatchObject({ result: 'successful', reviewDue: '2026-03-17T10:00:00Z' })
  const held = {
    metric: 'errors',
    written: 'w',
    release: null,
    before: null,
    now: '0.1 %',
    outcome: 'held',
    why: '',
  }
  const data = reviewed('completed', { criteria: [held, { ...held, outcome: 'broken' }] })
  const all = keyed(events([...live, ['reviewed', '12:40', data]]), 'completed')
  const closed = closeTimed(all)
  expect(closed?.outcome).toBeNull()
  expect(closed?.closure).toMatchObject({
    result: 'successful',
    record: { events: 7, hash: 'h7' },
    review: { outcome: 'with-findings', measured: { kept: 1, not: 1, unknown: 0 }, by: 'ada' },
    closedBy: 'ada',
    closedAt: '2026-03-10T12:40:00Z',
  })
  // What comes after it changes nothing, and another run closes it to the letter as the first did.
  const later = [...all, ...events([['published', '12:50']]).map((one) => ({ ...one, seq: 8, key: 'x' }))]
  expect(closeTimed(later)).toEqual(closed)
})

test('P19: what is taken back after its review is open again until its own', () => {
  const kinds: typeof live = [...live, ['reviewed', '12:40', reviewed('completed')], ['rolled-back', '12:50']]
  const back = keyed(events(kinds), 'completed')
  expect(closeTimed(back)).toMatchObject({ closure: null, outcome: { result: 'backed-out' } })
})
