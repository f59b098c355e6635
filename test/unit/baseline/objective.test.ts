import { describe, expect, test } from '@jest/globals'
import type { MetricCriterion } from '@relman/core/verdict/criterion'
import { look, openJudge } from '@relman/core/verdict/judge'
import type { Observation } from '@relman/core/verdict/observation'
import { type Random, randomFrom } from '../../../scripts/bench-verdict-random.ts'
import { errors, looksAt, observed, samples } from '../verdict/looks.ts'

const objective: MetricCriterion = {
  ...errors,
  margins: [0.002],
  unit: 'share',
  baseline: 'objective',
  objective: 0.005,
}

/** Looks of 15 s of two canary instances and no stable arm at all. */
const lookOf = (at: number, rate: number, { poisson }: Random): Observation => {
  const one = () => [1500, Math.min(1500, poisson(1500 * rate))] as const
  return { ...observed(at, samples('canary', [one(), one()]), []), to: at + 15 }
}

/** The version before: ten instances alike, that teach how little instances differ. */
const history = (() => {
  const { poisson } = randomFrom(99)
  return Array.from({ length: 60 }, (_, i) => ({
    ...observed(
      15 * i - 900,
      [],
      samples(
        'stable',
        Array.from({ length: 10 }, () => [1500, poisson(3)] as const),
      ),
    ),
    to: 15 * i - 885,
  }))
})()

const run = (rate: number, seed: number, looks = 40) => {
  const random = randomFrom(seed)
  let state = openJudge({ criteria: [objective], history })
  for (let at = 0; at < looks; at++) {
    const where = { index: 0, last: true, elapsedSeconds: 15 * at, weight: 10 }
    const answer = look(state, [lookOf(15 * at, rate, random)], where)
    state = answer.state
    if (answer.verdict.verdict !== 'inconclusive') return answer.verdict
  }
  return null
}
const share = (rate: number, verdict: string, runs = 60) =>
  Array.from({ length: runs }, (_, seed) => run(rate, seed)).filter((one) => one?.verdict === verdict)
    .length / runs

describe('V3: a fixed objective is tested by the same e-process', () => {
  test('at the objective and half a margin above: returned in at most 1 of 100', () => {
    expect(share(0.005, 'unhealthy')).toBeLessThanOrEqual(0.02)
    expect(share(0.006, 'unhealthy')).toBeLessThanOrEqual(0.02)
  })
  test('worse than the objective by the margin: promoted in at most 1 of 20', () => {
    expect(share(0.007, 'healthy')).toBeLessThanOrEqual(0.05)
  })
  test('three margins above is returned, well below is proven, in ten minutes', () => {
    expect(share(0.011, 'unhealthy', 30)).toBeGreaterThan(0.95)
    expect(share(0.002, 'healthy', 30)).toBeGreaterThan(0.95)
  })
  test('no stable arm is needed, and what it does changes nothing but the noise', () => {
    const canary = samples('canary', [[1000, 30]])
    const [none, broken] = [[], samples('stable', [[1000, 900]])].map(
      (stable) => looksAt({ criteria: [objective] }, [[observed(0, canary, stable)]]).verdict,
    )
    expect(none?.metrics[0]).toMatchObject({ stable: { rate: 0.005 }, baseline: 'objective' })
    expect(none?.evidenceAgainst).toBe(broken?.evidenceAgainst)
    expect(none?.metrics[0]?.estimate).toBeCloseTo(0.025, 3)
  })
  test('the words name the objective and what the verdict is worth', () => {
    const looks = Array.from({ length: 4 }, (_, i) => [observed(10 * i, samples('canary', [[2000, 80]]), [])])
    const { verdict } = looksAt({ criteria: [objective], history }, looks)
    expect(verdict.verdict).toBe('unhealthy')
    expect(verdict.words).toContain('more errors per request than the objective')
    expect(verdict.words).toContain('an outage that both versions share returns it too')
    expect(verdict.metrics[0]?.guarantee).toContain('not for the release')
  })
})
