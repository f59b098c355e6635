import { describe, expect, test } from '@jest/globals'
import { type AnsweredStatus, readAnswer } from '@relman/core/rollout/answer'

const digest = 'sha256:abcdef0123456789'
const status = (id: number, description: string, creator = 'github-actions[bot]'): AnsweredStatus => ({
  id,
  description,
  createdAt: '2026-01-01T00:00:00Z',
  creator,
})
const asked = [status(1, '1 0 10 moved abcdef01 100'), status(3, '3 0 10 asked abcdef01 400')]

describe('C10: only what a person writes after the question is an answer', () => {
  test.each<[string, AnsweredStatus[], number, object]>([
    ['nothing', asked, 0, { is: 'none' }],
    ['a person', [...asked, status(4, ' Go on ', 'ada')], 0, { is: 'go-on', by: 'ada' }],
    ['a job', [...asked, status(4, 'go on')], 0, { is: 'none' }],
    ['an app', [...asked, status(4, 'go on', 'helper[bot]')], 0, { is: 'none' }],
    ['nobody known', [...asked, status(4, 'go on', '')], 0, { is: 'none' }],
    ['before the question', [...asked, status(2, 'go on', 'ada')], 0, { is: 'none' }],
    ['about an earlier step', [...asked, status(4, 'go on', 'ada')], 1, { is: 'none' }],
    ['something else', [...asked, status(4, 'go on, but later', 'ada')], 0, { is: 'none' }],
    [
      'a job on a personal token, to its own question',
      [status(3, '3 0 10 asked abcdef01 400', 'ada'), status(4, 'go on', 'ada')],
      0,
      { is: 'none' },
    ],
    [
      'somebody else, to a job on a personal token',
      [status(3, '3 0 10 asked abcdef01 400', 'ada'), status(4, 'go on', 'bob')],
      0,
      { is: 'go-on', by: 'bob' },
    ],
    [
      'the question of another plan',
      [status(3, '3 0 10 asked 99999999 400'), status(4, 'go on', 'ada')],
      0,
      { is: 'none' },
    ],
    [
      'the way back wins',
      [...asked, status(4, 'go on', 'ada'), status(5, '4 0 10 returning abcdef01 500')],
      0,
      { is: 'returned' },
    ],
  ])('%s', (_, statuses, step, expected) => {
    expect(readAnswer(statuses, digest, step)).toEqual(expected)
    expect(readAnswer([...statuses].reverse(), digest, step)).toEqual(expected)
  })
})
