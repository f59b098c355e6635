import { leaseSeconds, mayExpose } from '@relman/core/gate/exposure'
import { fold } from '@relman/core/record/fold'
import type { Lease } from '@relman/core/record/service'
import type { Outcome } from '@relman/core/runtime/outcome'
import { started } from './drafts.ts'
import type { GateCase } from './gate-case.ts'
import { asRefusal, refuse } from './outcomes.ts'
import { exposureSummary } from './summary.ts'

/**
 * Just before traffic may move: takes the lease of the service with its fencing token, creates the deployment that the
 * rollout reports to, and records that the release has started. Each of the three may be repeated.
 */
export const gateExposure = async (known: GateCase): Promise<Outcome> => {
  const { plan, service, digest, release, context, ports } = known
  const now = ports.clock.now()
  const holder = await holderOf(known)
  const leave = mayExpose({ plan, digest, release, service, run: context.run, holder, now })
  if (leave.refusal) return refuse(known, 'exposure', leave.refusal)
  const seconds = leaseSeconds(plan)
  if (known.input['dry-run']) return exposed(known, null, null, new Date(now + seconds * 1000).toISOString())
  try {
    const lease = await takeLease(known, seconds, leave.over)
    const deployment = await createDeployment(known, lease.token)
    const draft = started(known, lease.token, deployment)
    await ports.store.append(plan.service, plan.version, [draft], { change: { deployment } })
    return exposed(known, lease.token, deployment, lease.expiresAt)
  } catch (error) {
    return refuse(known, 'exposure', asRefusal(error))
  }
}

const takeLease = async (
  { ports, plan, digest, context }: GateCase,
  seconds: number,
  over: number | null,
): Promise<Lease> => {
  const request = {
    release: plan.version,
    digest,
    run: context.run,
    seconds,
    ...(over === null ? {} : { over }),
  }
  const { service } = await ports.store.append(plan.service, plan.version, [], { change: { take: request } })
  if (!service.lease) throw new Error('the record gave no lease')
  return service.lease
}

const createDeployment = async ({ ports, plan, digest }: GateCase, token: number): Promise<number> =>
  ports.github.deployments.ensure({
    sha: plan.sha,
    environment: plan.environment,
    marker: `relman:${plan.service}:${plan.version}:${digest.slice(0, 16)}:${token}`,
    payload: {
      release: plan.version,
      digest,
      token,
      ...(plan.artifact?.digest ? { 'artifact-digest': plan.artifact.digest } : {}),
    },
    description: `${plan.service} ${plan.version}`,
  })

/** The release that holds the lease, where it is another, and whether the run that took it still lives. */
const holderOf = async ({ service, context, ports, plan }: GateCase) => {
  const { lease } = service
  if (!lease || (lease.run.id === context.run.id && lease.run.attempt === context.run.attempt)) return null
  const run = await ports.github.run(lease.run.id)
  const runIsOver = run === null || run.status === 'completed' || run.attempt > lease.run.attempt
  const release = fold(await ports.store.events(plan.service, lease.release))
  return { release, runIsOver }
}

const exposed = (
  known: GateCase,
  token: number | null,
  deployment: number | null,
  until: string,
): Outcome => {
  const { plan, digest } = known
  return {
    decision: 'go',
    reasonCode: 'lease-taken',
    message:
      token === null
        ? `the lease of ${plan.service} would be taken until ${until}`
        : `lease ${token} of ${plan.service} is taken until ${until}`,
    failed: false,
    outputs: {
      token: token === null ? '' : String(token),
      deployment: deployment === null ? '' : String(deployment),
    },
    data: { stage: 'exposure', version: plan.version, digest, token, deployment, until },
    summary: exposureSummary(known, token, until),
  }
}
