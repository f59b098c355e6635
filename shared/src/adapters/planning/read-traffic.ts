import type { Config } from '../../config/config.ts'
import { checkProvider } from '../../config/metrics-policy.ts'
import type { DayOfTraffic } from '../../ports/planning.ts'
import { openMetrics } from '../metrics/open.ts'

const day = 86_400
const bucket = 1_800
/** A plan does not wait for a metrics provider: what it says is welcome, and it may be out of reach here. */
const patienceMilliseconds = 15_000

/**
 * What the stable version did in the last day, in half hours, of the checks that Prometheus answers. Never fails: `missing`
 * says in one sentence why nothing was read.
 *
 * @param now Unix milliseconds
 */
export const readTraffic = async (
  policy: Pick<Config, 'metrics'>,
  { version, previous }: { version: string; previous: string | null },
  now: number,
  signal: AbortSignal,
): Promise<DayOfTraffic> => {
  const { metrics } = policy
  const checks = (metrics?.checks ?? []).filter(
    (check) => metrics && check.kind === 'ratio' && checkProvider(metrics, check) === 'prometheus',
  )
  const none = (why: string): DayOfTraffic => ({
    observations: [],
    missing: `the traffic of the last day was not read (${why}): planned bakes use rollout.assume`,
  })
  if (!metrics || checks.length === 0) return { observations: [], missing: null }
  if (previous === null) return none('no version is live yet')
  try {
    const stable = { ...metrics, checks: checks.map((check) => ({ ...check, baseline: 'stable' as const })) }
    const provider = openMetrics({
      policy: { ...stable, baseline: 'stable', health: [] },
      version,
      previous,
      env: process.env,
    })
    const end = Math.floor(now / 1000)
    const limit = AbortSignal.any([signal, AbortSignal.timeout(patienceMilliseconds)])
    const look = await provider.range(end - day, end, bucket, 0, limit)
    return look.down === null ? { observations: look.observations, missing: null } : none(look.down)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    return none(error instanceof Error ? error.message : String(error))
  }
}
