import { byEnd } from '../rollout/figures.ts'
import type { Rung } from '../rollout/ladder.ts'
import { look, openJudge } from '../verdict/judge.ts'
import type { Observation } from '../verdict/observation.ts'
import type { JudgeSettings } from '../verdict/settings.ts'
import type { Verdict, VerdictValue } from '../verdict/verdict.ts'

/** What the criteria say of a range of looks. `seconds`: after the new version was first seen; null when undecided. */
export type Said = {
  verdict: VerdictValue
  reason: string
  metric: string | null
  seconds: number | null
  words: string
  /** Looks at which both arms served requests. */
  compared: number
}

/** The rung whose weight a share of the traffic (in percent) has reached; between two, the lower one. */
export const rungOf = (rungs: readonly Rung[], share: number): { index: number; last: boolean } => {
  const below = rungs.filter(({ weight }) => weight < 100)
  const index = Math.max(0, below.filter(({ weight }) => weight <= share + 1e-9).length - 1)
  return { index, last: index === below.length - 1 }
}

const totals = (observations: readonly Observation[]) => {
  const [sums = { canary: 0, stable: 0 }] = observations
    .filter(({ kind }) => kind !== 'value' && kind !== 'health')
    .map(({ canary, stable }) => ({
      canary: canary.reduce((sum, { total }) => sum + total, 0),
      stable: stable.reduce((sum, { total }) => sum + total, 0),
    }))
  return sums
}

/**
 * Judges looks as a rollout would have: unhealthy at the first look that returns it, else healthy at the first that proves
 * the margin of the highest step that was reached, else inconclusive. The step is taken from the share of the traffic
 * that the new version had, unless `step` fixes it.
 */
export const judgeRange = (
  observations: readonly Observation[],
  settings: JudgeSettings,
  rungs: readonly Rung[],
  step?: { index: number; last: boolean },
): Said => {
  let judge = openJudge(settings)
  let began: number | null = null
  let entered = { index: -1, last: false, at: 0 }
  let compared = 0
  let highest = -1
  let last: Verdict | null = null
  let proven: Said | null = null
  const said = (verdict: Verdict, at: number | null): Said => ({
    verdict: verdict.verdict,
    reason: verdict.reason,
    metric: verdict.metric ?? null,
    seconds: at === null || began === null ? null : at - began,
    words: verdict.words,
    compared,
  })
  for (const [at, now] of byEnd(observations)) {
    const { canary, stable } = totals(now)
    if (canary > 0) began ??= now[0]?.from ?? at
    if (began === null) continue
    if (canary > 0 && stable > 0) compared += 1
    const share = canary + stable > 0 ? (100 * canary) / (canary + stable) : 0
    // All traffic on the new version is no step that compares: it takes nothing back, and only harm still counts.
    const alone = step === undefined && compared > 0 && canary > 0 && stable === 0
    const where = step ?? (alone ? { index: entered.index, last: entered.last } : rungOf(rungs, share))
    if (where.index !== entered.index) entered = { ...where, at: now[0]?.from ?? at }
    if (where.index > highest) {
      highest = where.index
      proven = null
    }
    const looked = { ...where, weight: share, elapsedSeconds: at - entered.at }
    const answer = look(
      judge,
      now.map((one) => ({ ...one, weight: 50 })),
      looked,
    )
    judge = answer.state
    if (answer.verdict.verdict === 'unhealthy') return said(answer.verdict, at)
    if (alone) continue
    last = answer.verdict
    if (last.verdict === 'healthy' && where.index === highest) proven ??= said(last, at)
  }
  if (proven) return { ...proven, compared }
  if (!last) return { ...nothing, compared }
  const open = said(last, null)
  return open.verdict === 'healthy' ? { ...open, verdict: 'inconclusive', reason: 'not-proven-yet' } : open
}

const nothing: Said = {
  verdict: 'inconclusive',
  reason: 'no-data',
  metric: null,
  seconds: null,
  words: 'inconclusive: the provider knows nothing of this time',
  compared: 0,
}
