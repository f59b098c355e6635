import { expect, test } from '@jest/globals'
import { withEmbargoOf } from '@relman/core/embargo/embargo'
import { mayBeClosed } from '@relman/core/embargo/may-be-closed'
import type { RecordEvent } from '@relman/core/record/event'

const event = (kind: string, data: Record<string, unknown> = {}): RecordEvent =>
  ({
    ...{ schema: 1, service: 'shop', release: '1.0.1', seq: 1, at: '2026-01-01T00:00:00Z' },
    ...{ kind, key: kind, actor: 'ada', run: null, digest: 'd', token: null, prev: null, hash: '', data },
  }) as RecordEvent
const [planned, asked, plain] = [
  event('planned', { type: 'security' }),
  event('planned', { type: 'patch', embargo: true }),
  event('planned', { type: 'patch' }),
]
const done = ['approved', 'started', 'deployed', 'completed'].map((kind) => event(kind))

test.each([
  ['a security release that is planned', [planned], true],
  ['one that is live and not disclosed', [planned, ...done.slice(0, 3)], true],
  ['one that is completed', [planned, ...done], false],
  ['one that was asked for', [asked], true],
  ['any other', [plain], false],
  ['none', [], false],
] as const)('P3: %s may be closed: %#', (_, events, closed) => expect(mayBeClosed(events)).toBe(closed))

const [early, late] = ['2026-12-01T10:00:00Z', '2026-12-02T10:00:00Z']
test.each([
  [null, early, early],
  [early, late, late],
  [late, early, late],
  [early, null, null],
] as const)('the later end of both holds: %s, %s', (own, other, until) => {
  const mine = own === null ? null : { until: own, public: false }
  expect(withEmbargoOf(mine, { until: other, public: true })).toEqual({ until, public: true })
})
