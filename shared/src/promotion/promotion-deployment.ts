import type { Plan } from '../plan/plan.ts'
import type { RunRef } from '../record/event.ts'

/** What the deployment of a promotion tells: for the gate before production, and for the recorder to know it again. */
export const promotionDeployment = (
  plan: Plan,
  digest: string,
  environment: string,
  run: Pick<RunRef, 'id' | 'attempt'>,
): {
  sha: string
  environment: string
  marker: string
  payload: Record<string, string | number>
  description: string
} => ({
  sha: plan.sha,
  environment,
  marker: promotionMarker(plan, digest, environment, run),
  payload: {
    service: plan.service,
    release: plan.version,
    digest,
    environment,
    run: run.id,
    ...(plan.artifact?.digest ? { 'artifact-digest': plan.artifact.digest } : {}),
  },
  description: `${plan.service} ${plan.version} promoted to ${environment}`,
})

/** One deployment for each run and attempt: one that failed stays failed. */
export const promotionMarker = (
  { service, version }: Plan,
  digest: string,
  environment: string,
  run: Pick<RunRef, 'id' | 'attempt'>,
): string =>
  `relman:promotion:${service}:${version}:${environment}:${digest.slice(0, 16)}:${run.id}.${run.attempt}`
