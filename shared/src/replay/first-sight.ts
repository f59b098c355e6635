/** Points of a search over a long time; far fewer than any provider refuses. */
const points = 1000
/** A search over a long time looks no finer than this, in seconds. */
const finest = 60

/** Moments, in Unix seconds, at which something was there; asked for from `from` to `to`, every `step` seconds. */
export type Search = (from: number, to: number, step: number) => Promise<readonly number[]>

/** How far apart a search over a long time looks, in seconds. */
export const searchStep = (from: number, to: number): number =>
  Math.max(finest, Math.ceil((to - from) / points))

/**
 * The second in which something was first seen; null when it never was. A search over the whole time finds where to look,
 * a second one looks at every second there: what was counted before the first sight is the version's before it.
 */
export const firstSight = async (search: Search, from: number, to: number): Promise<number | null> => {
  const step = searchStep(from, to)
  const [coarse] = [...(await search(from, to, step))].sort((a, b) => a - b)
  if (coarse === undefined) return null
  const [exact = coarse] = [...(await search(Math.max(from, coarse - step), coarse, 1))].sort((a, b) => a - b)
  return exact
}
