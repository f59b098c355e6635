import { ConfigurationError } from '@relman/core/config/configuration-error'
import type { Refusal } from '@relman/core/gate/overtaken'
import { promotionVoid } from '@relman/core/gate/promotion-void'
import type { Plan } from '@relman/core/plan/plan'
import type { RecordStore } from '@relman/core/ports/record-store'
import { newerRefusal } from '@relman/core/promotion/newer-version'
import { environmentsBefore } from '@relman/core/promotion/promoted'
import { unfinished } from '@relman/core/promotion/unfinished'
import type { RunRef } from '@relman/core/record/event'
import { sentence } from '@relman/core/runtime/exposure/move-traffic'
import { readPlan } from '@relman/core/runtime/exposure/read-plan'
import type { Outcome } from '@relman/core/runtime/outcome'
import { readNewer } from '@relman/core/runtime/promotion/read-newer'
import { code, inline } from '@relman/core/text/escape-markdown'
import { confirm } from './confirm.ts'
import { deploy } from './deploy.ts'
import type { Inputs } from './inputs.ts'

type Ports = Parameters<typeof confirm>[2] & {
  record: Pick<RecordStore, 'plan' | 'events' | 'service' | 'neighbours'>
  /** This run and attempt, whose gate opened the promotion. */
  self: RunRef
  /** Fails where the checkout has no such file. */
  read: (path: string) => Promise<string>
}

/** How far clocks of runners may differ, and a gate may take. */
const marginSeconds = 600

const action = '.github/actions/relman-deploy/action.yml'

/**
 * Row P24: brings a planned version to an environment before the last, by the deployment that the rollout uses, and looks
 * whether it is there; `check` stops before that. The caller's action, where there is one, runs between the two in the same job.
 * Both refuse what the record no longer holds open. It reports to nobody: the recorder closes the deployment by how this ended.
 *
 * @throws ConfigurationError for an environment that is not before the last
 */
export const promote = async (input: Inputs, ports: Ports, signal: AbortSignal): Promise<Outcome> => {
  const plan = await readPlan(ports.record, input.digest)
  const { environment } = input
  const before = environmentsBefore(plan)
  if (!before.includes(environment))
    throw new ConfigurationError(
      `input "environment": ${JSON.stringify(environment.slice(0, 100))} is not one of promotion.environments before ${plan.environment} (${before.join(', ') || 'there are none'})`,
    )
  const { command } = plan.policy.deploy
  const { mode } = plan.policy
  const known = { plan, environment, digest: input.digest }
  const ways = [(await isThere(ports)) ? 'your action relman-deploy' : '', command?.[0] ?? '']
    .filter((way) => way !== '')
    .join(', then ')
  if (ways === '')
    return outcomeOf(known, {
      decision: 'refused',
      reasonCode: 'nothing-deploys',
      message: `nothing deploys ${plan.version}: add the action ${action}, or deploy.command to the configuration`,
    })
  if (input['dry-run'] || mode !== 'enforce') {
    const shown = plan.policy.promotion.confirm[environment]
    const how = shown ? [shown.url, shown.command?.[0]].filter(Boolean).join(' and ') : 'nothing'
    return outcomeOf(known, {
      decision: 'would-promote',
      reasonCode: input['dry-run'] ? 'dry-run' : 'mode-observes',
      message: `would deploy ${plan.version} to ${environment} with ${ways}, and confirm it with ${how}; nothing was done`,
    })
  }
  const late = await whyLate(known, ports)
  if (late) return outcomeOf(known, { decision: 'refused', ...late })
  if (input.operation === 'check')
    return outcomeOf(known, {
      decision: 'may-promote',
      reasonCode: 'promotion-open',
      message: `${plan.version} may be deployed to ${environment}`,
    })
  try {
    const fault = await deploy(plan, ports, signal, environment)
    if (fault)
      return outcomeOf(known, { decision: 'refused', reasonCode: fault.reason, message: fault.detail })
    const { well, said } = await confirm(plan, environment, ports, signal)
    if (!well)
      return outcomeOf(known, {
        decision: 'refused',
        reasonCode: 'not-confirmed',
        message: `${plan.version} was deployed to ${environment}, and is not well there: ${said}`,
      })
    const message = `${plan.version} is in ${environment}, by ${ways}: ${said}`
    return outcomeOf(known, { decision: 'promoted', reasonCode: 'promoted', message, confirmed: said })
  } catch (error) {
    const reasonCode = signal.aborted ? 'cancelled' : 'deploy-failed'
    return outcomeOf(known, { decision: 'refused', reasonCode, message: sentence(error) })
  }
}

/**
 * Why the promotion holds no more, by the record alone. The gate saw that the run of a newer promotion had died; only one that began
 * about when this one did, or later, was not judged there.
 */
const whyLate = async (
  about: { plan: Plan; digest: string; environment: string },
  { record, self }: Ports,
): Promise<Refusal | null> => {
  const { plan, environment } = about
  const events = await record.events(plan.service, plan.version)
  const service = await record.service(plan.service)
  const late = promotionVoid(about, self, events, service)
  if (late) return late
  const since = Date.parse(unfinished(events, environment)?.at ?? '') - marginSeconds * 1000
  const newer = (await readNewer(record, plan, environment, service)).find(
    (one) => one.kind !== 'open' || !(Date.parse(one.at) < since),
  )
  return newer ? newerRefusal(newer, plan.version, environment) : null
}

const isThere = ({ read }: Ports): Promise<boolean> =>
  read(action).then(
    () => true,
    () => false,
  )

const outcomeOf = (
  { plan, environment, digest }: { plan: Plan; environment: string; digest: string },
  said: { decision: string; reasonCode: string; message: string; confirmed?: string },
): Outcome => {
  const { decision, reasonCode, message, confirmed = '' } = said
  const artifact = plan.artifact?.digest ?? null
  return {
    decision,
    reasonCode,
    message,
    failed: decision === 'refused',
    outputs: { confirmed: decision === 'refused' ? message : confirmed },
    data: { environment, version: plan.version, digest, artifact },
    summary: [
      `# ${inline(plan.service)} ${inline(plan.version)} to ${inline(environment)}: ${decision}`,
      `**${inline(message, 600)}**`,
      `Artifact ${artifact === null ? 'without a known digest' : code(artifact)}, commit ${code(plan.sha.slice(0, 12))}`,
    ].join('\n\n'),
  }
}
