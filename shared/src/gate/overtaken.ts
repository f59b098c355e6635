import type { Plan } from '../plan/plan.ts'
import type { Release } from '../record/release.ts'
import type { Service } from '../record/service.ts'
import { isNewer } from '../version/is-newer.ts'

/** Why a release may go no further, whatever its criteria say. */
export type Refusal = { reasonCode: string; message: string }

/**
 * Nothing overtakes: a plan that is no longer the revision in force, a version that is not newer than what is live,
 * a version whose rollout began already, and a version that was rolled back are all refused.
 */
export const overtaken = (plan: Plan, digest: string, release: Release, service: Service): Refusal | null => {
  const { version } = plan
  const blocked = service.blocked.find((one) => one.version === version)
  if (blocked) {
    const message = `${version} is blocked since ${blocked.at}: ${blocked.reason}; a person must lift it, or plan a newer version`
    return { reasonCode: 'version-blocked', message }
  }
  const superseded = (message: string): Refusal => ({ reasonCode: 'superseded', message })
  if (service.live && !isNewer(version, service.live.version)) {
    return superseded(
      `${version} is not newer than ${service.live.version}, which is live since ${service.live.at}`,
    )
  }
  const state = release.state
  if (state === 'deployment-failed' || state === 'rollback-failed') {
    const message = `${version} is ${state}: its rollout must be settled first (watchdog, or roll back by hand)`
    return { reasonCode: 'record-unsettled', message }
  }
  if (state !== null && ended.includes(state))
    return superseded(`${version} is ${state} already; plan a newer version`)
  if (release.digest !== digest) {
    return superseded(
      `the plan ${digest.slice(0, 8)} of ${version} is no longer in force: revision ${release.revision} (${release.digest?.slice(0, 8) ?? 'none'}) is`,
    )
  }
  return null
}

const ended: readonly string[] = ['deployed', 'completed', 'rolled-back', 'execution-failed']
