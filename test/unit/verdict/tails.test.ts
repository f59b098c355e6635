import { expect, test } from '@jest/globals'
import { tailFreedom } from '@relman/core/verdict/instance-counts'
import { openJudge } from '@relman/core/verdict/judge'
import { instanceEffect } from '@relman/core/verdict/stream-evidence'
import { randomFrom } from '../../../scripts/bench-verdict-random.ts'
import { looksAt } from './looks.ts'
import { errorsWithin, historyOf, service } from './world.ts'

const world = { family: 'uneven instances', rps: 4000, base: 0.005, stables: 40, weight: 20 } as const
const effectWith = (canaries: number) => {
  const next = service({ ...world, canaries }, randomFrom(3))
  const history = historyOf(next, 60)
  const settings = { criteria: [errorsWithin(0.001)], history }
  const known = openJudge(settings).metrics[0]?.streams[0]?.stream.dispersion.freedom ?? 0
  const { state } = looksAt(settings, [[next(0, true)]])
  const stream = state.metrics[0]?.streams[0]?.stream
  return { known, effect: stream ? instanceEffect(stream, 0) : null }
}

test('V4: however well the spread of instances is known, the tails of one instance are taken as heavy', () => {
  const one = effectWith(1)
  const five = effectWith(5)
  expect(one.known).toBeGreaterThan(20)
  expect(one.effect?.freedom).toBe(6)
  expect(five.effect?.freedom).toBeGreaterThan(10)
  expect(five.effect?.freedom).toBeLessThanOrEqual(14)
  expect(five.effect?.scale).toBeLessThan(one.effect?.scale ?? 0)
})

test.each([1, 2, 5, 20])(
  'the mean of %i effects has the kurtosis that independence gives it',
  (instances) => {
    const kurtosis = (freedom: number) => 6 / (freedom - 4)
    expect(kurtosis(tailFreedom(instances))).toBeCloseTo(kurtosis(tailFreedom(1)) / instances, 12)
  },
)
