import type { Plan } from '@relman/core/plan/plan'
import type { MetricsProvider } from '@relman/core/ports/metrics'
import type { ChartPoint } from '@relman/core/rollout/chart'
import { byEnd, type Figures, observedShare, sumFigures, underWay } from '@relman/core/rollout/figures'
import { ladder } from '@relman/core/rollout/ladder'
import type { Visit } from '@relman/core/rollout/rollout-state'
import { mainMetric } from '@relman/core/rollout/tables'
import { visitVerdict } from '@relman/core/rollout/visit-verdict'
import { learnPast } from '@relman/core/runtime/exposure/learn-past'
import { armRatios } from '@relman/core/verdict/arm-spread'
import { type JudgeState, look, openJudge } from '@relman/core/verdict/judge'
import type { Verdict, VerdictValue } from '@relman/core/verdict/verdict'

type Counted = { requests: number; errors: number }

/** One visit, counted and judged again. `observed` is the share of requests that the canary served, 0 to 1. */
export type JudgedVisit = {
  step: number
  weight: number
  from: number
  to: number
  observed: number | null
  canary: Counted
  stable: Counted
  verdict: VerdictValue | null
  reason: string | null
  /** How the arms differed during this visit, per metric compared side by side: what a later release learns from. */
  ratios: { metric: string; logRatio: number; variance: number }[]
}

export type Recomputed = {
  visits: JudgedVisit[]
  shown: Visit[]
  points: ChartPoint[]
  last: Verdict | null
  judge: JudgeState | null
  down: string | null
  notes: string[]
}

/** Beginnings may be years ago by mistake or malice; intervals of any length are judged, and so many end in minutes. */
const mostLooks = 20_000

/**
 * The same judge over the same visits, fed from the range query; what the looks come to is `visitVerdict`'s to say: a
 * sequential test allows to look at all of them. `walked`: a walk ended the visits where it stopped; a window is judged to
 * its end. Health endpoints have no past; they are left out. At 100 % nothing is compared: the verdict is null unless harm
 * shows. `lag`: for so many seconds after its interval a metric still speaks, where not all intervals end together.
 */
export const recompute = async (
  plan: Plan,
  visits: readonly Visit[],
  provider: MetricsProvider,
  now: number,
  signal: AbortSignal,
  { walked = true, lag = 0 } = {},
): Promise<Recomputed> => {
  const { rollout, metrics } = plan.policy
  const rungs = ladder(rollout)
  const first = visits[0]?.movedAt ?? now
  const found: Recomputed = {
    visits: [],
    shown: [],
    points: [],
    last: null,
    judge: null,
    down: null,
    notes: [],
  }
  if (visits.length === 0) return found
  const seconds = Math.max(rollout.look, 0.1)
  // Health endpoints have no past.
  const policy = { ...plan.policy, metrics: metrics && { ...metrics, health: [] } }
  const past = await learnPast({ ...plan, policy }, rungs, provider, first, signal)
  let judge = openJudge(past.settings)
  const metric = mainMetric(metrics?.checks ?? [])
  found.down = past.look.down
  for (const visit of visits) {
    const { step, weight, movedAt } = visit
    const to = visit.endedAt ?? now
    // Whole intervals that end exactly with the visit: what it ended on is in the last of them.
    const parts = Math.min(mostLooks, Math.max(1, Math.round((to - movedAt) / seconds)))
    const answers = await provider.range(movedAt, to, (to - movedAt) / parts, weight, signal)
    found.down ??= answers.down
    found.notes.push(...(answers.notes ?? []))
    const before = judge
    const last = rungs.find((rung) => rung.step === step + 1)?.last ?? true
    const waiting = underWay(answers.observations)
    const looks = byEnd(answers.observations).map(([at, observations]) => {
      const standing = { index: step, last, elapsedSeconds: at - movedAt, weight, waiting: waiting(at, lag) }
      const answer = look(judge, observations, standing)
      judge = answer.state
      return { at, weight, observations, verdict: answer.verdict }
    })
    found.points.push(...looks)
    const criteria = judge.metrics.map(({ criterion }) => criterion)
    const { verdict, reason, look: decisive } = visitVerdict(looks, criteria, { weight, walked })
    // What a window says and what it shows are of one look.
    found.last = (walked ? null : decisive) ?? looks.at(-1)?.verdict ?? found.last
    const steady = answers.observations.filter(
      (one) => one.metric === metric && one.from >= (visit.confirmedAt ?? movedAt) - 0.001,
    )
    found.visits.push({
      step,
      weight,
      from: movedAt,
      to,
      ...counted(sumFigures(steady)),
      // Arms of two times say nothing about how traffic was divided.
      ...(isBeside(judge, metric) ? {} : { observed: null }),
      verdict,
      reason,
      ratios: weight < 100 ? ratiosOf(judge, before) : [],
    })
    found.shown.push({ ...visit, endedAt: to, verdict, reason })
  }
  found.judge = judge
  found.notes = [...new Set(found.notes)].slice(0, 20)
  return found
}

const isBeside = (judge: JudgeState, metric: string | null): boolean =>
  !judge.metrics.some(({ criterion }) => criterion.metric === metric && criterion.baseline)

const ratiosOf = (judge: JudgeState, before: JudgeState): JudgedVisit['ratios'] => {
  const beside = new Set(
    judge.metrics.filter(({ criterion }) => !criterion.baseline).map(({ criterion }) => criterion.metric),
  )
  const rounded = (value: number) => Number(value.toPrecision(4))
  return armRatios(judge, before)
    .filter(({ metric }) => beside.has(metric))
    .map(({ metric, logRatio, variance }) => ({
      metric,
      logRatio: rounded(logRatio),
      variance: rounded(variance),
    }))
}

const counted = (figures: Figures) => ({
  observed: observedShare(figures),
  canary: { requests: figures.canary.total, errors: figures.canary.events },
  stable: { requests: figures.stable.total, errors: figures.stable.events },
})
