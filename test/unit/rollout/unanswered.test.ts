import { expect, test } from '@jest/globals'
import {
  afterLook,
  stillUnanswered,
  type Unanswered,
  unansweredSince,
  unansweredWords,
} from '@relman/core/rollout/unanswered'

const looks = (...answers: [down: string | null, seen: number, at: number][]) =>
  answers.reduce<Unanswered[]>((all, [down, seen, at]) => afterLook(all, { down, seen, at }), [])

test('V5: who did not answer, since what was seen last, until it answered again', () => {
  const open = looks([null, 0, 10], ['a is down', 10, 20], ['b is down', 10, 30], ['a is down', 10, 40])
  expect(open).toEqual([{ what: ['a is down', 'b is down'], from: 10, to: null }])
  expect(stillUnanswered(open)).toBe('a is down; b is down; nothing is known of the time since 00:00:10 UTC')
  const over = afterLook(open, { down: null, seen: 10, at: 50 })
  expect(stillUnanswered(over)).toBeNull()
  expect(over.map(unansweredWords)).toEqual([
    'a is down; b is down; no answer from 00:00:10 UTC to 00:00:50 UTC, which was read afterwards',
  ])
  expect([unansweredSince(over, 49).length, unansweredSince(over, 50).length]).toEqual([1, 0])
})

test('V5: a provider that comes and goes all day, with another sentence each time, stays small', () => {
  const many = Array.from({ length: 2000 }, (_, at): [string | null, number, number] => [
    at % 4 === 3 ? null : `fault ${at}`,
    at,
    at + 1,
  ])
  const all = looks(...many)
  expect(all.length).toBeLessThanOrEqual(50)
  expect(Math.max(...all.map(({ what }) => what.length))).toBeLessThanOrEqual(3)
})
