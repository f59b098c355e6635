import type { Rung } from './ladder.ts'

/** A step's relative margin is at most this: twice the baseline, or a tenth of it left. */
const most = { 'lower-is-better': 1, 'higher-is-better': 0.9 }

/**
 * The margin of each step of a criterion whose margin is `promised`: what so much exposure can prove, down to the
 * criterion itself at the last step that is compared. In percentage points (`share`) the ladder's own margins say what a
 * step can prove; other units are as much wider at a step as its margin is wider than the last one's. No step is stricter
 * than the criterion.
 */
export const stepMargins = (
  promised: number,
  unit: 'share' | 'relative' | 'slower',
  direction: 'lower-is-better' | 'higher-is-better',
  rungs: readonly Rung[],
): number[] => {
  const points = rungs.flatMap(({ margin }) => (margin === null ? [] : [margin / 100]))
  const last = points.at(-1)
  if (last === undefined) return [promised]
  const margins = points.map((point) => {
    const wide = unit === 'share' ? point : Math.min(most[direction], (promised * point) / last)
    return Number(Math.max(promised, wide).toPrecision(9))
  })
  return [...margins.slice(0, -1), promised]
}
