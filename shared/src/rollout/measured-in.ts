import { baselineOf } from '../baseline/baseline-faults.ts'
import type { Learnt } from '../baseline/learnt.ts'
import type { Config } from '../config/config.ts'

export const places = ['production', 'staging'] as const
export type Place = (typeof places)[number]

/**
 * The plan with the checks that are measured at one place: what staging shows is compared in staging and says nothing
 * about production, and the other way round. `earlier` is when the time begins that checks of another time are compared
 * with, in Unix seconds; without it, what the record said holds.
 */
export const measuredIn = <Some extends { policy: Config; learnt?: Learnt | undefined }>(
  plan: Some,
  place: Place,
  earlier: number | null = null,
): Some => {
  const { metrics } = plan.policy
  const here = (metrics?.checks ?? []).filter(
    (check) => (baselineOf(check, metrics?.baseline ?? 'stable') === 'staging') === (place === 'staging'),
  )
  const health = place === 'staging' ? [] : (metrics?.health ?? [])
  const learnt = plan.learnt ?? { previousLiveAt: null, armSpread: [] }
  return {
    ...plan,
    policy: { ...plan.policy, metrics: metrics && { ...metrics, checks: here, health } },
    ...(earlier === null ? {} : { learnt: { ...learnt, previousLiveAt: earlier } }),
  }
}
