import { ConfigurationError } from '@relman/core/config/configuration-error'
import { environmentsBefore } from '@relman/core/promotion/promoted'
import { promotionMarker } from '@relman/core/promotion/promotion-deployment'
import { promotionKey } from '@relman/core/promotion/unfinished'
import type { EventDraft, RunRef } from '@relman/core/record/event'
import type { Outcome } from '@relman/core/runtime/outcome'
import { code, cut, inline } from '@relman/core/text/escape-markdown'
import type { ReleaseFacts } from './release-facts.ts'
import { projectTicket } from './ticket.ts'

/**
 * Row P24: writes how a promotion ended, by the result of the job that deployed, and closes its deployment. Only a deployment that
 * the gate of this very run created is closed, and only `success` of that job makes it a success. A second run adds what is
 * missing.
 *
 * @throws ConfigurationError for a deployment or an environment that this run did not promote to
 */
export const recordPromotion = async (facts: ReleaseFacts): Promise<Outcome> => {
  const { input, ports, plan, digest, context } = facts
  const { environment, deployment, 'walk-result': result } = input
  if (!environmentsBefore(plan).includes(environment) || deployment === null)
    throw new ConfigurationError(
      `input "${deployment === null ? 'deployment' : 'environment'}": pass the output of risk-gate (stage promotion)`,
    )
  const before = await ports.store.events(plan.service, plan.version)
  const begun = before.findLast(
    ({ kind, data, run, digest: of }) =>
      kind === 'promoting' &&
      data['environment'] === environment &&
      run?.id === context.run.id &&
      of === digest,
  )?.run
  const marker = begun ? promotionMarker(plan, digest, environment, begun) : null
  const all = await ports.github.deployments.of(
    environment,
    plan.sha,
    (payload) => marker !== null && (payload as { marker?: unknown } | null)?.marker === marker,
  )
  if (!begun || !all.some(({ id }) => id === deployment))
    throw new ConfigurationError(
      `input "deployment": ${deployment} is not the deployment to ${environment} that the gate of this run created; pass its output`,
    )
  // A job that is run again after it promoted is refused before it deploys: what is there stays there.
  const there = before.some(({ key }) => key === promotionKey('promoted', environment, begun))
  if (there && result !== 'success')
    return outcomeOf(facts, true, `by run ${begun.id} before; nothing was changed`)
  const succeeded = result === 'success'
  const said = cut(input.reason, 500)
  const why = succeeded ? said : said || `the job that deploys ended with ${result || 'nothing'}`
  const outcome = outcomeOf(facts, succeeded, why)
  if (ports.dryRun) return outcome
  const draft = ended(facts, begun, succeeded, why)
  const { events } = await ports.store.append(plan.service, plan.version, [draft])
  const state = succeeded ? 'success' : 'failure'
  const status = `${succeeded ? 'promoted' : 'not promoted'}: ${plan.version}`.slice(0, 140)
  await ports.github.deployments.report(deployment, state, status)
  const ticket = await projectTicket(facts, events, 'promotion')
  return {
    ...outcome,
    message: [outcome.message, ticket.trouble].filter((part) => part !== '').join('; '),
    outputs: { ...outcome.outputs, url: ticket.url },
  }
}

const ended = (
  { input, plan, digest, context }: ReleaseFacts,
  begun: RunRef,
  succeeded: boolean,
  why: string,
): EventDraft => {
  const kind = succeeded ? 'promoted' : 'promotion-failed'
  return {
    kind,
    key: promotionKey(kind, input.environment, begun),
    actor: context.actor,
    run: context.run,
    digest,
    token: null,
    data: {
      environment: input.environment,
      sha: plan.sha,
      deployment: input.deployment,
      ...(plan.artifact?.digest ? { 'artifact-digest': plan.artifact.digest } : {}),
      ...(succeeded ? { confirmed: why } : { error: why }),
    },
  }
}

/** The job that deployed is red where it failed; this one wrote that down, and is green. */
const outcomeOf = (
  { input, plan, digest, ports }: ReleaseFacts,
  succeeded: boolean,
  why: string,
): Outcome => {
  const { environment } = input
  const message = `${plan.service} ${plan.version} ${succeeded ? `was promoted to ${environment}` : `was NOT promoted to ${environment}`}${why ? `: ${why}` : ''}`
  const reasonCode = succeeded ? 'promoted' : 'promotion-failed'
  return {
    decision: ports.dryRun ? 'would-record' : 'recorded',
    reasonCode,
    message,
    failed: false,
    outputs: { state: reasonCode },
    data: { version: plan.version, digest, environment, deployment: input.deployment, state: reasonCode },
    summary: `# ${inline(plan.service)} ${inline(plan.version)}: ${succeeded ? 'promoted' : 'not promoted'} to ${inline(environment)}\n\n**${inline(message, 1_000)}**\n\nPlan ${code(digest.slice(0, 12))}`,
  }
}
