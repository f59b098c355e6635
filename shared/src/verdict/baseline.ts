import { type Dispersion, deviations } from './dispersion.ts'
import { type InstanceCount, sumCounts } from './instance-counts.ts'
import type { Counts } from './likelihood.ts'

/** Requests and events of the stable version, older ones fading. */
export type Baseline = { total: number; events: number }

const HALF_LIFE_SECONDS = 1200

/** An objective counts as an arm with so many times the canary's requests: enough to add no noise of its own. */
const CERTAINTY = 1000
/** More than any service serves while a rollout lasts. */
const EVERYTHING = 1e12

/** The baseline that a fixed rate is: it is known, and no look changes it. */
export function heldTo(objective: number): Baseline {
  return { total: EVERYTHING, events: EVERYTHING * objective }
}

/**
 * The canary's counts beside an arm that keeps exactly to a fixed rate. In the limit of its size, every comparison of the
 * arms is that of one count with a known rate: the conditional likelihood of both given their sum becomes the Poisson
 * (negative binomial) likelihood of the canary's, and the projected shared rate is the objective itself. So the bounds
 * of `rollbackEvidence` and `promotionEvidence` hold with the objective in place of the stable rate.
 */
export function againstObjective({ canaryEvents, canaryTotal }: Counts, objective: number): Counts {
  const stableTotal = CERTAINTY * canaryTotal
  return { canaryEvents, canaryTotal, stableEvents: stableTotal * objective, stableTotal }
}

/** The stable rate believed from data up to and including the last look; pulled towards 0.1 % while there is little. */
export function baselineRate({ total, events }: Baseline): number {
  return (events + 0.5) / (total + Math.max(1, Math.min(500, total / 100)))
}

/** The baseline with one look more, after `seconds` in which what was there has faded (half-life 20 minutes). */
export function addBaseline(baseline: Baseline, look: Baseline, seconds: number): Baseline {
  const keep = 0.5 ** (Math.max(0, seconds) / HALF_LIFE_SECONDS)
  return { total: baseline.total * keep + look.total, events: baseline.events * keep + look.events }
}

/**
 * The one stable instance that is plainly bad (of five or more), or null: it would hide a bad release. At most one, so
 * that heavy-tailed instances are not trimmed into looking alike. `worse` is +1 where more events are worse, else -1.
 */
export function badInstance(
  totals: readonly InstanceCount[],
  dispersion: Dispersion,
  worse: 1 | -1,
): string | null {
  const busy = totals.filter((count) => count.total > 0)
  if (busy.length < 5) return null
  const all = sumCounts(busy)
  let worst: { instance: string; z: number; mean: number; over: number } | null = null
  for (const { instance, total, events } of busy) {
    const mean = (total * (all.events - events)) / Math.max(all.total - total, 1)
    const over = worse * (events - mean)
    const z = over / Math.sqrt(mean + 1)
    if (!worst || z > worst.z) worst = { instance, z, mean, over }
  }
  if (!worst) return null
  const { v, w, u } = deviations(busy.filter(({ instance }) => instance !== worst.instance))
  const others = Math.max(0.01, u > 0 ? (v - w) / u : 0)
  const phi = 1 + dispersion.excess + dispersion.error
  const limit = 5 * Math.sqrt(phi * worst.mean + others * worst.mean ** 2) + 3 * phi
  return worst.over > limit ? worst.instance : null
}
