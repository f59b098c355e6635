import type { Config } from '@relman/core/config/config'
import type { RiskLevel } from '@relman/core/config/risk-levels'
import { governedPolicy } from '@relman/core/plan/draw-plan'
import { measuredTraffic } from '@relman/core/plan/measured-traffic'
import type { Plan, ReleaseType } from '@relman/core/plan/plan'
import { planBakes } from '@relman/core/plan/plan-bakes'
import type { Planning } from '@relman/core/ports/planning'
import type { Busy } from '@relman/core/schedule/busy'
import { governRelease } from '@relman/core/schedule/release-types'
import { unreadDays } from '@relman/core/schedule/unread-days'
import type { Change } from '@relman/core/scope/change'
import type { Scheduled } from './plan-schedule.ts'

type Ask = {
  ports: Pick<Planning, 'calendars' | 'clock' | 'traffic'>
  policy: Config
  type: ReleaseType
  /** The type whose notice, freezes and milestones hold it. */
  pace: ReleaseType
  level: RiskLevel
  now: string
  previous: string | null
  names: { service: string; version: string; repository: string }
  file: (path: string) => Promise<string | null>
  by: string
  departing: { at: string; missed: readonly string[] } | null
  preferred: readonly string[]
  notBefore: string
  before: Plan | null
  recorded: readonly Busy[]
  changes: readonly Change[]
}

/** When the release happens, and how long each of its steps must bake at the traffic of that time. */
export const planTime = async (
  ask: Ask,
): Promise<{ scheduled: Scheduled; bake: Plan['bake']; gaps: string[] }> => {
  const { ports, type, level, names, previous } = ask
  const policy = governedPolicy(ask.policy, governRelease(type, level))
  const versions = { version: names.version, previous }
  const { observations, missing } = await ports.traffic(policy, versions, ports.clock.now())
  // Time zones are a large library, and only a plan needs them.
  const { planSchedule } = await import('./plan-schedule.ts')
  const scheduled = await planSchedule({ ...ask, type: ask.pace, policy, observations })
  const seen = [...new Set(observations.map(({ metric }) => metric))]
  const measured = seen.map((name) => measuredTraffic(name, observations, scheduled.data.window))
  const bake = planBakes(policy, measured)
  return {
    scheduled,
    bake,
    gaps: [missing, scheduled.without, unreadDays(policy.schedule, ask.pace)].filter((gap) => gap !== null),
  }
}
