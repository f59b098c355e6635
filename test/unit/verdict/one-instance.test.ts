import { expect, test } from '@jest/globals'
import type { Observation, Sample } from '@relman/core/verdict/observation'
import { arm, errors, looksAt, observed } from './looks.ts'

const stable = (at: number) => arm('s', 10, 300, 0.002, at)
const history = Array.from({ length: 60 }, (_, at) => observed(at * 10 - 600, [], stable(at), { weight: 0 }))
/** The first look that returns, or the reasons of all. */
const judged = (canary: (at: number) => Sample[]) => {
  const looks = Array.from({ length: 12 }, (_, at): Observation[] => [
    observed(at * 10, canary(at), stable(at), { weight: 50 }),
  ])
  const { verdicts } = looksAt({ criteria: [errors], history }, looks)
  return new Set(verdicts.map(({ verdict, reason }) => (verdict === 'unhealthy' ? verdict : reason)))
}

test('V4: one bad instance of three that serve alike is named, and the release is not blamed', () => {
  const reasons = judged((at) => [...arm('good', 2, 1000, 0.002, at), ...arm('bad', 1, 1000, 0.1, at)])
  expect(reasons).toContain('one-instance')
  expect(reasons).not.toContain('unhealthy')
})

test('V4: idle instances do not make the one that serves a single bad one: the release returns', () => {
  for (const [idle, requests] of [
    [2, 1],
    [5, 1],
    [9, 3],
  ] as const) {
    const reasons = judged((at) => [...arm('busy', 1, 3000, 0.06, at), ...arm('idle', idle, requests, 0, at)])
    expect(reasons).toContain('unhealthy')
    expect(reasons).not.toContain('one-instance')
  }
})

test('V4: the instance that takes most of the traffic is named only where the others served enough to show harm', () => {
  const beside = (busy: number, others: number, harm: number) =>
    judged((at) => [...arm('busy', 1, busy, harm, at), ...arm('others', 8, others, 0.002, at)])
  expect(beside(1500, 125, 0.1)).toContain('one-instance')
  expect(beside(1500, 125, 0.1)).not.toContain('unhealthy')
})

test('V4: nor do names that are gone: an instance that comes back under another name is one', () => {
  const reasons = judged((at) => arm(`turn-${at}`, 1, 3000, 0.06, at))
  expect(reasons).toContain('unhealthy')
  expect(reasons).not.toContain('one-instance')
})
