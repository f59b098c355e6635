import { describe, expect, test } from '@jest/globals'
import { readConfig } from '@relman/core/config/read-config'
import { replayTrace } from '@relman/core/replay/replay-trace'
import { type InventedCell, inventedTrace } from '../../../scripts/invented-noise.ts'

const { rollout, metrics } = readConfig('', 'relman.yml')
const onePod = { canaries: 1, pods: 11, rps: 2000, base: 0.005 }
const threePods = { canaries: 3, pods: 10, rps: 2000, base: 0.005 }

type Change = { increase?: number; taught?: boolean }

/** Answers to `runs` releases among bots that stay on one pod for minutes; `taught`: with the history before them. */
const judged = (cell: InventedCell, runs: number, { increase = 0, taught = true }: Change = {}) =>
  Array.from({ length: runs }, (_, run) => {
    const trace = inventedTrace('sticky bots', cell, run, { seed: 4, increase })
    return replayTrace(taught ? trace : { ...trace, history: [] }, { rollout, metrics })
  })
const count = (answers: ReturnType<typeof judged>, word: string) =>
  answers.filter(({ verdict, reason }) => verdict === word || reason === word).length

describe('V4: a family invented after the judge was finished: bots that stay on one pod for minutes', () => {
  test('the canary follows the law of the stable pods', () => {
    const rates = { canary: { total: 0, events: 0 }, stable: { total: 0, events: 0 } }
    for (let run = 0; run < 40; run++) {
      const { arms } = inventedTrace('sticky bots', threePods, run)
      for (const arm of ['canary', 'stable'] as const)
        for (const { requests, errors } of arms[arm]) {
          rates[arm].total += requests.reduce<number>((sum, one) => sum + (one ?? 0), 0)
          rates[arm].events += errors.reduce<number>((sum, one) => sum + (one ?? 0), 0)
        }
    }
    const rate = ({ total, events }: { total: number; events: number }) => events / total
    expect(rate(rates.canary) / rate(rates.stable)).toBeGreaterThan(0.85)
    expect(rate(rates.canary) / rate(rates.stable)).toBeLessThan(1.15)
  })
  test('three canary pods: a harmless release is hardly ever blamed; the pod with a bot is named instead', () => {
    const harmless = judged(threePods, 24)
    expect(count(harmless, 'unhealthy')).toBeLessThanOrEqual(1)
    expect(count(harmless, 'one-instance')).toBeGreaterThan(0)
  })
  test('one canary pod: blamed more often than one time in a hundred, but far less than without history', () => {
    const blamed = count(judged(onePod, 25), 'unhealthy')
    expect(blamed).toBeLessThanOrEqual(2)
    expect(count(judged(onePod, 14, { taught: false }), 'unhealthy')).toBeGreaterThan(blamed)
  })
  test('a release that is 2 percentage points worse is found among them', () => {
    for (const cell of [threePods, onePod]) {
      const found = judged({ ...cell, base: 0.001 }, 4, { increase: 0.02 })
      expect(count(found, 'unhealthy')).toBeGreaterThanOrEqual(3)
    }
  })
})
