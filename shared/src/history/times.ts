import type { LearntSpread } from '../baseline/learnt.ts'
import { armRatios, learnArmSpread } from '../verdict/arm-spread.ts'
import { look, openJudge } from '../verdict/judge.ts'
import type { Observation } from '../verdict/observation.ts'
import type { JudgeSettings } from '../verdict/settings.ts'

/** Two times of one version's life, half of what is known of it apart. */
export type TimePair = { early: [from: number, to: number]; late: [from: number, to: number] }

/** Pairs wanted, and the fewest that say anything (`learnArmSpread`). */
const pairs = 8
const fewest = 5

/**
 * The times of a version's life from `from` to `to` that are compared with each other to learn how much times differ:
 * windows of `seconds`, spread evenly, none in two pairs. Empty where the version did not live long enough for five.
 */
export const timePairs = (from: number, to: number, seconds: number): TimePair[] => {
  const fitting = Math.floor((to - from) / seconds / 2)
  const count = Math.min(pairs, fitting)
  if (!(count >= fewest)) return []
  const apart = (to - from - seconds) / (2 * count - 1)
  const window = (at: number): [number, number] => [from + at * apart, from + at * apart + seconds]
  return Array.from({ length: count }, (_, pair) => ({ early: window(pair), late: window(pair + count) }))
}

/** The late time as if it were a canary beside the early one. */
export const pairObservations = (
  { early: [early], late: [late] }: TimePair,
  earlyLooks: readonly Observation[],
  lateLooks: readonly Observation[],
): Observation[] => {
  const key = (metric: string, since: number) => `${metric}\n${Math.round(since * 1000)}`
  const before = new Map(earlyLooks.map((one) => [key(one.metric, one.to - early), one.stable]))
  return lateLooks.map((one) => ({
    ...one,
    weight: 50,
    canary: one.stable.map((sample) => ({ ...sample, instance: `${sample.instance}, late` })),
    stable: before.get(key(one.metric, one.to - late)) ?? [],
  }))
}

/**
 * How much one version differs from itself between two times: the spread with which a comparison with another time has
 * to reckon. Nothing changed between the times of a pair, so every difference is the times' own; outages count, because
 * the release that is judged can meet one too. The instances are the same at both times, so what lastingly sets them
 * apart cancels and is no part of what chance explains.
 */
export const learnTimes = (
  settings: JudgeSettings,
  compared: readonly (readonly Observation[])[],
): LearntSpread[] => {
  const entries = compared.flatMap((observations) => {
    let judge = openJudge(settings)
    const ends = [...new Set(observations.map(({ to }) => to))].sort((a, b) => a - b)
    for (const end of ends) {
      const now = observations.filter(({ to }) => to === end)
      judge = look(judge, now, { index: 0, last: false, elapsedSeconds: 0, weight: 50 }).state
    }
    return armRatios(judge, undefined, { paired: true })
  })
  return settings.criteria.flatMap(({ metric }) => {
    const own = entries.filter((entry) => entry.metric === metric)
    const spread = learnArmSpread(own)
    return spread === null ? [] : [{ metric, spread, releases: 0, steps: own.length }]
  })
}
