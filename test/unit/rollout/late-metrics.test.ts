import { expect, test } from '@jest/globals'
import { metricsPolicy } from '@relman/core/config/metrics-policy'
import { rolloutPolicy } from '@relman/core/config/rollout-policy'
import type { Look, MetricsProvider } from '@relman/core/ports/metrics'
import { byEnd, underWay } from '@relman/core/rollout/figures'
import { ladder } from '@relman/core/rollout/ladder'
import { openWatch } from '@relman/core/runtime/exposure/watch'
import type { Observation } from '@relman/core/verdict/observation'

const rollout = rolloutPolicy.parse({
  steps: [
    { weight: 10, margin: '3 %', min: 60, max: 900 },
    { weight: 50, margin: '3 %', min: 60, max: 900 },
  ],
  look: 15,
  warmup: 0,
  history: 0,
})
const metrics = metricsPolicy.parse({
  prometheus: { url: 'https://p.example' },
  checks: [{ name: 'errors', kind: 'ratio', total: 'a', events: 'b' }],
})
const policy = { rollout, metrics } as never
const rungs = ladder(rollout)
const samples = (name: string, total: number) =>
  [1, 2, 3].map((pod) => ({ instance: `${name}${pod}`, age: 1000, total, events: Math.round(total / 1000) }))
const observed = (from: number, to: number): Observation => ({
  schema: 1,
  metric: 'errors',
  kind: 'ratio',
  from,
  to,
  weight: 10,
  canary: samples('c', (to - from) * 100),
  stable: samples('s', (to - from) * 900),
})

/** A provider of slices of 30 s that are told `delay` seconds late, and looks each 15 s after a move at 1,000. */
const walk = async (delay: number) => {
  let now = 1000
  let told = 700
  const provider: MetricsProvider = {
    observe: async (_, to) => {
      const observations: Observation[] = []
      for (; told + 30 <= to - delay; told += 30) observations.push(observed(told, told + 30))
      const look: Look = { observations, down: null }
      return observations.length > 0 ? look : { ...look, waiting: ['errors'] }
    },
    range: async () => ({ observations: [], down: null }),
  }
  const clock = { now: () => now * 1000, sleep: async () => undefined }
  const watch = openWatch({ policy } as never, rungs, { provider, clock })
  await watch.learn(700)
  const found: [number, string, string][] = []
  for (now = 1015; now <= 1300; now += 15) {
    const { verdict, reason } = await watch.look(rungs[0] as never, 10, now - 1000)
    found.push([now - 1000, verdict, reason])
  }
  return found
}

test.each([
  [0, 60],
  [60, 120],
  [120, 180],
])(
  'V4: numbers that come %d s late prove a step no sooner than they cover its least bake, after about %d s',
  async (delay, least) => {
    const found = await walk(delay)
    const [healthy] = found.find(([, verdict]) => verdict === 'healthy') ?? []
    // Slices begin at 1,000 + 30 k; a look of 15 s may be missing of the bake.
    expect(healthy).toBeGreaterThanOrEqual(least - 15)
    expect(healthy).toBeLessThanOrEqual(least + 30)
    const early = found.filter(([at]) => at < (healthy ?? 0))
    expect(early.every(([, verdict]) => verdict === 'inconclusive')).toBe(true)
    // Proven by what came before the step, it waits; between slices what was said holds.
    if (delay > 0) expect(early.some(([, , reason]) => reason === 'minimum-bake')).toBe(true)
    expect(found.some(([, , reason]) => reason === 'metric-vanished')).toBe(false)
    expect(found.filter(([at]) => at >= (healthy ?? 0)).every(([, verdict]) => verdict === 'healthy')).toBe(
      true,
    )
  },
)

test('V5: a metric is under way at a moment within its interval only', () => {
  const all = [
    observed(0, 60),
    { ...observed(0, 15), metric: 'fast' },
    { ...observed(15, 30), metric: 'fast' },
  ]
  const at = underWay(all)
  expect(at(15)).toEqual(['errors'])
  expect(at(60)).toEqual([])
  expect(at(20)).toEqual(['errors', 'fast'])
  // So many seconds after its end it still speaks.
  expect([at(31, 1), at(31, 2), at(60, 5), at(70, 10), at(70, 11)]).toEqual([
    ['errors'],
    ['errors', 'fast'],
    ['errors'],
    [],
    ['errors'],
  ])
})

// Pair by pair this would not end within any test's time.
test('200,000 observations of one end, or of as many, are grouped', () => {
  const same = Array.from({ length: 200_000 }, () => observed(0, 60))
  expect(byEnd(same).map(([at, all]) => [at, all.length])).toEqual([[60, 200_000]])
  const many = Array.from({ length: 200_000 }, (_, at) => observed(at, at + 2))
  const at = underWay(many)
  expect(byEnd(many).every(([end]) => at(end)[0] === (end < 200_001 ? 'errors' : undefined))).toBe(true)
})

test('V6: what was lacking and came is told with its last moment, what is lacking still without', async () => {
  let now = 1000
  const gone = 'errors: no series of version 2.0.0'
  const looks: Look[] = [
    { observations: [observed(1000, 1015)], down: null, notes: [gone, 'old'] },
    { observations: [observed(1015, 1030)], down: null, notes: ['still'] },
    { observations: [], down: 'nobody answers' },
  ]
  const provider: MetricsProvider = {
    observe: async () => looks.shift() ?? { observations: [], down: null },
    range: async () => ({ observations: [], down: null }),
  }
  const clock = { now: () => now * 1000, sleep: async () => undefined }
  const watch = openWatch({ policy } as never, rungs, { provider, clock })
  const look = async () => {
    now += 15
    await watch.look(rungs[0] as never, 10, now - 1000)
    return watch.notes()
  }
  expect(await look()).toEqual([gone, 'old'])
  expect(await look()).toEqual([`${gone} (last at 00:16:55 UTC)`, 'old (last at 00:16:55 UTC)', 'still'])
  expect((await look()).at(-1)).toBe('still')
})
