import type { Plan } from '../plan/plan.ts'
import { isExpired } from '../record/change-service.ts'
import type { Release } from '../record/release.ts'
import type { Lease, Service } from '../record/service.ts'
import { isNewer } from '../version/is-newer.ts'
import { outsideWindow } from './outside-window.ts'
import { overtaken, type Refusal } from './overtaken.ts'
import { targetChanged } from './rollback-criterion.ts'

/** What is known just before traffic may move. */
export type ExposureCase = {
  plan: Plan
  digest: string
  release: Release
  service: Service
  run: { id: number; attempt: number }
  /** Of the release that holds the lease: how it stands, and whether the run that took it is over. */
  holder: { release: Release; runIsOver: boolean } | null
  /** Milliseconds since 1970. */
  now: number
}

/** Either a refusal, or the leave to take the lease; `over` is the token of a lease that may be taken over. */
export type Exposure = { refusal: Refusal } | { refusal: null; over: number | null }

/** The last question before exposure: is this the approved plan, is it still its turn, and is nothing left unsettled? */
export const mayExpose = (known: ExposureCase): Exposure => {
  const { plan, digest, release, service } = known
  const late = overtaken(plan, digest, release, service)
  if (late) return { refusal: late }
  if (plan.policy.mode !== 'enforce') {
    return refuse(
      'mode-observes',
      `the mode of the policy is ${plan.policy.mode}: relman plans and judges, and moves nothing; set mode: enforce`,
    )
  }
  if (release.state === 'executing')
    return refuse('record-unsettled', `the rollout of ${plan.version} began and has not ended`)
  if (release.state !== 'approved') {
    return refuse(
      'not-approved',
      `${plan.version} is ${release.state ?? 'not planned'}, not approved: let the gate before production pass first`,
    )
  }
  if (targetChanged(plan, service)) {
    return refuse(
      'rollback-target-changed',
      `${service.live?.version} went live since ${plan.version} was planned, which would return to ${plan.previous?.version ?? 'nothing'}: plan again`,
    )
  }
  const closed = outsideWindow(plan, known.now)
  if (closed) return { refusal: closed }
  const { lease } = service
  return lease && !isOurs(lease, known) ? besides(lease, known) : { refusal: null, over: null }
}

/** Somebody else has the lease. */
const besides = (lease: Lease, { plan, service, holder, now }: ExposureCase): Exposure => {
  const state = holder?.release.state ?? null
  const unsettled = state === 'executing' || state === 'deployment-failed' || state === 'rollback-failed'
  const over = isExpired(lease, now) || holder?.runIsOver === true
  if (over && unsettled) {
    return refuse(
      'record-unsettled',
      `the rollout of ${lease.release} is ${state} and nobody works on it: let the watchdog settle it first`,
    )
  }
  if (over) return { refusal: null, over: lease.token }
  if (lease.release !== plan.version && !isNewer(plan.version, lease.release)) {
    return refuse('superseded', `${lease.release}, which is newer than ${plan.version}, is being rolled out`)
  }
  return refuse(
    'release-in-progress',
    `${service.service} is being changed by ${lease.release} (run ${lease.run.id}) until ${lease.expiresAt} at the latest; run this job again after that`,
  )
}

const isOurs = (lease: Lease, { digest, run }: ExposureCase): boolean =>
  lease.digest === digest && lease.run.id === run.id && lease.run.attempt === run.attempt

const refuse = (reasonCode: string, message: string): Exposure => ({ refusal: { reasonCode, message } })

/** Time to fall back on beyond the longest rollout, for runners to start and for the way back. */
const margin = 1_800

/**
 * How long a lease must hold, in seconds: every step with its longest bake and its drain, the deployment itself, what
 * probes learn before the first move, and a margin. It ends earlier when the recorder gives it back.
 */
export const leaseSeconds = ({ policy }: Plan): number => {
  const { steps, drain } = policy.rollout
  const ladder = steps.reduce((sum, { max }) => sum + max + drain, 0)
  const before = policy.metrics?.probes?.before ?? 0
  return Math.ceil(ladder + drain + policy.deploy.timeout + before + margin)
}
