import { describe, expect, test } from '@jest/globals'
import { readConfig } from '@relman/core/config/read-config'
import { replayTrace } from '@relman/core/replay/replay-trace'
import { doubted, unseenShare } from '@relman/core/verdict/doubt'
import { type InventedFamily, inventedTrace } from '../../../scripts/invented-noise.ts'
import { errors, looksAt, observed, samples } from './looks.ts'

/** Looks of 15 s from `first` on: one canary instance beside three. */
const looksOf = (first: number, count: number, canary: readonly [number, number] | null) =>
  Array.from({ length: count }, (_, at) => {
    const from = 15 * (first + at)
    const stable = samples('s', Array(3).fill([1500, at % 2]))
    const seen = canary ? samples('c', [canary]) : []
    return observed(from, seen, stable, { to: from + 15, weight: canary ? 25 : 0 })
  })
const judged = ({ history, looks, ceiling }: { history: number; looks: number; ceiling?: number }) => {
  const criteria = [{ ...errors, ...(ceiling === undefined ? {} : { ceiling }) }]
  const settings = { criteria, history: looksOf(-history, history, null) }
  return looksAt(
    settings,
    looksOf(0, looks, [1500, 60]).map((one) => [one]),
  ).verdict
}

describe('V4: a spell of trouble that no instance has shown yet is not taken for a bad release', () => {
  test('how likely it is, is what little was seen of the stable version', () => {
    expect(unseenShare({ canary: 600, stable: 6000 }, 0.01)).toBeCloseTo(1 / 11 - 0.01)
    expect(unseenShare({ canary: 600, stable: 24_000 }, 0.01)).toBeCloseTo(1 / 41 - 0.01)
    expect(unseenShare({ canary: 15, stable: 36_000 }, 0.01)).toBe(0)
    expect(unseenShare({ canary: 0, stable: 0 }, 0.01)).toBe(0)
  })
  test('the evidence is that of both cases, weighted by their chances', () => {
    expect(doubted({ whole: 1000, rest: 1000 }, 0.1)).toBeCloseTo(1000)
    expect(doubted({ whole: 1e9, rest: 1 }, 0.1)).toBeCloseTo(10)
    expect(doubted({ whole: 500, rest: 1 }, 0)).toBe(500)
    expect(doubted({ whole: 0, rest: 0 }, 0.5)).toBeLessThan(1e-200)
  })
  test('little history: the first looks of a bad release wait for one more; it is found then', () => {
    expect(judged({ history: 8, looks: 2 })).toMatchObject({
      verdict: 'inconclusive',
      reason: 'too-little-seen',
    })
    expect(judged({ history: 8, looks: 6 })).toMatchObject({
      verdict: 'unhealthy',
      reason: 'error-rate-above-margin',
    })
  })
  test('half an hour of history: nothing waits', () => {
    expect(judged({ history: 120, looks: 1 })).toMatchObject({ verdict: 'unhealthy' })
  })
  test('a ceiling is exceeded, whatever befell the instance', () => {
    expect(judged({ history: 8, looks: 2, ceiling: 0.01 })).toMatchObject({ verdict: 'unhealthy' })
  })
})

describe('V4: what is known of noise by now holds for the looks before it', () => {
  const { rollout, metrics } = readConfig('', 'relman.yml')
  test.each<InventedFamily>(['collection stalls', 'cron at offsets'])(
    '%s without history: harmless releases are hardly ever blamed',
    (family) => {
      const blamed = Array.from({ length: 12 }, (_, run) => {
        const cell = { canaries: 1, pods: 3, rps: 2000, base: 0.001 }
        return replayTrace(
          { ...inventedTrace(family, cell, run, { seed: 9 }), history: [] },
          { rollout, metrics },
        )
      }).filter(({ verdict }) => verdict === 'unhealthy')
      expect(blamed.length).toBe(0)
    },
  )
})
