import { metricsPolicy } from '../config/metrics-policy.ts'
import { criteriaOf, judgeSettings } from '../rollout/criteria.ts'
import type { Rung } from '../rollout/ladder.ts'
import type { MetricCriterion } from '../verdict/criterion.ts'
import type { JudgeSettings } from '../verdict/settings.ts'
import type { ReplayPolicy } from './replay-trace.ts'
import type { Trace } from './trace.ts'

const nothing = metricsPolicy.parse({})

/** What errors are held to where the configuration has no check of them: the same as a check with nothing written. */
const usualErrors = {
  ...nothing,
  checks: [{ kind: 'ratio' as const, name: 'errors', total: '', events: '', required: true }],
}

/** What latency is held to where the configuration checks nothing at all. */
const usualLatency = {
  ...nothing,
  checks: [{ kind: 'latency' as const, name: 'latency', histogram: '', required: true }],
}

const isErrors = ({ kind, about = 'errors' }: MetricCriterion) => kind === 'ratio' && about === 'errors'

/**
 * What a trace is judged by: every criterion of the configuration that it can answer, limits and further quantiles
 * included. Its errors stand for each check of errors; its latency, where it has one, for each check of latency. Without any
 * check both are held to what a check with nothing written promises.
 */
export function tracedSettings(
  { margin, arms }: Trace,
  policy: ReplayPolicy,
  rungs: readonly Rung[],
): JudgeSettings {
  const settings = judgeSettings(policy, rungs, [])
  const hasLatency = [...arms.canary, ...arms.stable].some(({ latency }) => latency)
  // A trace is of requests of users; criteria of probes are about others.
  const own = settings.criteria.filter(({ source }) => source !== 'probes')
  const errors = own.filter(isErrors)
  const timed =
    settings.criteria.length > 0
      ? own.filter(({ kind }) => kind === 'latency')
      : criteriaOf(usualLatency, rungs)
  const latency = hasLatency ? timed : []
  const all = [...(errors.length > 0 ? errors : criteriaOf(usualErrors, rungs)), ...latency]
  const asked = margin === undefined ? all : all.flatMap((one) => atMargin(one, margin))
  return { ...settings, criteria: asked, warmUpSeconds: 0 }
}

/** One step, which is the last: errors are held to its own margin, everything else to its final promise. */
function atMargin(criterion: MetricCriterion, margin: number): MetricCriterion[] {
  const { margins, ceiling, ceilingTimes } = criterion
  if (isErrors(criterion) && margins.length > 0) return [{ ...criterion, unit: 'share', margins: [margin] }]
  // The default limit does not hold for who allows more than it.
  if (ceilingTimes !== undefined && ceiling !== undefined && margin >= ceiling) return []
  return [{ ...criterion, margins: margins.slice(-1) }]
}
