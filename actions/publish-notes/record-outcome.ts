import type { Outcome } from '@relman/core/runtime/outcome'
import type { Settlement } from '@relman/core/settlement/settle'
import { code, inline } from '@relman/core/text/escape-markdown'
import { showSeconds } from '@relman/core/text/show-seconds'
import type { Recorded } from './record-rollout.ts'
import type { ReleaseFacts } from './release-facts.ts'

const red: readonly Settlement['state'][] = ['deployment-failed', 'rollback-failed']

/** What was recorded. The job is red where somebody has to act: a way back that failed, a success that does not hold. */
export const recordOutcome = (
  facts: ReleaseFacts,
  settlement: Settlement,
  { state, ticketUrl, troubles, closed }: Recorded,
): Outcome => {
  const { plan, digest, ports } = facts
  const { rollout, reason, faults, recoverySeconds, settled, verified } = settlement
  const message = [sentence(facts, settlement), ...faults.slice(0, 5), ...troubles].join('; ')
  return {
    decision: ports.dryRun ? 'would-record' : 'recorded',
    reasonCode: reason.replace(/[^a-z0-9-]/g, '-') || 'recorded',
    message,
    failed: red.includes(settlement.state),
    outputs: { state, url: ticketUrl, 'change-request': closed.path },
    data: {
      version: plan.version,
      digest,
      state,
      ending: settlement.state,
      reason,
      faults,
      settled,
      recoverySeconds,
      verified,
      weight: rollout.weight,
      steps: rollout.visits.map(({ step, weight, verdict }) => ({ step, weight, verdict })),
    },
    summary: summary(facts, settlement, message, ticketUrl, closed.said),
  }
}

const sentence = (
  { plan }: ReleaseFacts,
  { state, reason, recoverySeconds, rollout }: Settlement,
): string => {
  const name = `${plan.service} ${plan.version}`
  const stable = plan.previous?.version ?? 'what ran before'
  const back = recoverySeconds === null ? '' : `, ${recoverySeconds} s after the fault was found`
  switch (state) {
    case 'deployed':
      return `${name} is live with 100 % of the traffic`
    case 'rolled-back':
      return `${name} was rolled back to ${stable}${back} (${reason})`
    case 'rollback-failed':
      return reason === 'not-recovered'
        ? `traffic is back on ${stable}, but it was not seen to recover`
        : `THE WAY BACK OF ${name} FAILED (${reason}): bring its traffic to 0 % by hand`
    case 'deployment-failed':
      return `${name} claims a success that does not hold (${reason}); start the rollback workflow, or the watchdog brings it back`
    case 'execution-failed':
      return `${name} was never exposed (${reason})`
    case 'held':
      return `${name} waits at ${rollout.weight} % for a person (${reason})`
  }
}

const summary = (
  { plan, digest }: ReleaseFacts,
  { rollout, faults }: Settlement,
  message: string,
  ticketUrl: string,
  closed: string,
): string => {
  const rows = rollout.visits.map(
    (visit) =>
      `| ${visit.step + 1} | ${visit.weight} % | ${visit.verdict ?? '–'} | ${inline(visit.reason ?? '', 80)} | ${visit.endedAt === null ? '' : showSeconds(visit.endedAt - visit.movedAt)} |`,
  )
  return [
    `# ${inline(plan.service)} ${inline(plan.version)}: recorded`,
    `**${inline(message, 1_000)}**`,
    rows.length > 0
      ? `| step | traffic | verdict | reason | time |\n|---|---|---|---|---|\n${rows.join('\n')}`
      : '',
    faults.length > 0
      ? `## What does not fit\n\n${faults
          .slice(0, 50)
          .map((fault) => `- ${inline(fault, 300)}`)
          .join('\n')}`
      : '',
    `Plan ${code(digest.slice(0, 12))}${ticketUrl ? `, ticket ${ticketUrl}` : ''}${closed ? `; ${inline(closed, 300)}` : ''}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}
