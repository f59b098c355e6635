import { checkProvider, type MetricsPolicy } from '../../config/metrics-policy.ts'
import type { Seen } from '../../purpose/measure-objective.ts'
import { openMetrics } from './open.ts'

const patienceMilliseconds = 30_000
/** Seconds; less says nothing, and most providers have nothing yet. */
const shortest = 60
const buckets = 60

type Ask = {
  metrics: MetricsPolicy | undefined
  /** The checks that somebody asks about. */
  names: readonly string[]
  version: string
  previous: string | null
  /** Unix seconds: since when the version has all traffic, and now. */
  from: number
  to: number
  cwd: string
}

/**
 * What the live version did, by the checks that are asked about. Never fails: `missing` says in one sentence why nothing
 * was read. A check that a command answers is not asked: programs of the repository do not run where the record is written.
 */
export const readSince = async (ask: Ask, signal: AbortSignal): Promise<Seen> => {
  const { metrics, names, version, previous, from, to, cwd } = ask
  const none = (missing: string): Seen => ({ observations: [], missing, from, to })
  const asked = (metrics?.checks ?? []).filter(({ name }) => names.includes(name))
  if (!metrics || asked.length === 0) return none('no check of metrics.checks is asked about')
  if (to - from < shortest) return none(`it has all traffic for less than ${shortest} seconds`)
  const checks = asked.filter((check) => checkProvider(metrics, check) !== 'command')
  if (checks.length === 0) return none('a command reads it, and commands do not run in this job')
  try {
    const policy = {
      ...metrics,
      checks: checks.map((check) => ({ ...check, baseline: 'stable' as const })),
      baseline: 'stable' as const,
      health: [],
    }
    const provider = openMetrics({ policy, version, previous, env: process.env, cwd })
    const limit = AbortSignal.any([signal, AbortSignal.timeout(patienceMilliseconds)])
    const seconds = Math.max(30, Math.ceil((to - from) / buckets))
    const look = await provider.range(from, to, seconds, 100, limit)
    return look.down === null ? { observations: look.observations, missing: null, from, to } : none(look.down)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    return none(error instanceof Error ? error.message : String(error))
  }
}
