import { expect, test } from '@jest/globals'
import { type MetricCheck, metricsPolicy } from '@relman/core/config/metrics-policy'
import { rolloutPolicy } from '@relman/core/config/rollout-policy'
import type { MetricsProvider } from '@relman/core/ports/metrics'
import { ladder } from '@relman/core/rollout/ladder'
import { trafficChecks } from '@relman/core/rollout/served'
import { openWatch } from '@relman/core/runtime/exposure/watch'
import type { Observation, Sample } from '@relman/core/verdict/observation'

const rollout = rolloutPolicy.parse({
  steps: [{ weight: 10, margin: '1 %', min: 15, max: 60 }],
  look: 15,
  drain: 15,
  warmup: 30,
  history: 0,
})
const rungs = ladder(rollout)
const check = { name: 'errors', kind: 'ratio', total: 'a', events: 'b' }
const metricsOf = (...checks: object[]) =>
  metricsPolicy.parse({ prometheus: { url: 'https://p.example' }, checks: checks as never })

type Arm = Partial<Sample>[]
const pods = (name: string, arm: Arm): Sample[] =>
  arm.map((one, at) => ({ instance: `${name}${at}`, age: 1000, total: 0, events: 0, ...one }))
type Look = { canary: Arm; stable?: Arm }

/** What looks each 15 s after a move at 1,000 find, with the words for what lacks. */
const watched = async (rung: number, looks: Look[], metrics = metricsOf(check)) => {
  let at = 1000
  const provider: MetricsProvider = {
    observe: async (from, to, weight) => {
      const { canary = [], stable = [{ total: 900 }] } = looks.shift() ?? {}
      const arms = { canary: pods('c', canary), stable: pods('s', stable) }
      const one: Observation = { schema: 1, metric: 'errors', kind: 'ratio', from, to, weight, ...arms }
      return { observations: [one], down: null }
    },
    range: async () => ({ observations: [], down: null }),
  }
  const clock = { now: () => at * 1000, sleep: async () => undefined }
  const watch = openWatch({ policy: { rollout, metrics } } as never, rungs, { provider, clock })
  const found: string[] = []
  while (looks.length > 0) {
    at += 15
    const weight = rungs[rung]?.weight ?? 0
    found.push((await watch.look(rungs[rung] as never, weight, at - 1000)).reason)
  }
  return { last: found.at(-1), found, missing: watch.missing() }
}

const four = (look: Look, then = look) => [look, look, look, then]

test.each<[string, Look[], RegExp]>([
  ['serves nothing', four({ canary: [{ total: 0 }] }), /served no request that can be judged yet/],
  [
    'serves nothing any more',
    four({ canary: [{ total: 90 }] }, { canary: [{ total: 0 }] }),
    /served no request that can be judged since 00:17:25 UTC/,
  ],
  ['is within its warm-up', four({ canary: [{ total: 90, age: 20 }] }), /within its warm-up/],
  ['counts what cannot be', four({ canary: [{ total: 90, events: Number.NaN }] }), /NaN events/],
  [
    'is gone',
    four({ canary: [{ total: 90 }] }, { canary: [] }),
    /nothing came of the new version since 00:17:25 UTC/,
  ],
])('V5, C3: the last watch of a version that %s is not over', async (_, looks, words) => {
  const { last, missing } = await watched(1, looks)
  expect(last).toBe('unseen')
  expect(missing).toMatch(words)
})

test.each<[string, Arm]>([
  ['serves', [{ total: 900 }]],
  ['is idle', [{ total: 0 }]],
  ['is gone', []],
  ['is cold', [{ total: 5, age: 1 }]],
  ['counts what cannot be', [{ total: Number.NaN }]],
])('C3: at 100 % it is the new version that is looked at, though the stable one %s', async (_, stable) => {
  const { last } = await watched(1, four({ canary: [{ total: 90 }], stable }))
  expect(last).not.toBe('unseen')
})

test('V5, C10: a step in which nothing could be judged of the new version is told apart from one with little traffic', async () => {
  expect((await watched(0, four({ canary: [{ total: 0 }] }))).found).toEqual(Array(4).fill('unserved'))
  const ages = [5, 20].map((age) => ({ canary: [{ total: 9, age }] }))
  expect((await watched(0, ages)).last).toBe('warming-up')
  expect((await watched(0, four({ canary: [{ total: 9 }] }, { canary: [{ total: 0 }] }))).last).toBe(
    'no-traffic',
  )
})

test('C10: requests of users show that somebody is served, probes only where no check of users is required', () => {
  const named = (name: string, more: object) =>
    ({ name, kind: 'ratio', required: true, ...more }) as MetricCheck
  const users = named('errors', { provider: 'prometheus' })
  const probes = named('probed', { provider: 'probes' })
  const value = named('busy', { kind: 'value' })
  expect(trafficChecks([probes, users, value])).toEqual(['errors'])
  expect(trafficChecks([probes, { ...users, required: false }, value])).toEqual(['probed'])
  expect(trafficChecks([value])).toEqual(['busy'])
  expect(trafficChecks([])).toEqual([])
})
