import type { Told } from './told-observations.ts'

/** Of each metric: what was told last, how long a piece it was, and how late it came. Seconds. */
export type Rhythm = Map<string, { to: number; length: number; late: number }>

/**
 * The checks of which a look at `at` holds nothing because nothing is due yet: their last piece is no older than two
 * pieces and the delay with which it came. Later than that, a metric that is silent has vanished.
 */
export const notDue = (rhythm: Rhythm, news: readonly Told[], at: number): string[] => {
  for (const { metric, from, to } of news) {
    const last = rhythm.get(metric)
    if (!last || to > last.to) rhythm.set(metric, { to, length: to - from, late: Math.max(0, at - to) })
  }
  const spoke = new Set(news.map(({ metric }) => metric))
  return [...rhythm]
    .filter(([metric, { to, length, late }]) => !spoke.has(metric) && at <= to + 2 * length + late)
    .map(([metric]) => metric)
}
