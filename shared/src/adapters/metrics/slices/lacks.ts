import type { MetricCheck } from '../../../config/metrics-policy.ts'
import type { Arm, Versions } from './arms.ts'
import type { CheckMemory } from './memory.ts'
import type { SliceSeries } from './source.ts'

/** Which version a check lacks, and since when; `memory` is from before this answer. */
export const absentArms = (
  check: MetricCheck,
  series: readonly SliceSeries[],
  { version, previous }: Versions,
  memory: CheckMemory,
): string[] => {
  const has = (arm: Arm) =>
    series.some((one) => one.arm === arm && one.part !== 'events' && one.points.size > 0)
  const absent = (
    [
      ['canary', version],
      ['stable', previous],
    ] as const
  ).filter(([arm, name]) => name !== null && !has(arm))
  if (absent.length === 0) return []
  const since = Math.max(0, ...absent.map(([arm]) => memory.lastSeen.get(arm) ?? 0))
  const names = absent.map(([, name]) => name).join(' and ')
  return [
    since > 0
      ? `${check.name}: no data of version ${names} since ${new Date(since * 1000).toISOString()}`
      : `${check.name}: no data of version ${names}`,
  ]
}

/** Says when what should be complete is not there at all: data that is late, or a clock that is not ours. */
export const lateness = (series: readonly SliceSeries[], end: number, interval: number): string[] => {
  let newest = Number.NEGATIVE_INFINITY
  for (const { points } of series) for (const at of points.keys()) newest = Math.max(newest, at + interval)
  const behind = end - newest
  if (!Number.isFinite(behind) || behind < 3 * interval) return []
  return [
    `the newest data ends ${Math.round(behind)} s before it should: it is late (then raise delay) or its clock is behind`,
  ]
}
