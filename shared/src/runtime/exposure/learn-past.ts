import type { LearntSpread } from '../../baseline/learnt.ts'
import { learnTimes, pairObservations, timePairs } from '../../history/times.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Look, MetricsProvider } from '../../ports/metrics.ts'
import { judgeSettings } from '../../rollout/criteria.ts'
import { historySpan } from '../../rollout/history-span.ts'
import type { Rung } from '../../rollout/ladder.ts'
import type { JudgeSettings } from '../../verdict/settings.ts'

/** The noise is learnt from 120 to 240 intervals; more cost a provider much and teach little. */
const historyIntervals = 240
/** Times that are compared with each other are as long as a step, and no longer than this. */
const longestTime = 1800

type Past = { settings: JudgeSettings; look: Look }

/**
 * What the judge of a rollout learns before its first move at `movedAt`: the noise of the version that runs, from the
 * time before; and where checks are compared with another time, how much times differ, from the life of the previous
 * release. Whoever judges the rollout again learns the same from the same numbers.
 */
export const learnPast = async (
  { policy, learnt }: Pick<Plan, 'policy' | 'learnt'>,
  rungs: readonly Rung[],
  provider: MetricsProvider,
  movedAt: number,
  signal?: AbortSignal,
): Promise<Past> => {
  const seconds = Math.max(policy.rollout.look, 0.1)
  provider.anchor?.(movedAt)
  const length = Math.min(policy.rollout.history, historyIntervals * seconds)
  if (length < seconds)
    return {
      settings: judgeSettings(policy, rungs, [], learnt),
      look: { observations: [], down: null },
    }
  const look = await provider.range(...historySpan(movedAt, length, seconds), seconds, 0, signal)
  const plain = judgeSettings(policy, rungs, look.observations, learnt)
  const criteria = plain.criteria.filter(({ baseline }) => baseline === 'previous-release')
  const liveAt = learnt?.previousLiveAt ?? null
  if (criteria.length === 0 || liveAt === null || look.down !== null) return { settings: plain, look }
  const patience = Math.max(...rungs.flatMap((rung) => (rung.last ? [] : [rung.max])), 2 * seconds)
  const parts = Math.max(2, Math.floor(Math.min(patience, longestTime) / seconds))
  const times: LearntSpread[] = []
  const compared = []
  for (const pair of timePairs(liveAt, movedAt - seconds, parts * seconds)) {
    const early = await provider.range(...pair.early, seconds, 0, signal)
    const late = await provider.range(...pair.late, seconds, 0, signal)
    const down = early.down ?? late.down
    if (down !== null) return { settings: plain, look: { ...look, down } }
    compared.push(pairObservations(pair, early.observations, late.observations))
  }
  times.push(...learnTimes({ ...plain, criteria }, compared))
  return { settings: judgeSettings(policy, rungs, look.observations, learnt, times), look }
}
