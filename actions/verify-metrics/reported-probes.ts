import type { Plan } from '@relman/core/plan/plan'
import type { MetricsProvider } from '@relman/core/ports/metrics'
import { readProbeReport } from '@relman/core/probe/probe-report'
import { probedChecks } from '@relman/core/rollout/from-probes'
import type { Visit } from '@relman/core/rollout/rollout-state'
import { inline } from '@relman/core/text/escape-markdown'
import type { Observation } from '@relman/core/verdict/observation'
import type { VerdictValue } from '@relman/core/verdict/verdict'
import { recompute } from './recompute.ts'

type Counted = { requests: number; errors: number }

/** One visit, judged with what the walk says its probes came to. */
export type ProbedVisit = {
  step: number
  weight: number
  verdict: VerdictValue | null
  reason: string | null
  checks: { metric: string; canary: Counted; stable: Counted }[]
}

/** `reportedBy`: whose word it is. Nobody can read probes again. */
export type ReportedProbes = { reportedBy: 'walk'; visits: ProbedVisit[] }

/** The same visits judged with the probes beside the provider; null where the walk handed nothing on. */
export const judgeReported = async (
  plan: Plan,
  about: { digest: string; deployment: number },
  report: string,
  visits: readonly Visit[],
  provider: MetricsProvider,
  now: number,
  signal: AbortSignal,
): Promise<ReportedProbes | null> => {
  const names = probedChecks(plan.policy.metrics)
  const reported = names.length > 0 ? readProbeReport(report, about, names) : null
  const first = visits[0]?.movedAt
  if (!reported || first === undefined) return null
  const beside = besideReported(provider, reported, first)
  // Probes and provider end their intervals at different moments; each still speaks at the next of the other's.
  const lag = 1.5 * Math.max(plan.policy.rollout.look, 0.1)
  const found = await recompute(plan, visits, beside, now, signal, { lag })
  return {
    reportedBy: 'walk',
    visits: found.visits.map(({ step, weight, verdict, reason, from, to }) => ({
      step,
      weight,
      verdict,
      reason,
      checks: names.map((metric) => ({
        metric,
        ...countedOf(
          reported.filter((one) => one.metric === metric && one.to > from && one.to <= to + slack),
        ),
      })),
    })),
  }
}

/** Statuses tell the end of a visit in tenths of a second. */
const slack = 0.06

/** Before the first exposure only what lies whole in the asked time, as the walk had it; later what ended in it. */
const besideReported = (
  provider: MetricsProvider,
  reported: readonly Observation[],
  first: number,
): MetricsProvider => ({
  ...provider,
  range: async (from, to, ...rest) => {
    const look = await provider.range(from, to, ...rest)
    const past = to <= first
    const inside = reported.filter((one) =>
      past
        ? one.from >= from - slack && one.to <= to + slack
        : one.canary.length > 0 && one.to > from && one.to <= to + slack,
    )
    return { ...look, observations: [...look.observations, ...inside] }
  },
})

const countedOf = (observations: readonly Observation[]): { canary: Counted; stable: Counted } => {
  const arm = (name: 'canary' | 'stable'): Counted =>
    observations
      .flatMap((one) => one[name])
      .reduce(
        (sum, { total, events = 0 }) => ({ requests: sum.requests + total, errors: sum.errors + events }),
        { requests: 0, errors: 0 },
      )
  return { canary: arm('canary'), stable: arm('stable') }
}

/** What the page says of them. */
export const probesPage = (probes: ReportedProbes | null, names: readonly string[]): string[] => {
  if (names.length === 0) return []
  const which = names.map((name) => inline(name)).join(', ')
  if (!probes)
    return [
      '## Probes',
      `${which}: read from probes, which have no past. They are judged while a rollout walks; nothing of them is judged here.`,
    ]
  const rows = probes.visits.flatMap(({ weight, verdict, reason, checks }) =>
    checks.map(
      ({ metric, canary, stable }) =>
        `| ${weight} % | ${inline(metric)} | ${figures(canary)} | ${figures(stable)} | ${verdict ?? 'not judged'} | ${inline(reason ?? '', 80)} |`,
    ),
  )
  return [
    '## Probes, as the walk reported them',
    'Nobody can read them again: this is the word of the job that also ran the deployment, judged again with the provider beside it.',
    [
      '| traffic | check | bad new | bad stable | verdict with them | reason |',
      '|---|---|---|---|---|---|',
      ...rows,
    ].join('\n'),
  ]
}

const figures = ({ requests, errors }: Counted): string =>
  `${errors.toLocaleString('en-US')} of ${requests.toLocaleString('en-US')}`
