import type { Sample } from './observation.ts'
import type { VerdictValue } from './verdict.ts'
import type { VerdictReason } from './verdict-reasons.ts'

/** What is remembered of health checks: instances that were healthy once. */
export type HealthState = { everUp: string[]; failing: string[]; starting: number; samples: number }

export function openHealth(): HealthState {
  return { everUp: [], failing: [], starting: 0, samples: 0 }
}

/**
 * The state after one look at the canary's health. An instance that was never healthy and is within its warm-up is
 * starting, not failing.
 */
export function addHealth(state: HealthState, canary: readonly Sample[], warmUpSeconds: number): HealthState {
  const ever = new Set(state.everUp)
  for (const { instance, up } of canary) if (up) ever.add(instance)
  const down = canary.filter(({ up }) => !up)
  const isStarting = ({ instance, age }: Sample) =>
    !ever.has(instance) && age !== undefined && age < warmUpSeconds
  const failing = down.filter((sample) => !isStarting(sample)).map(({ instance }) => instance)
  return { everUp: [...ever], failing, starting: down.length - failing.length, samples: canary.length }
}

/**
 * The verdict on health: two failing instances, or the only one, are unhealthy at once; one of several is to be replaced.
 * No statistics: a failing check is taken as a fact.
 */
export function healthVerdict({ failing, starting, samples }: HealthState): {
  verdict: VerdictValue
  reason: VerdictReason
} {
  if (samples === 0) return { verdict: 'inconclusive', reason: 'no-data' }
  if (failing.length >= Math.min(2, samples)) return { verdict: 'unhealthy', reason: 'health-checks-failing' }
  if (failing.length === 1) return { verdict: 'inconclusive', reason: 'one-instance' }
  if (starting > 0) return { verdict: 'inconclusive', reason: 'warming-up' }
  return { verdict: 'healthy', reason: 'proven' }
}
