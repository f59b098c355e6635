import { describe, expect, test } from '@jest/globals'
import { config } from '@relman/core/config/config'
import type { Plan } from '@relman/core/plan/plan'
import { comparisonWords } from '@relman/core/rollout/comparison-words'
import { judgeSettings } from '@relman/core/rollout/criteria'
import { ladder } from '@relman/core/rollout/ladder'
import { measuredIn } from '@relman/core/rollout/measured-in'

const ratio = (name: string, more = {}) => ({ kind: 'ratio', name, total: 't', events: 'e', ...more })
const policy = config.parse({
  metrics: {
    checks: [
      ratio('beside'),
      ratio('before', { baseline: 'previous-release' }),
      ratio('promise', { baseline: 'objective', objective: '0.5 %' }),
      ratio('staged', { baseline: 'staging' }),
    ],
  },
})
const rungs = ladder(policy.rollout)
const taught = (metric: string) => ({ metric, spread: 0.12, releases: 14, steps: 60 })
const learnt = { previousLiveAt: 1000, armSpread: [taught('beside'), taught('before'), taught('promise')] }
const compared = (times: ReturnType<typeof taught>[] = []) =>
  judgeSettings(policy, rungs, [], learnt, times).criteria.filter(({ observes }) => observes === undefined)

describe('V3, V4: the baseline and what was learnt become part of the criterion', () => {
  test('each check says what it is compared with', () => {
    expect(compared().map(({ metric, baseline, objective }) => [metric, baseline, objective])).toEqual([
      ['beside', undefined, undefined],
      ['before', 'previous-release', undefined],
      ['promise', 'objective', 0.005],
      ['staged', 'staging', undefined],
    ])
    expect(compared()[2]?.written).toMatch(/\(baseline: 0\.5 %\)$/)
    expect(compared()[0]?.written).not.toContain('(baseline')
  })

  test('the spread of the arms is for arms side by side; that of times for the previous release alone', () => {
    const spreads = (times?: ReturnType<typeof taught>[]) =>
      compared(times).map(({ armSpread, taughtBy }) => [armSpread, taughtBy])
    const [known, none] = [
      [0.12, 14],
      [undefined, undefined],
    ]
    expect(spreads()).toEqual([known, none, none, none])
    const times = [{ metric: 'before', spread: 0.3, releases: 0, steps: 8 }]
    expect(spreads(times)).toEqual([known, [0.3, 0], none, none])
  })

  test('production and staging never meet', () => {
    const names = (place: 'production' | 'staging') =>
      measuredIn({ policy, learnt } as Pick<Plan, 'policy' | 'learnt'>, place).policy.metrics?.checks.map(
        ({ name }) => name,
      )
    expect([names('production'), names('staging')]).toEqual([['beside', 'before', 'promise'], ['staged']])
    const given = measuredIn({ policy, learnt } as Pick<Plan, 'policy' | 'learnt'>, 'production', 77)
    expect(given.learnt).toEqual({ ...learnt, previousLiveAt: 77 })
  })

  test('the approver is told of every weaker baseline, of what was learnt, and of what is not known', () => {
    const said = comparisonWords(policy.metrics, learnt, '1.0.0').join('\n')
    expect(said).toContain('before: compared with the previous release')
    expect(said).toContain('promise: compared with a fixed objective')
    expect(said).toContain('staged: compared with staging')
    expect(said).toContain(
      'beside: the arms of this service differ by 13 % between harmless releases, learnt from 14 rollouts',
    )
    expect(said).not.toContain('does not say when')
    const unknown = comparisonWords(policy.metrics, undefined, '1.0.0').join('\n')
    expect(unknown).toContain('does not say when 1.0.0 went live')
    expect(comparisonWords(undefined, undefined, null)).toEqual([])
  })
})
