import { describe, expect, test } from '@jest/globals'
import type { MetricCriterion } from '@relman/core/verdict/criterion'
import type { Observation } from '@relman/core/verdict/observation'
import { isOver } from '@relman/core/verdict/value-limit'
import { randomFrom } from '../../../scripts/bench-verdict-random.ts'
import { errors, looksAt, observed } from './looks.ts'

const limit: MetricCriterion = { ...errors, metric: 'memory', kind: 'value', margins: [], ceiling: 100 }
const of = (name: string, values: readonly number[]) =>
  values.map((value, at) => ({ instance: `${name}-${at}`, total: 0, value }))
const judged = (
  canary: (at: number) => readonly number[],
  stable: (at: number) => readonly number[] = () => Array(10).fill(50),
  criterion = limit,
) => {
  const looks = Array.from({ length: 30 }, (_, at): Observation[] => [
    observed(at * 10, of('c', canary(at)), of('s', stable(at)), { metric: 'memory', kind: 'value' }),
  ])
  const { verdicts, state } = looksAt({ criteria: [criterion] }, looks)
  const returned = verdicts.find(({ verdict }) => verdict === 'unhealthy')
  return { state, end: returned ?? verdicts.at(-1) }
}
const mixed = (over: number, all = 10) => [...Array(over).fill(1e6), ...Array(all - over).fill(20)]

describe('V4: a limit of a plain value is heard where some instances are over it', () => {
  test.each([2, 4, 5, 9])('%i of 10', (over) => {
    expect(judged(() => mixed(over)).end).toMatchObject({ verdict: 'unhealthy', reason: 'ceiling-exceeded' })
  })

  test('a floor as well', () => {
    const floor = { ...limit, direction: 'higher-is-better', ceiling: 30 } as const
    expect(
      judged(() => mixed(0, 10).map((value, at) => (at < 3 ? 5 : 3 * value)), undefined, floor).end,
    ).toMatchObject({
      reason: 'ceiling-exceeded',
    })
  })

  test('one of three or more is not the release, though nothing is proven with the mean over it; the only one is', () => {
    expect(judged(() => mixed(1)).end?.verdict).toBe('inconclusive')
    expect(judged(() => [120, ...Array(9).fill(20)]).end?.verdict).toBe('healthy')
    expect(judged(() => mixed(1, 1)).end?.verdict).toBe('unhealthy')
  })

  test('what the stable version does as well is not blamed on the release, nor proven; nor once it is gone', () => {
    expect(
      judged(
        () => mixed(4),
        () => mixed(4),
      ).end?.verdict,
    ).toBe('inconclusive')
    const gone = judged(
      () => mixed(4),
      (at) => (at < 15 ? mixed(4) : []),
    )
    expect(gone.end?.verdict).toBe('inconclusive')
  })

  test('the page shows the mean, which is what values are compared by', () => {
    expect(
      judged(
        () => [10, 10, 40],
        () => [50, 50, 80],
      ).end?.metrics[0],
    ).toMatchObject({
      canary: { rate: 20 },
      stable: { rate: 60 },
    })
  })
})

test('V4: instances that are over by chance, in both versions alike, return no release', () => {
  let returned = 0
  for (const [canaries, stables, chance] of [
    [1, 10, 0.1],
    [2, 18, 0.15],
    [5, 15, 0.15],
    [5, 15, 0.3],
    [10, 10, 0.2],
    [10, 100, 0.15],
  ] as const)
    for (let seed = 0; seed < 25; seed++) {
      const random = randomFrom(seed)
      const some = (count: number) => () =>
        Array.from({ length: count }, () => (random.uniform() < chance ? 150 : 50))
      if (judged(some(canaries), some(stables)).end?.verdict === 'unhealthy') returned++
    }
  expect(returned).toBeLessThanOrEqual(2)
})

test.each([
  [[], false],
  [[99, 100], false],
  [[90, 120], true],
  [[20, 20, 150], false],
  [[20, 150, 150], true],
  [[150, ...Array(9).fill(20), 150], false],
  [[150, 150, ...Array(8).fill(20)], true],
] as const)('over 100: %j is %s', (values, over) => {
  expect(isOver(values, 100, 1)).toBe(over)
  expect(
    isOver(
      values.map((value) => -value),
      -100,
      -1,
    ),
  ).toBe(over)
})
