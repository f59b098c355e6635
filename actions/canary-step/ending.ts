import type { Plan } from '@relman/core/plan/plan'
import { demandsOf } from '@relman/core/rollout/chart'
import { criteriaOf } from '@relman/core/rollout/criteria'
import { stepProofs } from '@relman/core/rollout/criterion-words'
import { evidencePage } from '@relman/core/rollout/evidence-page'
import { restsOnProbes } from '@relman/core/rollout/from-probes'
import type { Rung } from '@relman/core/rollout/ladder'
import { mainMetric, stepTable } from '@relman/core/rollout/tables'
import { stillUnanswered, unansweredSince, unansweredWords } from '@relman/core/rollout/unanswered'
import { unprovenPage } from '@relman/core/rollout/unproven-page'
import type { VerdictFile } from '@relman/core/rollout/verdict-file'
import { aboutPlan, writeVerdict } from '@relman/core/rollout/write-verdict'
import type { StatusReporter } from '@relman/core/runtime/exposure/status-reporter'
import type { Watch } from '@relman/core/runtime/exposure/watch'
import type { Outcome } from '@relman/core/runtime/outcome'
import { inline } from '@relman/core/text/escape-markdown'
import type { z } from 'zod'
import { duration } from './look-line.ts'
import type { Ending } from './walk.ts'

type JSONType = z.core.util.JSONType

export type Shown = {
  plan: Plan
  rungs: readonly Rung[]
  watch: Watch
  reporter: StatusReporter
  deployment: number
}

/** Refused before anybody was exposed. */
export const unexposed = (shown: Shown, { reason, detail }: { reason: string; detail: string }): Outcome =>
  outcomeOf(shown, { kind: 'refused', reason, detail, way: null })

/** The outcome of a walk: the job is red unless the walk is done or halted where it was to halt. */
export const outcomeOf = (shown: Shown, ending: Ending): Outcome => {
  const { plan, watch, reporter } = shown
  const state = ending.state ?? reporter.state()
  const verdict = watch.verdict()
  const dark = watch.down() !== null && verdict?.verdict === 'healthy'
  const unproven = state.visits.some((visit) => visit.reason === 'promoted-unproven')
  const completed = ending.reason === 'completed' && (unproven || restsOnProbes(plan.policy.metrics))
  const reasonCode = !completed ? ending.reason : unproven ? 'completed-unproven' : 'completed-on-probes'
  const ends = ending.kind === 'unchanged' ? state.phase : ending.kind
  const message = sentenceOf(plan, ending, state.weight) + darkWords(shown, ending)
  const decision =
    ends === 'done' || ends === 'held' || ends === 'refused' || ends === 'stuck' ? ends : 'returned'
  return {
    decision,
    reasonCode,
    message,
    failed: ending.reason === 'report-failed' || !(decision === 'done' || decision === 'held'),
    outputs: {
      weight: String(state.weight),
      // What was proven before says nothing of a time in which nothing was seen.
      verdict: dark ? 'inconclusive' : (verdict?.verdict ?? ''),
      state: JSON.stringify(state),
    },
    data: {
      deployment: shown.deployment,
      state: JSON.parse(JSON.stringify(state)) as JSONType,
      verdict: JSON.parse(JSON.stringify(verdict)) as JSONType,
      down: watch.down(),
      unanswered: JSON.parse(JSON.stringify(watch.unanswered())) as JSONType,
    },
    summary: summaryOf(shown, message, ending),
  }
}

const sentenceOf = (plan: Plan, ending: Ending, weight: number): string => {
  const { version } = plan
  const stable = plan.previous?.version ?? 'the version before'
  const why = ending.detail ? `: ${ending.detail}` : ''
  switch (ending.kind) {
    case 'done':
      return `${version} has 100 % of the traffic${restsOnProbes(plan.policy.metrics) ? '; it was promoted on probes, not on requests of users' : ''}`
    case 'held':
      return `${version} holds at ${weight} % as asked; run this step again with a higher "until" to go on`
    case 'returned':
      return `traffic is back on ${stable} (0 % read back after ${ending.way?.seconds.toFixed(1)} s)${why || `, ${ending.reason}`}`
    case 'stuck':
      return `TRAFFIC IS NOT BACK on ${stable}${why}`
    case 'refused':
      return `${version} was not exposed any further, ${ending.reason}${why}`
    case 'unchanged':
      return `nothing was changed: the rollout of ${version} is ${ending.reason.replace('already-', 'already ')} at ${weight} %`
  }
}

/** A release that is done says when its last watch was blind for a while. */
const darkWords = ({ watch, reporter }: Shown, { kind }: Ending): string => {
  const visit = reporter.state().visits.at(-1)
  if (kind !== 'done' || !visit) return ''
  return unansweredSince(watch.unanswered(), visit.movedAt)
    .map((one) => `; ${unansweredWords(one)}`)
    .join('')
}

const summaryOf = ({ plan, rungs, watch, reporter }: Shown, message: string, ending: Ending): string => {
  const { visits } = reporter.state()
  const checks = plan.policy.metrics?.checks ?? []
  const title = ending.kind === 'done' ? 'rolled out' : ending.kind
  return [
    `# ${inline(plan.service)} ${inline(plan.version)}: ${title}`,
    `**${inline(message, 600)}**`,
    ...evidencePage({
      verdict: watch.verdict(),
      points: watch.seen(),
      checks,
      demands: demandsOf(watch.judge().rules),
      lastStep: Math.max(...rungs.filter(({ last }) => !last).map(({ step }) => step)),
      lacks: lacksOf(watch),
      said: message,
    }),
    ...unprovenPage({ judge: watch.judge(), verdict: watch.verdict(), points: watch.seen(), rungs }),
    ...(visits.length > 0 ? ['## Steps', stepTable(visits, watch.seen(), mainMetric(checks))] : []),
    ...foreseenPage(watch),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

const lacksOf = (watch: Watch): string[] => {
  const told = watch.unanswered().map(unansweredWords)
  const open = stillUnanswered(watch.unanswered()) === null ? watch.down() : null
  return [...(open === null ? [] : [open]), ...told, ...watch.notes()]
}

/** What was foretold of each step, so that nobody is surprised by a step that could not be proven. */
const foreseenPage = (watch: Watch): string[] => {
  const lines = watch.foreseen()
  return lines.length > 0
    ? ['## What each step could prove', lines.map((line) => `- ${inline(line, 500)}`).join('\n')]
    : []
}

/** The account of the walk for `verdict.json`. */
export const accountOf = (
  { plan, rungs, watch, reporter }: Shown,
  digest: string,
  outcome: Outcome,
  now: number,
): VerdictFile =>
  writeVerdict({
    about: aboutPlan('canary-step', plan, digest, now),
    answer: outcome,
    judge: watch.judge(),
    verdict: watch.verdict(),
    points: watch.seen(),
    visits: reporter.state().visits,
    rungs,
    prospects: watch.foreseen(),
    down: watch.down(),
    unanswered: watch.unanswered(),
    notes: watch.notes(),
  })

/** What a walk would do, told without reaching anything. */
export const dryRunOutcome = (plan: Plan, rungs: readonly Rung[], until: number): Outcome => {
  const { policy } = plan
  const { drain, inconclusive, answer } = policy.rollout
  const command = policy.deploy.command
  const criteria = criteriaOf(policy.metrics, rungs)
  const proofs = (step: number) =>
    inline(stepProofs(criteria, step).join('; ') || 'nothing, for want of checks', 1000)
  const steps = rungs
    .filter(({ weight }) => weight <= until)
    .map(({ step, weight, min, max, last }) =>
      last
        ? `set ${weight} %, read it back, watch it for ${duration(drain + min)}`
        : `set ${weight} %, read it back, drain ${duration(drain)}, bake ${duration(min)} to ${duration(max)} until it is proven that ${proofs(step)}`,
    )
  const probes = policy.metrics?.probes
  const lines = [
    ...(command ? [`deploy ${plan.version} with \`${inline(command[0] ?? '')}\``] : []),
    ...(probes
      ? [
          `probe both versions ${probes.rate} times a second each, for ${duration(probes.before)} before the first move and as long as it is watched`,
        ]
      : []),
    ...steps,
    `when harm shows: back to 0 % at once; when a step stays unproven: ${inconclusive}${inconclusive === 'ask' ? `, watched for ${duration(answer)} while people decide` : ''}`,
  ]
  const weight = String(Math.max(0, ...rungs.map((rung) => rung.weight).filter((one) => one <= until)))
  return {
    decision: 'would-walk',
    reasonCode: 'dry-run',
    message: `would walk ${plan.version} to ${weight} % in ${steps.length} steps; nothing was moved`,
    failed: false,
    outputs: { weight: '0', verdict: '', state: '' },
    data: { steps: lines },
    summary: [
      `# Dry run: ${inline(plan.service)} ${inline(plan.version)}`,
      lines.map((line) => `1. ${line}`).join('\n'),
    ].join('\n\n'),
  }
}
