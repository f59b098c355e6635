import { expect, test } from '@jest/globals'
import { metricsPolicy } from '@relman/core/config/metrics-policy'
import { rolloutPolicy } from '@relman/core/config/rollout-policy'
import { criteriaOf } from '@relman/core/rollout/criteria'
import { ladder } from '@relman/core/rollout/ladder'
import type { MetricCriterion } from '@relman/core/verdict/criterion'
import { look, openJudge } from '@relman/core/verdict/judge'
import type { Observation, Sample } from '@relman/core/verdict/observation'

const criteriaFor = (check: Record<string, unknown> = {}, criteria: string[] = []) =>
  criteriaOf(
    metricsPolicy.parse({
      criteria,
      checks: [{ kind: 'ratio', name: 'errors', total: 'a', events: 'b', ...check }],
    }),
    ladder(rolloutPolicy.parse({})),
  )

/** Requests of one instance whose errors come evenly: the n-th look has what has accrued since the one before. */
const even = (instance: string, total: number, rate: number, index: number): Sample => {
  const until = (looks: number) => Math.floor(looks * total * rate)
  return { instance, total, events: until(index + 1) - until(index) }
}

/** Ends at the first unhealthy look of 40; rates of the stable instances, and of the only canary one. */
const judge = (criteria: MetricCriterion[], stable: number[], canary: number) => {
  const at = (index: number, exposed: boolean): Observation => ({
    schema: 1,
    metric: 'errors',
    kind: 'ratio',
    from: 15 * index,
    to: 15 * index + 15,
    weight: exposed ? 10 : 0,
    canary: exposed ? [even('c', 300, canary, index)] : [],
    stable: stable.map((rate, place) => even(`s${place}`, 300, rate, index)),
  })
  const history = Array.from({ length: 120 }, (_, index) => at(index, false))
  let state = openJudge({ criteria, history })
  for (let index = 120; index < 160; index++) {
    const step = { index: 1, last: false, elapsedSeconds: 15 * (index - 119), weight: 10 }
    const answer = look(state, [at(index, true)], step)
    state = answer.state
    if (answer.verdict.verdict === 'unhealthy')
      return { looks: index - 119, reason: answer.verdict.reason, metric: answer.verdict.metric }
  }
  return null
}

/** Instances that differ six times from each other, as a service of many tenants has them. */
const unlike = [0.002, 0.012, 0.003, 0.002, 0.01, 0.0025, 0.011, 0.002]
const alike = Array.from({ length: 9 }, () => 0.001)

test('V2: 1 % of failed requests is the ceiling, also where instances differ so much that no comparison tells', () => {
  const both = criteriaFor()
  expect(both.map(({ metric }) => metric)).toEqual(['errors', 'errors limit'])
  expect(judge(both.slice(0, 1), unlike, 0.06)).toBeNull()
  expect(judge(both, unlike, 0.06)).toMatchObject({ reason: 'ceiling-exceeded', metric: 'errors limit' })
})

test('V2: the ceiling costs the comparison no look, and errors stay the reason', () => {
  const [compared] = criteriaFor()
  const alone = judge([compared as MetricCriterion], alike, 0.02)
  expect(alone).toMatchObject({ reason: 'error-rate-above-margin' })
  expect(judge(criteriaFor(), alike, 0.02)).toEqual(alone)
  // Where everything fails the limit has by far the more evidence, and the comparison is enough.
  expect(judge(criteriaFor(), alike, 0.9)).toMatchObject({
    reason: 'error-rate-above-margin',
    metric: 'errors',
  })
})

test('V2: a service that lives above 1 % is not returned for it', () => {
  expect(
    judge(
      criteriaFor(),
      unlike.map((rate) => 4 * rate),
      0.03,
    ),
  ).toBeNull()
})

test('V2: a ceiling of one’s own, a limit that is written or a margin beyond 1 % stand in its place', () => {
  const names = (criteria: MetricCriterion[]) => criteria.map(({ metric, ceiling }) => [metric, ceiling])
  expect(names(criteriaFor({ ceiling: '2 %' }))).toEqual([['errors', 0.02]])
  expect(names(criteriaFor({}, ['errors < 3 %']))).toEqual([['errors', 0.03]])
  expect(names(criteriaFor({}, ['errors < baseline + 2 %']))).toEqual([['errors', undefined]])
  expect(names(criteriaFor({ about: 'dependency' }))).toEqual([['errors', undefined]])
})
