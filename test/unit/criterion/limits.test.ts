import { expect, test } from '@jest/globals'
import { metricsPolicy } from '@relman/core/config/metrics-policy'
import { rolloutPolicy } from '@relman/core/config/rollout-policy'
import { criteriaOf } from '@relman/core/rollout/criteria'
import { ladder } from '@relman/core/rollout/ladder'
import { look, openJudge } from '@relman/core/verdict/judge'
import type { Observation } from '@relman/core/verdict/observation'

const policy = metricsPolicy.parse({
  criteria: ['saturation < 80 %', 'http-5xx < 1 %'],
  checks: [
    { kind: 'value', name: 'saturation', value: 's' },
    { kind: 'ratio', name: 'http-5xx', total: 'a', events: 'b' },
  ],
})

/** Forty looks at constant figures; the verdict of the last one, or of the first that is unhealthy. */
const end = (saturation: { canary: number; stable: number }, share: { canary: number; stable: number }) => {
  const criteria = criteriaOf(policy, ladder(rolloutPolicy.parse({})))
  let state = openJudge({ criteria })
  const arm = (name: 'canary' | 'stable', total: number, index: number) => ({
    values: [0, 1, 2].map((place) => ({
      instance: `${name}${place}`,
      total: 0,
      value: saturation[name] + 0.01 * (((index + place) % 3) - 1),
    })),
    counts: [{ instance: name, total, events: Math.round(total * share[name]) }],
  })
  for (let index = 0; ; index++) {
    const base = { schema: 1 as const, from: 15 * index, to: 15 * index + 15, weight: 50 }
    const [one, other] = [arm('canary', 1000, index), arm('stable', 1000, index)]
    const observations: Observation[] = [
      { ...base, metric: 'saturation', kind: 'value', canary: one.values, stable: other.values },
      { ...base, metric: 'http-5xx', kind: 'ratio', canary: one.counts, stable: other.counts },
    ]
    const step = { index: 4, last: true, elapsedSeconds: 15 * index, weight: 50 }
    const answer = look(state, observations, step)
    state = answer.state
    if (answer.verdict.verdict === 'unhealthy' || index === 40) return answer.verdict
  }
}

test('V2, V5: values and shares below their limits are proven to be, without any comparison', () => {
  const verdict = end({ canary: 0.7, stable: 0.5 }, { canary: 0.004, stable: 0.001 })
  expect([verdict.verdict, verdict.reason]).toEqual(['healthy', 'proven'])
  expect(verdict.metrics.map(({ criterion, ceiling }) => [criterion, ceiling])).toEqual([
    ['saturation < 80 %', 0.8],
    ['http-5xx < 1 %', 0.01],
  ])
})

test.each([
  ['saturation', { canary: 0.9, stable: 0.5 }, { canary: 0.004, stable: 0.001 }],
  ['http-5xx', { canary: 0.7, stable: 0.5 }, { canary: 0.03, stable: 0.001 }],
] as const)('V2, V5: %s beyond its limit is unhealthy', (metric, saturation, share) => {
  expect(end(saturation, share)).toMatchObject({ verdict: 'unhealthy', reason: 'ceiling-exceeded', metric })
})

test('V5: what both versions exceed is not proven, and not blamed on the release', () => {
  const verdict = end({ canary: 0.9, stable: 0.9 }, { canary: 0.004, stable: 0.004 })
  expect(verdict.verdict).toBe('inconclusive')
})
