import { expect, test } from '@jest/globals'
import { lostReason, type RunStatus } from '@relman/core/rollback/lost-run'

const lease = {
  token: 4,
  release: '1.2.0',
  digest: 'abc',
  run: { id: 7, attempt: 2, workflow: 'release', job: 'lock' },
  takenAt: '2026-01-01T00:00:00Z',
  expiresAt: '2026-01-01T06:00:00Z',
  deployment: 9,
}

test.each<[string, RunStatus, string, string | null]>([
  ['lives', { attempt: 2, status: 'in_progress' }, '2026-01-01T01:00:00Z', null],
  ['waits', { attempt: 2, status: 'waiting' }, '2026-01-01T01:00:00Z', null],
  ['is over', { attempt: 2, status: 'completed' }, '2026-01-01T01:00:00Z', 'run-over'],
  ['was started again', { attempt: 3, status: 'in_progress' }, '2026-01-01T01:00:00Z', 'run-over'],
  ['is unknown', null, '2026-01-01T01:00:00Z', 'run-gone'],
  ['outlived its lease', { attempt: 2, status: 'in_progress' }, '2026-01-01T06:00:00Z', 'lease-expired'],
])('C4, 49: a run that %s', (_, run, now, expected) => {
  expect(lostReason(lease, run, Date.parse(now))).toBe(expected)
})
