import { expect, test } from '@jest/globals'
import { showShipBy, showWork } from '@relman/core/schedule/show-ship-by'
import { taskRules } from '@relman/core/schedule/task'

const shipBy = {
  deadline: '2026-12-10T00:00:00Z',
  parallel: [['scope'], ['regression', 'docs'], ['rollout']],
  cannotSkip: ['regression', 'rollout'],
  maySkip: [
    { id: 'docs', saves: 20 },
    { id: 'support', saves: 0 },
    { id: 'announcement', saves: 0 },
  ],
  reasons: ['the notice of 14 days ends Mon 2026-12-14'],
}

test('P11: the work is told by the names of the table, and no hours are promised that nothing saves', () =>
  expect(showWork(shipBy, taskRules.minor)).toBe(
    'Side by side: Test the release branch and Write documentation and upgrade guide. Not to be skipped: Test the release branch, Roll out in the window. May be skipped: Write documentation and upgrade guide (saves 20 h), Brief support, Draft the announcement (the release is no sooner without).',
  ))

test('P11: the date and what binds come first; what has no name keeps its id', () => {
  const text = showShipBy({ ...shipBy, parallel: [], maySkip: [], cannotSkip: ['own'] }, taskRules.minor)
  expect(text).toBe(
    'Asked for by 2026-12-10 00:00 UTC: the notice of 14 days ends Mon 2026-12-14. Not to be skipped: own.',
  )
})
