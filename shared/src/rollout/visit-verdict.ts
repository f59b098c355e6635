import { type MetricCriterion, observedBy } from '../verdict/criterion.ts'
import { needsNoStable } from '../verdict/metric-state.ts'
import { type Observation, requests } from '../verdict/observation.ts'
import type { Verdict, VerdictValue } from '../verdict/verdict.ts'

/** One look of a visit or a window, with what the judge said at it. */
export type JudgedLook = { at: number; observations: readonly Observation[]; verdict: Verdict }

/** What all looks come to, and the look that it rests on; null where nothing was compared. */
export type VisitVerdict = { verdict: VerdictValue | null; reason: string | null; look: Verdict | null }

/** Silence is judged by how long it lasts: these say at one look what the length of it decides. */
const silences = ['metric-vanished', 'no-traffic']

/**
 * What a walk would not have stopped at as healthy, however its looks fell. That the second look proves a little less is
 * none: evidence that was reached once holds, whenever one stops.
 */
const takesBack = [
  'evidence-against',
  'too-little-seen',
  'one-instance',
  'bad-data',
  'arms-swapped',
  'bucket-edges-differ',
  'warming-up',
  'canary-shrank',
]

/** Requests that were to come while none came: by chance that happens less than once in 140 times (e^-5). */
const missed = 5

/**
 * The verdict over all looks, oldest first. Harm at any look is harm. A window is healthy only if its last look is; a visit
 * that was `walked` if it was proven at any look and its end, where the walk stopped, does not take that back. Neither is
 * where an arm fell silent before the end.
 */
export const visitVerdict = (
  looks: readonly JudgedLook[],
  criteria: readonly MetricCriterion[],
  { weight, walked }: { weight: number; walked: boolean },
): VisitVerdict => {
  const harm = looks.find(({ verdict }) => verdict.verdict === 'unhealthy')
  if (harm) return answered(harm.verdict)
  if (weight >= 100) return { verdict: null, reason: null, look: null }
  const last = looks.at(-1)
  if (!last) return { verdict: 'inconclusive', reason: 'no-data', look: null }
  const proven = looks.findLast(({ verdict }) => verdict.verdict === 'healthy')
  if (!proven || proven === last) return answered(last.verdict)
  const silent = fellSilent(looks, criteria)
  if (silent) return answered(silence(last.verdict, silent))
  const end = looks.findLast(({ verdict }) => !silences.includes(verdict.reason)) ?? last
  if (end.verdict.verdict === 'healthy') return answered(end.verdict)
  return answered(walked && !takesBack.includes(end.verdict.reason) ? proven.verdict : end.verdict)
}

const answered = (look: Verdict): VisitVerdict => ({ verdict: look.verdict, reason: look.reason, look })

type Silence = { metric: string; arm: 'canary' | 'stable'; since: number }

/** The first required count of which an arm served nothing any more at the end, for longer than its own traffic explains. */
const fellSilent = (looks: readonly JudgedLook[], criteria: readonly MetricCriterion[]): Silence | null => {
  const all = looks.flatMap(({ observations }) => observations)
  for (const criterion of criteria) {
    if (!criterion.required || criterion.kind === 'value' || criterion.kind === 'health') continue
    const metric = observedBy(criterion)
    const own = all.filter((one) => one.metric === metric).sort((a, b) => a.to - b.to)
    const beside = !needsNoStable(criterion) && (criterion.baseline ?? 'stable') === 'stable'
    for (const arm of beside ? (['canary', 'stable'] as const) : (['canary'] as const)) {
      const since = silentSince(own, arm)
      if (since !== null) return { metric: criterion.metric, arm, since }
    }
  }
  return null
}

const silentSince = (own: readonly Observation[], arm: 'canary' | 'stable'): number | null => {
  const served = own.map((one) => one[arm].reduce((sum, sample) => sum + (requests(sample) || 0), 0))
  const at = served.findLastIndex((total) => total > 0)
  const [first, newest, last] = [own[0], own[at], own.at(-1)]
  if (!first || !newest || !last || newest === last) return null
  const rate = served.reduce((sum, total) => sum + total, 0) / (newest.to - first.from)
  return rate * (last.to - newest.to) >= missed ? newest.to : null
}

const silence = (look: Verdict, { metric, arm, since }: Silence): Verdict => {
  const detail = `${metric}: no requests on the ${arm} arm since ${new Date(since * 1000).toISOString()}, to the end`
  const open = { verdict: 'inconclusive', reason: 'no-traffic' } as const
  return {
    ...look,
    ...open,
    metric,
    words: `inconclusive: ${detail}`,
    metrics: look.metrics.map((one) => (one.metric === metric ? { ...one, ...open, detail } : one)),
  }
}
