import type { Plan } from '@relman/core/plan/plan'
import { byHand, rollbackPage } from '@relman/core/rollback/page'
import { rateChart } from '@relman/core/rollout/chart'
import { checkBehind } from '@relman/core/rollout/check-of'
import { byEnd, sumFigures } from '@relman/core/rollout/figures'
import { latencyTable, mainMetric } from '@relman/core/rollout/tables'
import type { Outcome } from '@relman/core/runtime/outcome'
import { inline } from '@relman/core/text/escape-markdown'
import type { Found } from './find.ts'
import type { Inputs } from './inputs.ts'
import type { Undone } from './undo.ts'
import type { Verified } from './verify-recovery.ts'

export type Facts = {
  input: Inputs
  plan: Plan
  found: Found
  undone: Undone
  verified: Verified | null
  at: number
}

const ids = ({ digest, deployment, token }: Found) => ({
  found: 'true',
  digest,
  deployment: String(deployment),
  token: String(token),
})

/** Nothing to undo is a decision: a watch finds nothing most of the time. */
export const nothingFound = ({ operation }: Inputs, why: string): Outcome => ({
  decision: 'nothing-found',
  reasonCode: operation === 'watch' ? 'nothing-lost' : 'no-live-release',
  message: why,
  failed: operation === 'manual',
  outputs: { recovered: 'false', weight: '', found: 'false', digest: '', deployment: '', token: '' },
  data: {},
  summary: '',
})

/** What would be done, told without reaching driver or GitHub's writing side. */
export const wouldReturn = (input: Inputs, plan: Plan, found: Found): Outcome => {
  const stable = plan.previous?.version ?? 'the version before'
  const message = `would set the weight of ${plan.version} to 0 %, read it back, report it and verify ${stable}; nothing was moved`
  return {
    decision: 'would-return',
    reasonCode: 'dry-run',
    message,
    failed: false,
    outputs: { recovered: 'false', weight: '', ...ids(found), found: String(input.operation === 'watch') },
    data: {},
    summary: `# Dry run: roll back ${inline(plan.service)} ${inline(plan.version)}\n\n${inline(message)}\n\nBy hand: ${byHand(plan)}`,
  }
}

/** Codes of a rollback: what was done, and whether the service was seen to recover. */
const codeOf = ({ undone, verified }: Facts): { decision: string; reasonCode: string; failed: boolean } => {
  switch (undone.kind) {
    case 'refused':
      return { decision: 'refused', reasonCode: 'stale-token', failed: true }
    case 'nothing-to-undo':
      return { decision: 'unchanged', reasonCode: 'nothing-to-undo', failed: false }
    case 'already-settled':
      return { decision: 'unchanged', reasonCode: 'already-settled', failed: false }
    case 'stuck':
      return { decision: 'stuck', reasonCode: 'traffic-stuck', failed: true }
    default:
  }
  const decision = undone.kind === 'unchanged' ? 'unchanged' : 'returned'
  if (!verified) {
    const seen = undone.entries.findLast(({ word }) => word === 'recovered' || word === 'not-recovered')?.word
    if (seen === 'not-recovered') return { decision, reasonCode: 'not-recovered', failed: true }
    return { decision, reasonCode: seen ? 'already-returned' : 'recovery-unverified', failed: false }
  }
  const { state } = verified.recovery
  if (state === 'unverified') return { decision, reasonCode: 'recovery-unverified', failed: false }
  return { decision, reasonCode: state, failed: state === 'not-recovered' }
}

/** The outcome with the page as its summary. */
export const outcomeOf = (facts: Facts): Outcome => {
  const { plan, found, undone, verified } = facts
  const codes = codeOf(facts)
  const stable = plan.previous?.version ?? 'the version before'
  const back = undone.kind === 'returned' || undone.kind === 'unchanged'
  const weight = back ? 0 : (undone.way?.weight ?? null)
  const recoverySeconds = undone.way?.returned
    ? undone.startedAt + undone.way.seconds - undone.noticedAt
    : null
  const message = sentenceOf(facts, stable)
  const recovered = codes.reasonCode === 'recovered' || codes.reasonCode === 'already-returned'
  return {
    ...codes,
    message,
    outputs: {
      recovered: String(
        recovered || codes.reasonCode === 'nothing-to-undo' || codes.reasonCode === 'already-settled',
      ),
      weight: weight === null ? '' : String(weight),
      ...ids(found),
    },
    data: {
      deployment: found.deployment,
      weight,
      attempts: undone.way?.attempts ?? 0,
      returnSeconds: undone.way?.seconds ?? null,
      recoverySeconds,
      recovery: verified?.recovery.state ?? null,
    },
    summary:
      back || undone.kind === 'stuck' ? pageOf(facts, weight, recoverySeconds) : `# ${inline(message)}`,
  }
}

const sentenceOf = ({ undone, verified, plan }: Facts, stable: string): string => {
  switch (undone.kind) {
    case 'refused':
      return `another rollout of ${plan.service} holds the lease; its traffic was not touched`
    case 'nothing-to-undo':
      return `${plan.version} was never exposed; nothing was moved`
    case 'already-settled':
      return `the rollout of ${plan.version} is settled in the record; nothing was moved`
    case 'stuck':
      return `TRAFFIC IS NOT BACK on ${stable}: ${undone.way?.fault}`
    default: {
      const how = undone.way
        ? `after ${undone.way.seconds.toFixed(1)} s and ${undone.way.attempts} attempt(s)`
        : 'already'
      const words = verified ? `; ${verified.recovery.state}: ${verified.recovery.words}` : ''
      return `traffic is back on ${stable} ${how}${words}`
    }
  }
}

const against = new Set(['unhealthy', 'inconclusive', 'returning'])

const pageOf = (facts: Facts, weight: number | null, recoverySeconds: number | null): string => {
  const { plan, found, undone, verified, input } = facts
  const { way } = undone
  const checks = plan.policy.metrics?.checks ?? []
  const metric = mainMetric(checks)
  const exposure = verified?.exposure ?? []
  const entries = [...undone.entries, ...(undone.reporter?.added() ?? [])]
  // What the rollout itself said against the version; a step that was proven is no cause.
  const cause = undone.entries.find(({ reason, word }) => reason !== null && against.has(word))?.reason
  const decisive = checkBehind(cause ?? found.reason, checks) ?? metric
  const points = byEnd(exposure).map(([at, observations]) => ({ at, weight: 0, observations }))
  return rollbackPage({
    plan,
    back: undone.kind !== 'stuck',
    weight,
    fault: way?.fault ?? null,
    steps: [
      way
        ? {
            step: 'traffic',
            result: way.returned ? '✔ read back 0 %' : `✘ ${way.fault}`,
            seconds: way.seconds,
          }
        : { step: 'traffic', result: '✔ was at 0 % already', seconds: null },
    ],
    reason: input.reason || cause || found.reason,
    entries,
    recovery: verified?.recovery ?? null,
    recoverySeconds,
    at: facts.at,
    impact:
      exposure.length > 0 && metric ? sumFigures(exposure.filter((one) => one.metric === metric)) : null,
    evidence: cause && input.reason ? `The rollout said: ${cause}` : '',
    chart: [latencyTable(points, checks), decisive ? rateChart(points, decisive) : '']
      .filter((part) => part !== '')
      .join('\n\n'),
  })
}
