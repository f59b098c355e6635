import { expect, test } from '@jest/globals'
import { addBaseline, baselineRate } from '@relman/core/verdict/baseline'
import type { Counts } from '@relman/core/verdict/likelihood'
import { isOutage } from '@relman/core/verdict/outage'
import { addToPromotion, openPromotion, promotionEvidence } from '@relman/core/verdict/promotion-evidence'
import { addToRollback, openRollback, rollbackEvidence } from '@relman/core/verdict/rollback-evidence'

// Computed by an independent simulation of the rule in another language.
const checkValues = [
  { canary: 0, stable: 3, rollback: -0.5061, promotion: 0.193 },
  { canary: 2, stable: 2, rollback: -0.046, promotion: -0.3941 },
  { canary: 1, stable: 4, rollback: -0.1405, promotion: -0.7617 },
  { canary: 3, stable: 1, rollback: 0.9879, promotion: -1.4803 },
  { canary: 2, stable: 30, rollback: -0.8541, promotion: -1.4811 },
  { canary: 4, stable: 2, rollback: -0.2988, promotion: -2.1882 },
  { canary: 60, stable: 3, rollback: 3.6478, promotion: -3.5354 },
  { canary: 0, stable: 0, rollback: 3.6478, promotion: -3.4486 },
]

test('V4: the evidence agrees with the published check values', () => {
  const comparison = { scale: 'absolute', worse: 1, margins: [0.01, 0.001], ceiling: null } as const
  const effect = { scale: Math.sqrt(0.01 * (1 + 1 / 20)), freedom: 10 }
  let baseline = { total: 360000, events: 360 }
  let rollback = openRollback(comparison, 0.001)
  let promotion = openPromotion(comparison, 0.001)
  for (const [number, { canary, stable, ...expected }] of checkValues.entries()) {
    const noise = { rate: baselineRate(baseline), dispersion: 1.5 }
    const counts: Counts = { canaryEvents: canary, canaryTotal: 300, stableEvents: stable, stableTotal: 2700 }
    rollback = addToRollback(rollback, comparison, counts, noise, number)
    if (!isOutage(counts, noise)) promotion = addToPromotion(promotion, comparison, counts, noise)
    expect(Math.log(rollbackEvidence(rollback, effect))).toBeCloseTo(expected.rollback, 3)
    expect(Math.log(promotionEvidence(promotion, comparison, noise.rate, effect))).toBeCloseTo(
      expected.promotion,
      3,
    )
    baseline = addBaseline(baseline, { total: 2700, events: stable }, 15)
  }
})
