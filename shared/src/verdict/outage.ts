import type { Counts } from './likelihood.ts'

/** Rate believed of the stable arm and dispersion of the counts, both from before the look. */
export type Noise = { rate: number; dispersion: number }

/** Whether the stable arm has an outage in this look: its events say nothing about an additive margin. */
export function isOutage({ stableEvents, stableTotal }: Counts, { rate, dispersion }: Noise): boolean {
  const mean = stableTotal * rate
  return stableEvents > 3 * mean && stableEvents - mean > 4 * Math.sqrt(dispersion * mean) + 3 * dispersion
}
