import { expect, test } from '@jest/globals'
import { addBaseline, baselineRate } from '@relman/core/verdict/baseline'
import type { Counts } from '@relman/core/verdict/likelihood'
import { isOutage } from '@relman/core/verdict/outage'
import { addToPromotion, openPromotion, promotionEvidence } from '@relman/core/verdict/promotion-evidence'
import {
  addToRollback,
  openRollback,
  rollbackEvidence,
  rollbackLook,
} from '@relman/core/verdict/rollback-evidence'

// Computed by an independent program in another language.
const checkValues = [
  { canary: 0, stable: 3, rollback: -0.8069, promotion: 0.1837 },
  { canary: 2, stable: 2, rollback: -0.1803, promotion: -0.3675 },
  { canary: 1, stable: 4, rollback: -0.3226, promotion: -0.7088 },
  { canary: 3, stable: 1, rollback: 1.0694, promotion: -1.3736 },
  { canary: 2, stable: 30, rollback: 0.4765, promotion: -1.3742 },
  { canary: 4, stable: 2, rollback: 2.7129, promotion: -2.0256 },
  { canary: 60, stable: 3, rollback: 18.3076, promotion: -3.2577 },
  { canary: 0, stable: 0, rollback: 17.9946, promotion: -3.1742 },
]

test('V4: the evidence agrees with an independent computation', () => {
  const comparison = { scale: 'absolute', worse: 1, margins: [0.01, 0.001], ceiling: null } as const
  const effect = { scale: Math.sqrt(0.01 * (1 + 1 / 20)), freedom: 10 }
  let baseline = { total: 360000, events: 360 }
  let rollback = openRollback(comparison, 0.001)
  let promotion = openPromotion(comparison, 0.001)
  for (const [number, { canary, stable, ...expected }] of checkValues.entries()) {
    const noise = { rate: baselineRate(baseline), dispersion: 1.5 }
    const counts: Counts = { canaryEvents: canary, canaryTotal: 300, stableEvents: stable, stableTotal: 2700 }
    rollback = addToRollback(rollback, rollbackLook(rollback, comparison, counts, noise), number)
    if (!isOutage(counts, noise)) promotion = addToPromotion(promotion, comparison, counts, noise)
    expect(Math.log(rollbackEvidence(rollback, effect))).toBeCloseTo(expected.rollback, 3)
    expect(Math.log(promotionEvidence(promotion, comparison, noise.rate, effect))).toBeCloseTo(
      expected.promotion,
      3,
    )
    baseline = addBaseline(baseline, { total: 2700, events: stable }, 15)
  }
})
