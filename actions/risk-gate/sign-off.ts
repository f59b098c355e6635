import { ConfigurationError } from '@relman/core/config/configuration-error'
import type { Outcome } from '@relman/core/runtime/outcome'
import { judgeSignoff, type SignoffVerdict } from '@relman/core/signoff/judge-signoff'
import { signoffReasons, signoffRemedies } from '@relman/core/signoff/signoff-reason'
import { attemptApprovals } from './attempt-approvals.ts'
import { refused, signedOff } from './drafts.ts'
import { type GateCase, readPeople } from './gate-case.ts'
import { remember } from './outcomes.ts'
import { signoffSummary } from './summary.ts'

/** Inside the environment's own job: who let it run, and does that count for this plan? */
export const gateSignoff = async (known: GateCase): Promise<Outcome> => {
  const { plan, input, release, context, digest } = known
  const wanted = plan.signoffs.find(({ role }) => role === input.role)
  if (!wanted) {
    const roles = plan.signoffs.map(({ role }) => role).join(', ') || 'none'
    throw new ConfigurationError(
      `input "role": this plan asks for the sign-off of ${roles}, not of "${input.role}"`,
    )
  }
  const people = await readPeople(known)
  const others = release.signoffs.filter(
    (one) => one.digest === digest && one.run === context.run.id && one.attempt === context.run.attempt,
  )
  const verdict = judgeSignoff({ ...wanted, ...people, approvals: await attemptApprovals(known), others })
  const outcome = outcomeOf(known, verdict, people.makers.unknown)
  const { role, environment, by, comment, reason } = verdict
  const event = reason
    ? refused(known, 'signoff', { reason, message: outcome.message, role, by })
    : signedOff(known, { role, environment, by, comment })
  await remember(known, [event])
  return outcome
}

const outcomeOf = (known: GateCase, verdict: SignoffVerdict, unknown: number): Outcome => {
  const { role, environment, by, comment, reason } = verdict
  const { plan, digest } = known
  return {
    decision: reason ? 'no-go' : 'go',
    reasonCode: reason ?? 'signed-off',
    message: reason
      ? `the sign-off of ${role} does not count: ${signoffReasons[reason]}${by ? ` (${by})` : ''}; ${signoffRemedies[reason]}`
      : `${by} signed off for ${role}`,
    failed: reason !== null,
    outputs: {},
    data: {
      stage: 'signoff',
      version: plan.version,
      digest,
      role,
      environment,
      by,
      comment,
      unknownAuthors: unknown,
    },
    summary: signoffSummary(known, verdict, unknown),
  }
}
