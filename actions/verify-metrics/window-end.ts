import { checkProvider, type MetricsPolicy } from '@relman/core/config/metrics-policy'
import type { Plan } from '@relman/core/plan/plan'
import { ladder } from '@relman/core/rollout/ladder'
import { observedBy } from '@relman/core/verdict/criterion'
import { look } from '@relman/core/verdict/judge'
import type { Recomputed } from './recompute.ts'

/** One interval may be late and one may be lost. */
const intervals = 3

/**
 * A window that was proven, and whose numbers then ended, is not: what vanished says nothing of the rest of it. `now` in
 * Unix seconds. Numbers may end as much earlier as their provider tells late, and three of their intervals.
 */
export const atItsEnd = (plan: Plan, found: Recomputed, now: number): Recomputed => {
  const [visit] = found.visits
  const { judge } = found
  if (!visit || !judge || visit.verdict !== 'healthy') return found
  const newest = Math.max(now, judge.at ?? now)
  const end = Math.min(visit.to, newest)
  const observed = found.points.flatMap(({ observations }) => observations)
  const gone = judge.metrics.filter(({ criterion, seen }) => {
    const name = observedBy(criterion)
    const longest = observed.reduce(
      (most, one) => (one.metric === name ? Math.max(most, one.to - one.from) : most),
      0,
    )
    const late = delayOf(plan.policy.metrics, name)
    return criterion.required && seen !== null && end - seen > late + intervals * longest
  })
  if (gone.length === 0) return found
  const silent = new Set(gone.map(({ criterion }) => observedBy(criterion)))
  const waiting = judge.metrics
    .map(({ criterion }) => observedBy(criterion))
    .filter((one) => !silent.has(one))
  const last = ladder(plan.policy.rollout).find(({ step }) => step === visit.step + 1)?.last ?? true
  const standing = {
    index: visit.step,
    last,
    elapsedSeconds: end - visit.from,
    weight: visit.weight,
    waiting,
  }
  const { state, verdict } = look(judge, [], standing)
  const answer = { verdict: verdict.verdict, reason: verdict.reason }
  return {
    ...found,
    judge: state,
    last: verdict,
    visits: [{ ...visit, ...answer }],
    shown: found.shown.map((one) => ({ ...one, ...answer })),
  }
}

const delayOf = (policy: MetricsPolicy | undefined, name: string): number => {
  const check = policy?.checks.find((one) => one.name === name)
  const provider = policy && check ? checkProvider(policy, check) : null
  const settings = provider ? policy?.[provider] : undefined
  return settings && 'delay' in settings ? settings.delay + settings.interval : 0
}
