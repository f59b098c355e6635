import type { Criterion } from '@relman/core/gate/criterion'
import { decide } from '@relman/core/gate/decision'
import type { Refusal } from '@relman/core/gate/overtaken'
import { promotionCriteria } from '@relman/core/gate/promotion-criteria'
import { newerRefusal } from '@relman/core/promotion/newer-version'
import { nextEnvironment } from '@relman/core/promotion/next-environment'
import { promotionDeployment } from '@relman/core/promotion/promotion-deployment'
import { unfinished } from '@relman/core/promotion/unfinished'
import type { RecordEvent } from '@relman/core/record/event'
import { RecordError } from '@relman/core/record/record-error'
import type { Outcome } from '@relman/core/runtime/outcome'
import { readNewer } from '@relman/core/runtime/promotion/read-newer'
import { artifactEvidence } from './artifact-evidence.ts'
import { promoting } from './drafts.ts'
import type { GateCase } from './gate-case.ts'
import { asRefusal, refuse } from './outcomes.ts'
import { readPromotions } from './promotion-evidence.ts'
import { promotionSummary } from './summary.ts'

/**
 * Row P24: may this very artifact go to the next environment? Then the record says that a promotion began, and its deployment
 * exists, in progress. Each may be repeated in the same run and attempt; where the artifact is there already nothing changes.
 */
export const gatePromotion = async (known: GateCase): Promise<Outcome> => {
  const { plan, input } = known
  const found = await readPromotions(known)
  const next = nextEnvironment(plan, input.environment, found)
  if (next.kind === 'refused') return refuse(known, 'promotion', next)
  if (next.kind === 'nothing') return outcomeOf(known, next, null, [])
  const { environment, before } = next
  const earlier = found.filter((one) => before.includes(one.environment))
  const criteria = [
    ...promotionCriteria(earlier, plan.artifact?.digest ?? null, true),
    ...(await artifactEvidence(known)).filter(ofArtifact),
  ]
  const decision = decide(criteria)
  if (criteria.length > 0 && decision.decision !== 'go') return held(known, environment, decision, criteria)
  const newer = await newerVersion(known, environment)
  if (newer) return refuse(known, 'promotion', newer)
  const mode = plan.policy.mode === 'enforce' ? '' : `the mode of the policy is ${plan.policy.mode}`
  if (input['dry-run'] || mode !== '') {
    const message = `${plan.version} would be promoted to ${environment}; nothing was done${mode ? `: ${mode}` : ''}`
    return outcomeOf(known, { reasonCode: 'would-promote', message }, null, criteria)
  }
  try {
    const busy = await begin(known, environment)
    if (busy) return await refuse(known, 'promotion', busy)
    const { deployments } = known.ports.github
    const { run } = known.context
    const deployment = await deployments.ensure(promotionDeployment(plan, known.digest, environment, run))
    await deployments.report(deployment, 'in_progress', `promoting ${plan.version}`.slice(0, 140))
    const message = `${plan.version} may be promoted to ${environment}`
    return outcomeOf(known, { reasonCode: 'promotion-open', message }, { environment, deployment }, criteria)
  } catch (error) {
    return refuse(known, 'promotion', asRefusal(error))
  }
}

/** What the policy holds the artifact itself to; a candidate, a way back and retention are questions of the release. */
const ofArtifact = ({ id }: Criterion): boolean => /^artifact-(digest|commit|signature|sbom):/.test(id)

/** A newer version that is in the environment, or on its way there in a run that still lives. */
const newerVersion = async (
  { plan, ports, service }: GateCase,
  environment: string,
): Promise<Refusal | null> => {
  for (const newer of await readNewer(ports.store, plan, environment, service)) {
    const run = newer.kind === 'open' && newer.run ? await ports.github.run(newer.run.id) : null
    const died = newer.kind === 'open' && (run === null || run.status === 'completed')
    if (!died) return newerRefusal(newer, plan.version, environment)
  }
  return null
}

/** Writes that the promotion began, unless another run that still lives is at it. */
const begin = async (known: GateCase, environment: string): Promise<Refusal | null> => {
  const { plan, ports, context, events } = known
  const own = promoting(known, environment)
  const open = unfinished(events, environment)
  if (open?.run && open.run.id !== context.run.id) {
    const run = await ports.github.run(open.run.id)
    if (run && run.status !== 'completed' && run.attempt === open.run.attempt)
      return {
        reasonCode: 'promotion-in-progress',
        message: `run ${open.run.id} promotes ${plan.version} to ${environment} since ${open.at}; run this again when it has ended (${run.url})`,
      }
  }
  const guard = (before: readonly RecordEvent[]): void => {
    const now = unfinished(before, environment)
    if (now === null || now.key === open?.key || now.key === own.key) return
    throw new RecordError(
      'record-contended',
      `run ${now.run?.id} began to promote ${plan.version} to ${environment} at the same moment`,
    )
  }
  await ports.store.append(plan.service, plan.version, [own], { guard })
  return null
}

type Said = { reasonCode: string; message: string }

const outcomeOf = (
  known: GateCase,
  { reasonCode, message }: Said,
  to: { environment: string; deployment: number } | null,
  criteria: readonly Criterion[],
): Outcome => {
  const { plan, digest } = known
  return {
    decision: 'go',
    reasonCode,
    message,
    failed: false,
    outputs: {
      digest,
      version: plan.version,
      service: plan.service,
      'artifact-digest': plan.artifact?.digest ?? '',
      environment: to?.environment ?? '',
      deployment: to === null ? '' : String(to.deployment),
    },
    data: { stage: 'promotion', version: plan.version, digest, ...to, criteria: [...criteria] },
    summary: promotionSummary(known, { decision: 'go', reasonCode, message }, criteria),
  }
}

/** Nothing is written: who asks too early changes nothing of the release. */
const held = (
  known: GateCase,
  environment: string,
  decision: ReturnType<typeof decide>,
  criteria: readonly Criterion[],
): Outcome => {
  const { plan, digest } = known
  const message = `${plan.version} may not be promoted to ${environment}: ${decision.message}`
  return {
    ...decision,
    message,
    failed: true,
    outputs: {},
    data: { stage: 'promotion', version: plan.version, digest, environment, criteria: [...criteria] },
    summary: promotionSummary(known, { ...decision, message }, criteria),
  }
}
