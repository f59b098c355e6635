import type { Observation, Sample } from '../verdict/observation.ts'

/** A time without a release. */
export type Quiet = { from: number; to: number }

/**
 * Times of `seconds` that no release touches, at most `most`, spread evenly over what is known; none overlaps another or
 * the history that it learns from (`before` seconds). A release touches what it could have changed: from `before` it to
 * `settled` seconds after.
 */
export const quietTimes = (
  releases: readonly number[],
  known: Quiet,
  { seconds, before, settled, most }: { seconds: number; before: number; settled: number; most: number },
): Quiet[] => {
  const times: Quiet[] = []
  let at = known.from + before
  const sorted = [...releases].sort((a, b) => a - b)
  while (at + seconds <= known.to) {
    const touching = sorted.find((release) => release - seconds < at && at < release + settled + before)
    if (touching === undefined) {
      times.push({ from: at, to: at + seconds })
      at += seconds + before
    } else at = touching + settled + before
  }
  if (times.length <= most) return times
  return Array.from(
    { length: most },
    (_, i) => times[Math.floor((i * times.length) / most)] ?? times[0],
  ).filter((time) => time !== undefined)
}

/** Beyond a quarter an arm is no canary any more. */
const largestShare = 4

/**
 * The observations of one version with some of its instances as if they were a new one: a release that changes nothing.
 * `turn` chooses which, so that every instance has its turn. Null where fewer than two instances served.
 */
export const splitInstances = (observations: readonly Observation[], turn: number): Observation[] | null => {
  const served = (sample: Sample) => sample.total > 0 || sample.value !== undefined
  const names = [
    ...new Set(observations.flatMap(({ stable }) => stable.filter(served).map(({ instance }) => instance))),
  ].sort()
  if (names.length < 2) return null
  const size = Math.max(1, Math.floor(names.length / largestShare))
  const chosen = new Set(Array.from({ length: size }, (_, i) => names[(turn * size + i) % names.length]))
  return observations.map((one) => ({
    ...one,
    canary: one.stable.filter(({ instance }) => chosen.has(instance)),
    stable: one.stable.filter(({ instance }) => !chosen.has(instance)),
  }))
}
