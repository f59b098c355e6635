import { expect, test } from '@jest/globals'
import { metricsPolicy } from '@relman/core/config/metrics-policy'
import { rolloutPolicy } from '@relman/core/config/rollout-policy'
import { judgeSettings } from '@relman/core/rollout/criteria'
import { ladder } from '@relman/core/rollout/ladder'
import { prospectWords, stepProspects, trafficOf } from '@relman/core/rollout/step-prospect'
import { look, openJudge } from '@relman/core/verdict/judge'
import type { Observation, Sample } from '@relman/core/verdict/observation'

const metrics = metricsPolicy.parse({
  criteria: ['errors < baseline + 0.1 %', 'orders > 0.95 × baseline'],
  checks: [
    { kind: 'ratio', name: 'errors', total: 'a', events: 'b' },
    { kind: 'rate', name: 'orders', total: 'a', events: 'o' },
    { kind: 'value', name: 'saturation', value: 's' },
  ],
})

const instances = 10
/** Requests and events that come evenly, look after look. */
const arm = (name: string, requests: number, rate: number, index: number): Sample[] =>
  Array.from({ length: instances }, (_, place) => {
    const whole = (looks: number, each: number) => Math.floor((looks * each) / instances + place / instances)
    const total = whole(index + 1, requests) - whole(index, requests)
    const events = whole(index + 1, requests * rate) - whole(index, requests * rate)
    return { instance: `${name}${place}`, total, events }
  })

/** One look of 15 s at `rps` requests a second over both versions. */
const at = (index: number, rps: number, weight: number): Observation[] =>
  (['errors', 'orders'] as const).map((metric) => {
    const rate = metric === 'errors' ? 0.002 : 0.2
    const canary = (15 * rps * weight) / 100
    return {
      schema: 1,
      metric,
      kind: metric === 'errors' ? 'ratio' : 'rate',
      from: 15 * index,
      to: 15 * index + 15,
      weight,
      canary: weight > 0 ? arm('c', canary, rate, index) : [],
      stable: arm('s', 15 * rps - canary, rate, index),
    }
  })

const opened = (rps: number, margin: string) => {
  const rollout = rolloutPolicy.parse({ steps: [{ weight: 50, margin, min: 15, max: 900 }] })
  const rungs = ladder(rollout)
  const history = Array.from({ length: 120 }, (_, index) => at(index, rps, 0)).flat()
  const policy = { ...metrics, criteria: [] }
  const judge = openJudge(judgeSettings({ metrics: policy, rollout }, rungs, history))
  const rung = rungs[0]
  if (!rung) throw new Error('no rung')
  const found = stepProspects(judge, rung, true, trafficOf(history)).find(({ metric }) => metric === 'errors')
  if (!found) throw new Error('nothing foretold')
  return { judge, rung, found }
}

/** Whether the step of 15 minutes proves its margin when nothing has changed and errors come evenly. */
const proves = (rps: number, margin: string): boolean => {
  let { judge } = opened(rps, margin)
  for (let index = 120; index < 180; index++) {
    const step = { index: 0, last: true, elapsedSeconds: 15 * (index - 119), weight: 50 }
    const answer = look(judge, at(index, rps, 50), step)
    judge = answer.state
    if (answer.verdict.metrics.some((one) => one.metric === 'errors' && one.verdict === 'healthy'))
      return true
  }
  return false
}

test.each([5, 20, 50])(
  'C10: at %i requests a second, what is foretold to be provable is, and half of it is not',
  (rps) => {
    const { found } = opened(rps, '90 %')
    const points = 100 * (found.provable ?? 0)
    expect(points).toBeGreaterThan(0.1)
    expect(proves(rps, `${(1.15 * points).toFixed(3)} %`)).toBe(true)
    expect(proves(rps, `${(0.5 * points).toFixed(3)} %`)).toBe(false)
  },
)

test('C10: more traffic and wider margins prove more, and the sentence says what would help', () => {
  const [slow, fast] = [opened(5, '0.1 %'), opened(500, '0.1 %')]
  expect(slow.found.provable).toBeGreaterThan(3 * (fast.found.provable ?? 0))
  expect(slow.found).toMatchObject({ enough: false, limit: 'traffic', requests: 2.5 })
  expect(prospectWords(slow.found, 900)).toMatch(
    /^errors: at 50 % \(2\.5 requests a second on the new version\), 15 min can prove a margin of [\d.]+ percentage points; the step asks for 0\.1 percentage points, so it will probably stay unproven: a longer step, .* probes/,
  )
  const wide = opened(5, '20 %')
  expect(wide.found.enough).toBe(true)
  expect(prospectWords(wide.found, 900)).not.toContain('unproven')
})

test('C10: instances that differ more than the margin are named as what stands in the way', () => {
  const { judge, rung } = opened(500, '0.1 %')
  const [orders] = stepProspects(judge, { ...rung, max: 1e9 }, true, new Map([['orders', 500]]))
  const tight = { ...orders, margin: 1e-6, enough: false } as NonNullable<typeof orders>
  expect(tight.limit).toBe('instances')
  expect(prospectWords(tight, 900)).toMatch(/more instances of the new version or a wider margin would help/)
})

test('what cannot be foretold is not: no history, 100 %, plain values', () => {
  const rollout = rolloutPolicy.parse({})
  const rungs = ladder(rollout)
  const judge = openJudge(judgeSettings({ metrics, rollout }, rungs, []))
  const [first, last] = [rungs[0], rungs.at(-1)]
  if (!first || !last) throw new Error('no rungs')
  const traffic = new Map([['errors', 50]])
  expect(stepProspects(judge, first, false, traffic)).toEqual([])
  expect(stepProspects(opened(50, '1 %').judge, last, true, traffic)).toEqual([])
  expect(trafficOf([]).size).toBe(0)
})
