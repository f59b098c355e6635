import { z } from 'zod'
import type { Plan } from '../plan/plan.ts'
import { type Figure, figureOf } from '../purpose/figure.ts'
import type { Seen } from '../purpose/measure-objective.ts'
import type { RecordEvent } from '../record/event.ts'
import { criteriaOf } from '../rollout/criteria.ts'
import { ladder } from '../rollout/ladder.ts'
import { cut } from '../text/visible.ts'
import { type MetricCriterion, observedBy } from '../verdict/criterion.ts'
import type { CriterionReview } from './review.ts'

type Known = Exclude<Figure, { unknown: string }>
type Outcome = CriterionReview['outcome']

const mostCriteria = 100

/** The criteria that a review looks at again: those of requests of users, which a provider can tell of the past. */
export const reviewedCriteria = ({ policy }: Pick<Plan, 'policy'>): MetricCriterion[] => {
  const rungs = ladder(policy.rollout).filter((rung) => rung.margin !== null)
  return criteriaOf(policy.metrics, rungs)
    .filter(({ kind, source }) => kind !== 'health' && source !== 'probes')
    .slice(0, mostCriteria)
}

/**
 * Holds each criterion of the rollout against what its metric did since the version is live (`now`), beside what the previous
 * version did for as long before the rollout (`before`). These are two times: a difference may be the times' own, and is
 * said, never acted on. What cannot be read, or lies within what chance may do, is inconclusive, never held.
 */
export const measureCriteria = (
  plan: Pick<Plan, 'policy'>,
  events: readonly RecordEvent[],
  now: Seen,
  before: Seen,
): CriterionReview[] =>
  reviewedCriteria(plan).map((criterion) => {
    const about = {
      metric: cut(criterion.metric, 200),
      written: cut(criterion.written ?? criterion.metric, 300),
      release: atRelease(events, criterion),
    }
    const [is, was] = [figure(plan, criterion, now), figure(plan, criterion, before)]
    const shown = { before: 'unknown' in was ? null : was.text, now: 'unknown' in is ? null : is.text }
    if ('unknown' in is) return { ...about, ...shown, outcome: 'inconclusive', why: cut(is.unknown, 300) }
    const outcome = worst(limited(criterion, is, was), compared(criterion, is, was))
    const without =
      criterion.margins.length > 0 && 'unknown' in was ? `; of the previous version: ${was.unknown}` : ''
    return { ...about, ...shown, outcome, why: cut(`${is.of}${without}`, 300) }
  })

const quantiles: Record<number, 'p50' | 'p95' | 'p99'> = { 0.5: 'p50', 0.95: 'p95', 0.99: 'p99' }

const figure = (
  { policy }: Pick<Plan, 'policy'>,
  criterion: MetricCriterion,
  { observations, missing }: Seen,
): Figure => {
  if (missing !== null) return { unknown: missing }
  const name = observedBy(criterion)
  const check = policy.metrics?.checks.find((one) => one.name === name)
  if (!check) return { unknown: `${name} is not in metrics.checks` }
  const quantile = quantiles[criterion.quantile ?? 0.99]
  if (criterion.kind === 'latency' && (!quantile || criterion.unit === 'share'))
    return { unknown: 'a share of slow requests is judged in the rollout only' }
  return figureOf(
    check,
    observations.filter(({ metric }) => metric === name),
    quantile ?? 'p99',
  )
}

/** Against a limit of its own; null where it has none. */
const limited = (
  { ceiling, ceilingTimes, direction }: MetricCriterion,
  is: Known,
  was: Figure,
): Outcome | null => {
  if (ceiling === undefined) return null
  if (direction === 'higher-is-better') return decide(is.low > ceiling, is.high <= ceiling)
  const far = ceilingTimes === undefined || 'unknown' in was || is.low >= ceilingTimes * was.high
  return decide(is.high < ceiling, is.low >= ceiling && far)
}

/** Against what the previous version did; null where nothing is compared. */
const compared = (
  { margins, unit, direction, kind }: MetricCriterion,
  is: Known,
  was: Figure,
): Outcome | null => {
  const margin = margins.at(-1)
  if (margin === undefined) return null
  if ('unknown' in was) return 'inconclusive'
  const share = (unit ?? (kind === 'ratio' ? 'share' : 'relative')) === 'share'
  if (direction === 'higher-is-better') {
    const least = (value: number) => (share ? value - margin : value * (1 - margin))
    return decide(is.low > least(was.high), is.high <= least(was.low))
  }
  const most = (value: number) => (share ? value + margin : value * (1 + margin))
  return decide(is.high < most(was.low), is.low >= most(was.high))
}

const decide = (held: boolean, broken: boolean): Outcome =>
  held ? 'held' : broken ? 'broken' : 'inconclusive'

const worst = (...outcomes: readonly (Outcome | null)[]): Outcome =>
  outcomes.includes('broken')
    ? 'broken'
    : outcomes.includes('held') && !outcomes.includes('inconclusive')
      ? 'held'
      : 'inconclusive'

const judged = z.object({
  weight: z.number(),
  evidence: z.object({ ratios: z.array(z.object({ metric: z.string(), logRatio: z.number() })) }),
})

/** What the last step that was judged says of a metric, as the provider had it. */
const atRelease = (events: readonly RecordEvent[], criterion: MetricCriterion): string | null => {
  const names = [criterion.metric, observedBy(criterion)]
  for (const { kind, data } of events.toReversed()) {
    const told = kind === 'verdict' ? judged.safeParse(data).data : undefined
    const found = told?.evidence.ratios.find(({ metric }) => names.includes(metric))
    if (told && found)
      return `${Number(Math.exp(found.logRatio).toPrecision(3))} × the version before, at ${told.weight} %`
  }
  return null
}
