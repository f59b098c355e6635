import { baselineGuarantee } from '../baseline/baseline-kind.ts'
import type { JudgeState } from '../verdict/judge.ts'
import type { MetricVerdict, Verdict } from '../verdict/verdict.ts'
import { verdictReasons } from '../verdict/verdict-reasons.ts'
import type { ChartPoint } from './chart.ts'
import { stepWords } from './difference-words.ts'
import type { Rung } from './ladder.ts'
import { quantilesOf } from './quantiles.ts'
import type { Visit } from './rollout-state.ts'
import { type StepProspect, stepProspects, trafficOf } from './step-prospect.ts'
import type { Unanswered } from './unanswered.ts'
import type { CriterionAccount, VerdictFile } from './verdict-file.ts'

const mostLooks = 500

/** What `verdict.json` is written from. */
export type Told = {
  about: Pick<VerdictFile, 'action' | 'service' | 'version' | 'previous' | 'digest' | 'writtenAt'>
  answer: { decision: string; reasonCode: string; message: string }
  judge: JudgeState | null
  verdict: Verdict | null
  points: readonly ChartPoint[]
  visits: readonly Visit[]
  rungs: readonly Rung[]
  prospects: readonly string[]
  down: string | null
  unanswered?: readonly Unanswered[]
  notes: readonly string[]
}

/** Whose account it is. `writtenAt`: Unix seconds, as the clock of the job has it. */
export const aboutPlan = (
  action: VerdictFile['action'],
  plan: { service: string; version: string; previous: { version: string } | null },
  digest: string,
  writtenAt: number,
): Told['about'] => ({
  action,
  service: plan.service,
  version: plan.version,
  previous: plan.previous?.version ?? null,
  digest,
  writtenAt,
})

/** The account of a rollout or window, in the form of `verdict.json`. */
export const writeVerdict = (told: Told): VerdictFile => {
  const { about, answer, judge, verdict, points, down } = told
  // What was proven before says nothing of a time in which nothing was seen.
  const dark = down !== null && verdict !== null && verdict.verdict !== 'unhealthy'
  return {
    schema: 1,
    ...about,
    decision: answer.decision,
    reasonCode: answer.reasonCode,
    verdict: dark ? 'inconclusive' : (verdict?.verdict ?? null),
    reason: dark ? 'metrics-down' : (verdict?.reason ?? null),
    words: dark ? answer.message : (verdict?.words ?? answer.message),
    decidedBy: verdict?.metric ?? null,
    at: verdict?.at ?? null,
    alpha: judge?.rules.alpha ?? 0.01,
    steps: [...told.visits],
    criteria: criterionAccounts(told),
    looks: points.slice(-mostLooks).flatMap(({ at, verdict: look }) => (look ? [lookOf(at, look)] : [])),
    prospects: [...told.prospects],
    down,
    unanswered: (told.unanswered ?? []).map((one) => ({ ...one })),
    notes: [...told.notes],
  }
}

type Accounted = Pick<Told, 'judge' | 'verdict' | 'points' | 'rungs'>

/** What is told of each criterion, one by one. */
export const criterionAccounts = ({ judge, verdict, points, rungs }: Accounted): CriterionAccount[] =>
  judge && verdict ? verdict.metrics.map((metric) => account(metric, verdict, judge, { points, rungs })) : []

const lookOf = (at: number, look: Verdict): VerdictFile['looks'][number] => ({
  at,
  step: look.step,
  weight: look.weight,
  verdict: look.verdict,
  reason: look.reason,
  against: look.evidenceAgainst,
  for: Object.fromEntries(
    look.metrics
      .filter(({ kind }) => kind !== 'health')
      .map(({ metric, evidenceFor }) => [metric, evidenceFor]),
  ),
})

const account = (
  metric: MetricVerdict,
  verdict: Verdict,
  judge: JudgeState,
  { points, rungs }: Pick<Told, 'points' | 'rungs'>,
): CriterionAccount => {
  const { rules, metrics } = judge
  const state = metrics.find(({ criterion }) => criterion.metric === metric.metric)
  const name = state?.criterion.observes ?? metric.metric
  const observed = points.flatMap(({ observations }) => observations.filter((one) => one.metric === name))
  const latency = metric.kind === 'latency' ? quantilesOf(observed) : null
  const baseline = metric.baseline ?? 'stable'
  const rung = rungs.find(({ step }) => step === verdict.step)
  const last = rungs.find(({ step }) => step === verdict.step + 1)?.last ?? true
  const all = points.flatMap(({ observations }) => observations)
  const prospect = rung
    ? stepProspects(judge, rung, last, trafficOf(all)).find((one) => one.metric === metric.metric)
    : undefined
  const decided = points.find(
    (point) =>
      point.verdict?.step === verdict.step &&
      point.verdict.metrics.some((one) => one.metric === metric.metric && one.verdict === metric.verdict),
  )
  return {
    metric: metric.metric,
    kind: metric.kind ?? 'ratio',
    text: metric.criterion,
    required: metric.required ?? true,
    source: metric.source ?? 'provider',
    baseline: { kind: baseline, guarantee: metric.guarantee ?? baselineGuarantee(baseline) },
    new: metric.canary,
    stable: metric.stable,
    ...(latency
      ? { latency: { edge: metric.edge ?? null, new: latency.canary, stable: latency.stable } }
      : {}),
    unit: metric.unit ?? 'share',
    estimate: finite(metric.estimate),
    interval: metric.bounds?.every(Number.isFinite) ? metric.bounds : null,
    margin: metric.margin,
    promised: metric.promised ?? null,
    ceiling: metric.ceiling ?? null,
    evidence: {
      against: metric.evidenceAgainst,
      for: metric.evidenceFor,
      words: metric.words,
      wanted: { against: 1 / rules.alpha, for: last ? rules.promote.last : rules.promote.intermediate },
    },
    verdict: metric.verdict,
    reason: metric.reason,
    means: verdictReasons[metric.reason],
    decidedAt: metric.verdict === 'inconclusive' ? null : (decided?.at ?? null),
    notProven: metric.verdict === 'healthy' ? null : unproven(metric, prospect),
    provable: prospect ? { margin: prospect.provable, limit: prospect.limit } : null,
    ...(metric.instance ? { instance: metric.instance } : {}),
    ...(metric.since === undefined ? {} : { since: metric.since }),
    ...(metric.detail ? { detail: metric.detail } : {}),
  }
}

const finite = (value: number | null): number | null =>
  value !== null && Number.isFinite(value) ? value : null

const unproven = (metric: MetricVerdict, prospect: StepProspect | undefined): string => {
  const step = stepWords(metric)
  const what = step === '–' ? metric.criterion : `${metric.criterion}: ${step}`
  const why = metric.detail ?? `${verdictReasons[metric.reason]}; ${metric.words}`
  if (metric.verdict === 'unhealthy' || !prospect || prospect.enough) return `${what} was not proven: ${why}`
  const least =
    prospect.provable === null
      ? 'no margin'
      : stepWords({ ...metric, margin: prospect.provable, promised: null })
  return `${what} was not proven: ${why}. Such a step can be expected to prove ${least}`
}
