import type { Criterion } from '@relman/core/gate/criterion'
import type { GateDecision } from '@relman/core/gate/decision'
import type { Refusal } from '@relman/core/gate/overtaken'
import { showCriteria } from '@relman/core/gate/show-criteria'
import { shownPlan } from '@relman/core/plan/withhold'
import { probeWords } from '@relman/core/rollout/from-probes'
import type { SignoffVerdict } from '@relman/core/signoff/judge-signoff'
import { signoffReasons, signoffRemedies } from '@relman/core/signoff/signoff-reason'
import { code, inline } from '@relman/core/text/escape-markdown'
import type { GateCase } from './gate-case.ts'
import type { Stage } from './inputs.ts'

const marks = { go: '✅', 'no-go': '❌', inconclusive: '❔' } as const

/** The decision, then what could go wrong, then what it was decided by. */
export const decisionSummary = (
  known: GateCase,
  stage: Stage,
  { decision, reasonCode, message }: GateDecision,
  criteria: readonly Criterion[],
  lookAgain: string | null,
): string =>
  [
    `${heading(known, stage)}`,
    `${marks[decision]} **${decision}** ${code(reasonCode)}: ${inline(message, 1_000)}`,
    ...(lookAgain ? [`Look again at ${lookAgain}: run this job again then.`] : []),
    wrong(known),
    '#### Criteria',
    showCriteria(criteria),
    wayBack(known),
  ].join('\n\n')

/** The decision and what stands in the way; the whole plan is on the pages of the release. */
export const promotionSummary = (
  known: GateCase,
  { decision, reasonCode, message }: GateDecision,
  criteria: readonly Criterion[],
): string =>
  [
    heading(known, 'promotion'),
    `${marks[decision]} **${decision}** ${code(reasonCode)}: ${inline(message, 1_000)}`,
    ...(criteria.length > 0 ? ['#### Criteria', showCriteria(criteria)] : []),
  ].join('\n\n')

export const refusalSummary = (known: GateCase, stage: Stage, { reasonCode, message }: Refusal): string =>
  [heading(known, stage), `❌ **no-go** ${code(reasonCode)}: ${inline(message, 1_000)}`].join('\n\n')

export const signoffSummary = (known: GateCase, verdict: SignoffVerdict, unknown: number): string => {
  const { role, environment, reason, by, comment } = verdict
  const who = by === '' ? 'nobody' : code(by)
  const said = comment === '' ? '' : `: “${inline(comment, 1_000)}”`
  const line = reason
    ? `❌ **no-go** ${code(reason)}: ${inline(signoffReasons[reason])} (${who}${said}); ${inline(signoffRemedies[reason])}.`
    : `✅ ${who} signed off for ${inline(role)} in ${inline(environment)}${said}.`
  return [heading(known, 'signoff'), line, ...strangers(unknown), wrong(known)].join('\n\n')
}

export const exposureSummary = (known: GateCase, token: number | null, until: string): string =>
  [
    heading(known, 'exposure'),
    token === null
      ? `✅ **go**: dry run, the lease of ${inline(known.plan.service)} would be taken until ${until}.`
      : `✅ **go**: lease ${token} of ${inline(known.plan.service)} is taken until ${until} at the latest.`,
    wrong(known),
    wayBack(known),
  ].join('\n\n')

const heading = ({ plan, digest }: GateCase, stage: Stage): string =>
  `### Gate (${stage}): ${inline(plan.service)} ${inline(plan.version)}\n\nPlan ${code(digest.slice(0, 8))}, revision ${plan.revision}, risk **${plan.risk.level}**`

const wrong = (known: GateCase): string => {
  const plan = shownPlan(known.plan)
  const { reasons, blast, reversibility } = plan.risk
  const items = reasons
    .slice(0, 10)
    .map(({ item, why, level }) => `- **${level}** ${inline(item)}: ${inline(why)}`)
  const more = reasons.length > 10 ? [`- and ${reasons.length - 10} more in the plan`] : []
  const none = reasons.length === 0 ? ['- nothing stands out'] : []
  const gaps = plan.gaps.map((gap) => `- not known: ${inline(gap)}`)
  return [
    '#### What could go wrong',
    [
      ...none,
      ...items,
      ...more,
      ...gaps,
      ...probeWords(plan.policy.metrics).map((line) => `- probes: ${inline(line, 600)}`),
      `- reach: ${inline(blast)}`,
      `- way back: ${inline(reversibility)}`,
    ].join('\n'),
  ].join('\n\n')
}

const wayBack = ({ plan }: GateCase): string => {
  const { previous, seconds, executor, steps } = plan.rollback
  const target = previous ? `to ${inline(previous)}` : 'nothing to return to: first release'
  const list = steps.map(({ text, seconds }) => `1. ${inline(text)} (${seconds} s)`).join('\n')
  return `#### The way back\n\n${target}, about ${seconds} s, by ${inline(executor)}\n\n${list}`
}

const strangers = (unknown: number): string[] =>
  unknown === 0
    ? []
    : [
        `${unknown} e-mail addresses of authors belong to no GitHub account and could not be compared with the approver.`,
      ]
