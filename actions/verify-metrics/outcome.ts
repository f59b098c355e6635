import type { Plan } from '@relman/core/plan/plan'
import { demandsOf } from '@relman/core/rollout/chart'
import { evidencePage } from '@relman/core/rollout/evidence-page'
import { probedChecks } from '@relman/core/rollout/from-probes'
import { ladder } from '@relman/core/rollout/ladder'
import { mainMetric, stepTable } from '@relman/core/rollout/tables'
import { weightWords } from '@relman/core/rollout/told-weight'
import { unprovenPage } from '@relman/core/rollout/unproven-page'
import type { VerdictFile } from '@relman/core/rollout/verdict-file'
import { aboutPlan, writeVerdict } from '@relman/core/rollout/write-verdict'
import type { Outcome } from '@relman/core/runtime/outcome'
import { inline } from '@relman/core/text/escape-markdown'
import type { VerdictValue } from '@relman/core/verdict/verdict'
import type { z } from 'zod'
import type { Recomputed } from './recompute.ts'
import { probesPage, type ReportedProbes } from './reported-probes.ts'

type JSONType = z.core.util.JSONType

const json = (value: unknown): JSONType => JSON.parse(JSON.stringify(value ?? null)) as JSONType

/** One verdict for one window; only a proven margin lets the job pass. `told`: the weight in percent that was said. */
export const windowOutcome = (plan: Plan, found: Recomputed, told: number | null): Outcome => {
  const [visit] = found.visits
  const verdict = visit?.verdict ?? 'inconclusive'
  const reasonCode =
    found.down === null
      ? (visit?.reason ?? (visit?.weight === 100 ? 'nothing-to-compare' : 'no-data'))
      : 'metrics-down'
  const nothing =
    visit?.verdict === null && visit.weight >= 100 ? uncompared : 'nothing was seen in the window'
  const words = visit?.verdict === null ? nothing : (found.last?.words ?? nothing)
  const weight = visit ? weightWords(told, visit, visit.observed !== null) : null
  const message = `${found.down ?? words}${weight === null ? '' : `; ${weight}`}`
  const decision: VerdictValue = found.down !== null && verdict === 'healthy' ? 'inconclusive' : verdict
  return {
    decision,
    reasonCode,
    message,
    failed: decision !== 'healthy',
    outputs: { verdict: decision, evidence: '' },
    data: { visit: json(visit), verdict: json(found.last) },
    summary: pageOf(plan, found, `${decision} (${reasonCode})`, null, weight),
  }
}

const uncompared = 'inconclusive: at 100 % there is no stable version beside the new one to compare it with'

/** Evidence of a whole rollout. What it means is the recorder's to decide, so the job passes whatever it shows. */
export const evidenceOutcome = (
  plan: Plan,
  about: { digest: string; deployment: number },
  found: Recomputed,
  probes: ReportedProbes | null,
): Outcome => {
  const verdict = overall(found)
  const metrics = found.last?.metrics ?? []
  const evidence = {
    schema: 1,
    ...about,
    verdict,
    down: found.down,
    visits: found.visits,
    metrics,
    notes: found.notes,
    ...(probes ? { probes } : {}),
  }
  const reasonCode =
    found.down !== null ? 'metrics-down' : found.visits.length === 0 ? 'nothing-exposed' : 'recomputed'
  const steps = found.visits
    .map(({ weight, verdict: one }) => `${weight} % ${one ?? 'not judged'}`)
    .join(', ')
  return {
    decision: 'evidence',
    reasonCode,
    message:
      found.down ??
      (steps === ''
        ? 'nobody was exposed, so there is nothing to judge'
        : `judged again from the provider: ${steps}`),
    failed: false,
    outputs: { verdict: verdict ?? '', evidence: JSON.stringify(evidence) },
    data: { evidence: json(evidence) },
    summary: pageOf(plan, found, 'judged again from the metrics provider', probes),
  }
}

/** Unhealthy if any step was; healthy only if every compared step was. */
const overall = ({ visits, down }: Recomputed): VerdictValue | null => {
  const verdicts = visits.flatMap(({ verdict }) => (verdict === null ? [] : [verdict]))
  if (verdicts.length === 0) return null
  if (verdicts.includes('unhealthy')) return 'unhealthy'
  return down === null && verdicts.every((verdict) => verdict === 'healthy') ? 'healthy' : 'inconclusive'
}

const pageOf = (
  plan: Plan,
  found: Recomputed,
  title: string,
  probes: ReportedProbes | null = null,
  said: string | null = null,
): string => {
  const checks = plan.policy.metrics?.checks ?? []
  const lacks = [...(found.down ? [found.down] : []), ...found.notes]
  return [
    `# ${inline(plan.service)} ${inline(plan.version)}: ${inline(title)}`,
    ...(said === null ? [] : [inline(said, 400)]),
    ...evidencePage({
      verdict: found.last,
      points: found.points,
      checks,
      demands: demandsOf(found.judge?.rules ?? { alpha: 0.01, promote: { intermediate: 10, last: 20 } }),
      lastStep: Math.max(
        ...ladder(plan.policy.rollout)
          .filter(({ last }) => !last)
          .map(({ step }) => step),
      ),
      lacks,
    }),
    ...unprovenPage({
      judge: found.judge,
      verdict: found.last,
      points: found.points,
      rungs: ladder(plan.policy.rollout),
    }),
    ...(found.shown.length > 0 ? ['## Steps', stepTable(found.shown, found.points, mainMetric(checks))] : []),
    ...probesPage(probes, probedChecks(plan.policy.metrics)),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

/** The account of the window or rollout for `verdict.json`. */
export const accountOf = (
  plan: Plan,
  found: Recomputed,
  digest: string,
  outcome: Outcome,
  now: number,
): VerdictFile =>
  writeVerdict({
    about: aboutPlan('verify-metrics', plan, digest, now),
    answer: outcome,
    judge: found.judge,
    verdict: found.last,
    points: found.points,
    visits: found.shown,
    rungs: ladder(plan.policy.rollout),
    prospects: [],
    down: found.down,
    notes: found.notes,
  })
